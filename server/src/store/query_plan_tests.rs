//! Query plans: every filter finds its rows by an index, so that no user's read scans a whole table.

use super::{
    Conn, StoreError, accounts, blocks, command_replies,
    command_replies::CommandKey,
    events, friends_timers, friendships, invitations, notifications, resources, schedule_exceptions, schedules,
    sessions, tag_groups, tagged, tags,
    test_recorder::StatementRecorder,
    testing,
    text_pattern::TextPattern,
    timer_history,
    timer_links::{self, LinkedTo},
    timer_totals, timers, todos, usage, user_contents, users, visibilities,
};
use crate::paging::{PageRequest, TimeKey};
use protocol::{
    id::{NotificationId, ScheduleId, TagGroupId, TagId, TimerId, TodoId, UserId},
    sharing::{Reader, ResourceKind},
    time::{DayRange, Timestamp, Zone},
    timers::TimerStatus,
};
use sqlx::{AssertSqlSafe, Row as _};
use uuid::Uuid;

/// Filters of timers: each condition alone, and all together.
fn filters(schedule: ScheduleId, todo: TodoId, tag: TagId) -> Vec<timers::Filter> {
    let none = timers::Filter::default();
    let all = timers::Filter {
        statuses: vec![TimerStatus::Running, TimerStatus::Completed],
        link: Some(timers::Link::Todo),
        schedule_id: Some(schedule),
        todo_id: Some(todo),
        started_from: Some(Timestamp::from_millis(0)),
        started_until: Some(Timestamp::from_millis(0)),
        created_from: Some(Timestamp::from_millis(0)),
        created_before: Some(Timestamp::from_millis(0)),
        tag_ids: vec![tag, tag],
        text: TextPattern::new("deep"),
    };
    vec![
        timers::Filter {
            statuses: all.statuses.clone(),
            ..none.clone()
        },
        timers::Filter {
            link: Some(timers::Link::Independent),
            ..none.clone()
        },
        timers::Filter {
            schedule_id: all.schedule_id,
            ..none.clone()
        },
        timers::Filter {
            todo_id: all.todo_id,
            ..none.clone()
        },
        timers::Filter {
            started_from: all.started_from,
            started_until: all.started_until,
            ..none.clone()
        },
        timers::Filter {
            created_from: all.created_from,
            created_before: all.created_before,
            ..none.clone()
        },
        timers::Filter {
            tag_ids: all.tag_ids.clone(),
            ..none.clone()
        },
        timers::Filter {
            text: all.text.clone(),
            ..none
        },
        all,
    ]
}

