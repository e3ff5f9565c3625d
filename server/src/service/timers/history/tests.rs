//! Histories of a seeded account.

use super::*;
use crate::{
    paging::decode_cursor,
    seed,
    service::effects,
    store::{Store, accounts, test_recorder::StatementRecorder, testing},
};
use protocol::rest::input::Date;
use std::collections::{BTreeMap, HashSet};
use testing::TestDatabase;

const EMAIL: &str = "ada@example.com";

async fn seeded() -> (Store, TestDatabase, UserId) {
    let (store, database) = testing::store().await;
    let options = seed::Options {
        email: EMAIL.to_owned(),
        small: true,
        ..seed::Options::default()
    };
    seed::fill(&store, &options).await.unwrap();
    let account = store
        .query(async |conn| accounts::find(conn, EMAIL).await)
        .await
        .unwrap();
    (store, database, account.unwrap().0.id)
}

fn timers_of(store: &Store) -> Timers {
    let publisher = effects::testing::publisher(store, &effects::testing::hub(store));
    Timers::new(store.clone(), publisher)
}

async fn all(timers: &Timers, user: &UserId, filter: &Filter) -> Vec<HistoryTimer> {
    let (mut found, mut page) = (Vec::new(), PageRequest::default());
    loop {
        let mut next = timers.history(user, filter, page).await.unwrap();
        assert!(next.timers.len() <= PAGE_TIMERS);
        found.append(&mut next.timers);
        match next.next {
            Some(cursor) => {
                page = PageRequest {
                    after: Some(decode_cursor(&cursor).unwrap()),
                    ..PageRequest::default()
                }
            }
            None => return found,
        }
    }
}

#[tokio::test]
async fn pages_and_totals_of_a_filter_contain_the_same_timers() {
    let (store, _database, user) = seeded().await;
    let (timers, seoul): (_, Zone) = (timers_of(&store), "Asia/Seoul".parse().unwrap());
    let whole = all(&timers, &user, &Filter::default()).await;
    assert_eq!(whole.len(), 1_000);
    assert!(whole.is_sorted_by_key(|one| std::cmp::Reverse(one.timer.created_at)));
    let ids: HashSet<_> = whole.iter().map(|one| one.timer.id).collect();
    assert_eq!(ids.len(), 1_000, "no timer is on two pages");

    let today = whole[0].timer.created_at.floating(Some(&seoul)).to_utc().date_naive();
    let days = DayRange::newest(None, today);
    let linked = whole
        .iter()
        .find(|one| one.timer.schedule_id.is_none() && one.todo_title.is_some() && !one.timer.tags.is_empty());
    let linked = linked.unwrap().timer.clone();
    for query in [
        HistoryQuery::default(),
        HistoryQuery {
            text: "REPORT".to_owned(),
            ..HistoryQuery::default()
        },
        HistoryQuery {
            text: "보고서".to_owned(),
            ..HistoryQuery::default()
        },
        HistoryQuery {
            tag_ids: vec![linked.tags[0].id],
            ..HistoryQuery::default()
        },
        HistoryQuery {
            todo_id: linked.todo_id,
            ..HistoryQuery::default()
        },
        HistoryQuery {
            statuses: vec![protocol::timers::TimerStatus::Cancelled],
            ..HistoryQuery::default()
        },
    ] {
        let query = HistoryQuery {
            from: Some(Date(days.first())),
            to: Some(Date(days.last())),
            ..query
        };
        let filter = filter(&query, Some(&seoul));
        let found = all(&timers, &user, &filter).await;
        assert!(!found.is_empty(), "{query:?}");
        assert!(
            found
                .iter()
                .all(|one| one.timer.todo_id.is_some() == one.todo_title.is_some())
        );
        assert!(
            found
                .iter()
                .all(|one| one.timer.schedule_id.is_some() == one.schedule_title.is_some())
        );
        let mut by_day: BTreeMap<String, i64> = BTreeMap::new();
        for one in &found {
            *by_day
                .entry(one.timer.created_at.floating(Some(&seoul)).iso_date())
                .or_default() += 1;
        }
        let totals = timers.totals(&user, &filter, &days, Some(&seoul)).await.unwrap();
        let counts = totals.days.iter().map(|day| (day.date.clone(), day.count)).collect();
        assert_eq!((totals.count, by_day), (found.len() as i64, counts), "{query:?}");
        let ended = found.iter().filter(|one| !one.timer.status.is_active());
        let ended: i64 = ended.map(|one| one.timer.elapsed_millis / 1000).sum();
        assert!((ended..ended + 3_600).contains(&totals.seconds), "{query:?}");
    }
    let tag = linked.tags[0].id;
    let with_tag = filter(
        &HistoryQuery {
            tag_ids: vec![tag],
            ..HistoryQuery::default()
        },
        None,
    );
    let expected = whole
        .iter()
        .filter(|one| one.timer.tags.iter().any(|own| own.id == tag));
    let expected: Vec<_> = expected.map(|one| one.timer.id).collect();
    let found: Vec<_> = all(&timers, &user, &with_tag)
        .await
        .iter()
        .map(|one| one.timer.id)
        .collect();
    assert_eq!(
        found, expected,
        "the filter finds the timers that are shown with the tag"
    );
}

#[tokio::test]
async fn a_page_needs_as_many_statements_for_a_hundred_timers_as_for_twenty() {
    let (_store, database, user) = seeded().await;
    let mut recorded = StatementRecorder::connect(&database).await;
    let mut counts = Vec::new();
    for limit in [20, PAGE_TIMERS] {
        let page = PageRequest {
            limit,
            ..PageRequest::default()
        };
        let page = read_page(&mut recorded.conn, &user, &Filter::default(), page)
            .await
            .unwrap();
        assert_eq!(page.timers.len(), limit);
        counts.push(recorded.statements().await.len());
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0] <= 8, "{counts:?}");
}