/// Runs all reads with all filters.
async fn read_all(conn: &mut Conn) -> Result<(), StoreError> {
    let (user, other): (UserId, UserId) = ("ada".into(), "eve".into());
    let (id, at) = (Uuid::now_v7(), Timestamp::from_millis(0));
    let (timer, schedule, todo, tag, group) = (TimerId(id), ScheduleId(id), TodoId(id), TagId(id), TagGroupId(id));
    let reader = Reader {
        user: user.clone(),
        email: Some("ada@example.com".into()),
    };

    let day = |text: &str| text.parse().unwrap();
    let days = DayRange::new(day("2026-01-01"), day("2026-12-31")).unwrap();
    let berlin: Zone = "Europe/Berlin".parse().unwrap();
    let room = &mut PageRequest::<TimeKey>::default().room();
    timers::find(conn, timer).await?;
    timers::places(conn, &[timer]).await?;
    let (of_schedule, of_todo) = (LinkedTo::Schedule(schedule), LinkedTo::Todo(todo));
    timer_links::active(conn, &user, of_schedule).await?;
    timer_links::active(conn, &user, of_todo).await?;
    schedules::shown_of_todos(conn, &[todo]).await?;
    tags::shown_of_groups(conn, &[group]).await?;
    tagged::with_tag::<TodoId>(conn, tag).await?;
    timers::list(conn, &user, &timers::Filter::default(), None, room).await?;
    for filter in filters(schedule, todo, tag) {
        timers::list(conn, &user, &filter, None, room).await?;
        timer_totals::by_day(conn, &user, &filter, (&days, Some(&berlin)), at).await?;
    }
    timer_totals::by_todo(conn, &user, at).await?;
    timer_totals::by_tag(conn, &user, (at, at), at).await?;
    timers::active(conn, &user, None, room).await?;
    timers::ended_since(conn, &user, at, room).await?;
    timer_links::list(conn, &user, of_schedule, None, room).await?;
    timer_links::list(conn, &user, of_todo, None, room).await?;
    timer_history::find(conn, &[timer]).await?;
    let named = timer_links::DeletionSet {
        schedules: vec![schedule],
        todos: vec![todo],
        tags: vec![tag],
    };
    timer_links::naming(conn, &named).await?;
    friends_timers::active(conn, &[&user, &other]).await?;
    let stream = hub::StreamId::new(hub::Scope::new("timers"), "ada");
    events::head(conn, &stream).await?;
    events::heads(conn, std::slice::from_ref(&stream)).await?;
    events::since(conn, &stream, 1).await?;
    events::size_since(conn, &stream, 0).await?;
    let key = CommandKey {
        user: user.clone(),
        protocol: "timers",
        command: "1".into(),
    };
    command_replies::find(conn, "timers", &[(key, stream.clone())]).await?;

    schedules::find(conn, schedule).await?;
    schedules::around(conn, &user, at, at).await?;
    schedules::of_todos(conn, &[todo]).await?;
    schedules::owned(conn, &user, &[schedule]).await?;
    schedules::outlines_around(conn, &user, at, at).await?;
    schedules::outlines(conn, &[schedule]).await?;
    schedule_exceptions::counts(conn, &[schedule]).await?;
    schedule_exceptions::outlines(conn, &[schedule]).await?;
    schedule_exceptions::find_all(conn, &[id]).await?;
    todos::find(conn, todo).await?;
    todos::places(conn, &user).await?;
    todos::places_of(conn, &[todo]).await?;
    if let Some(text) = TextPattern::new("a") {
        todos::with_text(conn, &user, &text).await?;
    }
    todos::of_group(conn, group).await?;
    todos::count_by_group(conn, &user).await?;
    todos::owners(conn, &[todo]).await?;
    tags::find(conn, &user, tag).await?;
    tags::named(conn, group, "deep").await?;
    tags::list(conn, &user, None, room).await?;
    tags::ids_of_group(conn, group).await?;
    tag_groups::find(conn, &user, group).await?;
    tag_groups::list(conn, &user, None, room).await?;
    tag_groups::goals(conn, &user).await?;
    tags::names(conn, &user).await?;
    tags::find_all(conn, &[tag]).await?;
    tagged::tag_ids_of(conn, &[schedule]).await?;
    tagged::tags_of(conn, &[timer]).await?;
    tagged::shown_tags_of(conn, &[todo]).await?;
    tagged::shown_within_todos(conn, &[schedule]).await?;
    tagged::todos_by_tag(conn, &user, Some(group)).await?;
    todos::count(conn, &user, Some(group)).await?;
    tagged::tags_of(conn, &[schedule]).await?;
    tagged::tags_of(conn, &[todo]).await?;
    user_contents::of(conn, &user, &stream).await?;

    users::find(conn, &user).await?;
    users::names(conn, &[user.clone(), other.clone()]).await?;
    users::with_code(conn, "code").await?;
    users::with_email(conn, "ada@example.com").await?;
    accounts::find(conn, "ada@example.com").await?;
    sessions::find_token(conn, "hash").await?;
    sessions::of_user(conn, &user).await?;
    sessions::of_family(conn, "hash").await?;
    sessions::live(conn, &[id], at).await?;
    sessions::forget_used_tokens(conn, id, at).await?;
    sessions::forget_old_tokens(conn, at).await?;
    invitations::is_good(conn, "hash", at).await?;
    friendships::find(conn, id).await?;
    friendships::between(conn, &user, &other).await?;
    friendships::accepted(conn, &user).await?;
    blocks::find(conn, &user, &other).await?;
    blocks::made_by(conn, &user, 100).await?;
    blocks::of(conn, &user).await?;
    friendships::pending(conn, &user).await?;
    friendships::friends(conn, &user, None, room).await?;
    friendships::received(conn, &user, None, room).await?;
    friendships::sent(conn, &user, None, room).await?;
    for is_unread in [false, true] {
        notifications::list(conn, &user, is_unread, None, room).await?;
    }
    notifications::unread(conn, &user).await?;
    notifications::find(conn, &user, NotificationId(id)).await?;
    notifications::settings(conn, &user).await?;
    users::with_emails(conn, &["ada@example.com".to_owned()]).await?;
    for kind in [ResourceKind::Schedule, ResourceKind::Timer, ResourceKind::Todo] {
        resources::owner(conn, kind, id).await?;
    }
    visibilities::find(conn, ResourceKind::Timer, id).await?;
    visibilities::shared_with_friends(conn, &user).await?;
    visibilities::shared_with_each(conn, &user, std::slice::from_ref(&other)).await?;
    visibilities::known(conn, &reader, &[timer]).await?;
    visibilities::shared_with::<TimerId>(conn, &reader).await?;
    visibilities::count_entries(conn, &user).await?;
    usage::of(conn, &[&user]).await?;
    visibilities::unlist(conn, &user, &other).await?;

    // Housekeeping finds rows by their age.
    command_replies::forget(conn, at).await?;
    events::longer_than(conn, 0, None, 1).await?;
    events::forget(conn, "timers:ada", 1_000, at).await?;
    sessions::delete_expired(conn, at).await?;
    Ok(())
}

/// SQLite's query plan of a statement, one line per step.
async fn plan(conn: &mut Conn, statement: &str) -> Vec<String> {
    let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")))
        .fetch_all(conn)
        .await
        .unwrap();
    rows.iter().map(|row| row.get("detail")).collect()
}

#[tokio::test]
async fn every_read_uses_an_index() {
    let (_store, database) = testing::store().await;
    if !database.url.starts_with("sqlite:") {
        // PostgreSQL's plans depend on the size of the tables, and these are empty.
        return;
    }
    let mut recorded = StatementRecorder::connect(&database).await;
    read_all(&mut recorded.conn).await.unwrap();
    let statements = recorded.statements().await;
    assert!(statements.len() > 50, "{}: {statements:#?}", statements.len());
    for statement in statements {
        let plan = plan(&mut recorded.conn, &statement).await;
        // `asked` are the values of the statement itself, `newest` and `public` what a LIMIT within it leaves,
        // `ranked`, `shown` and `(subquery-…)` the rows of a window, which an index found.
        let bounded = [
            "asked",
            "CONSTANT ROW",
            "newest",
            "public",
            "ranked",
            "shown",
            "(subquery-",
        ];
        let is_bounded =
            |rows: &str| bounded.iter().any(|known| rows.starts_with(known)) || rows.ends_with("-ROW VALUES CLAUSE");
        let scan = plan
            .iter()
            .find(|step| step.strip_prefix("SCAN ").is_some_and(|rows| !is_bounded(rows)));
        assert!(scan.is_none(), "{scan:?}\n{statement}\n{plan:#?}");
    }
}
