//! A user's own timers by the day of their first start (`created_at`): pages of them, newest first, and the time of each
//! day, which is computed without reading the timers. Days are those of the reader's timezone, UTC by default.

use super::{
    Timers,
    tags::{TagMode, Tags},
    visible::links,
};
use crate::{
    clock,
    paging::{Page, PageRequest, TimeKey},
    service::sharing::{Access, Reader, ResourceId},
    store::{
        Conn, StoreError, schedules,
        text_pattern::TextPattern,
        timer_totals,
        timers::{self, Filter},
        todos,
    },
};
use chrono::{Days, NaiveDate};
use protocol::{
    id::{ScheduleId, TimerId, TodoId, UserId},
    limits,
    rest::{HistoryPage, HistoryQuery, HistoryTimer, TimerTotals},
    time::{DayRange, Timestamp, Zone, start_of},
    timers::Timer,
};
use std::collections::{HashMap, HashSet};

/// The maximum number of timers of a page.
pub const PAGE_TIMERS: usize = 100;
/// How long before a window a timer that is over may have begun to be found in it, in milliseconds.
const LONGEST: i64 = 2 * 24 * 60 * 60 * 1000;

/// The filter of a query, with its days in a zone. Of more text or tags than REST accepts, the first ones count.
pub fn filter(query: &HistoryQuery, zone: Option<&Zone>) -> Filter {
    let next = |day: NaiveDate| day.checked_add_days(Days::new(1)).unwrap_or(day);
    let text: String = query.text.chars().take(limits::SEARCH_CHARS).collect();
    Filter {
        statuses: query.statuses.clone(),
        schedule_id: query.schedule_id,
        todo_id: query.todo_id,
        created_from: query.from.map(|day| start_of(day.0, zone)),
        created_before: query.to.map(|day| start_of(next(day.0), zone)),
        tag_ids: query.tag_ids.iter().take(limits::LIST_ENTRIES).copied().collect(),
        text: TextPattern::new(&text),
        ..Filter::default()
    }
}

impl Timers {
    /// A page of at most [`PAGE_TIMERS`] timers that match, newest first, with their tags (own and inherited ones) and the
    /// titles of their links. The number of statements does not depend on that of the timers.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn history(
        &self,
        user: &UserId,
        filter: &Filter,
        page: PageRequest<TimeKey>,
    ) -> Result<HistoryPage, StoreError> {
        self.store
            .read_for(user, async |conn| read_page(conn, user, filter, page).await)
            .await
    }

    /// The timers that may have run in a window: those that are active or began in it, and those that began at most two
    /// days before it; newest first, at most `limit` of those that are over.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn within(
        &self,
        user: &UserId,
        (from, until): (Timestamp, Timestamp),
        limit: usize,
    ) -> Result<Vec<Timer>, StoreError> {
        let filter = Filter {
            created_from: Some(from.plus_millis(-LONGEST)),
            created_before: Some(until),
            ..Filter::default()
        };
        let page = PageRequest::<TimeKey> {
            limit,
            ..PageRequest::default()
        };
        self.store
            .read_for(user, async |conn| {
                let mut found = timers::list(conn, user, &filter, None, &mut page.room()).await?;
                let known: HashSet<TimerId> = found.iter().map(|timer| timer.id).collect();
                let active = timers::active(conn, user, None, &mut page.room()).await?;
                found.extend(active.into_iter().filter(|timer| !known.contains(&timer.id)));
                Ok(found)
            })
            .await
    }

    /// The time and the number of the timers that match, in total and by day. One statement, which reads no histories.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn totals(
        &self,
        user: &UserId,
        filter: &Filter,
        days: &DayRange,
        zone: Option<&Zone>,
    ) -> Result<TimerTotals, StoreError> {
        let now = clock::now();
        let days = self
            .store
            .query_for(user, async |conn| {
                timer_totals::by_day(conn, user, filter, (days, zone), now).await
            })
            .await?;
        Ok(days.into_iter().collect())
    }
}

async fn read_page(
    conn: &mut Conn,
    user: &UserId,
    filter: &Filter,
    page: PageRequest<TimeKey>,
) -> Result<HistoryPage, StoreError> {
    let page = PageRequest {
        limit: page.limit.min(PAGE_TIMERS),
        ..page
    };
    let mut room = page.room();
    let items = timers::list(conn, user, filter, page.after.as_ref(), &mut room).await?;
    let has_more = room.is_full();
    let page = Page { items, has_more };
    Ok(HistoryPage {
        next: page.cursor(),
        timers: with_links(conn, user, page.items).await?,
        now: clock::now(),
    })
}

/// Adds tags and titles of links to timers of the user, all of whose resources are the user's own.
async fn with_links(conn: &mut Conn, user: &UserId, timers: Vec<Timer>) -> Result<Vec<HistoryTimer>, StoreError> {
    let reader = Reader {
        user: user.clone(),
        email: None,
    };
    let access = timers
        .iter()
        .map(|timer| (timer.id, Access::Owner { level: None }))
        .collect();
    let mut tags = Tags::load(conn, &reader, &timers, &access, TagMode::Inherit).await?;
    let ids: Vec<ScheduleId> = linked(&timers, |timer| timer.schedule_id);
    let schedules = schedules::find_all(conn, &ids).await?.into_iter();
    let schedules: HashMap<ScheduleId, String> = schedules.map(|one| (one.id, one.title)).collect();
    let ids: Vec<TodoId> = linked(&timers, |timer| timer.todo_id);
    let todos = todos::find_all(conn, &ids).await?.into_iter();
    let todos: HashMap<TodoId, String> = todos.map(|one| (one.id, one.title)).collect();
    let with_links = timers.into_iter().map(|mut timer| {
        timer.tags = tags.of(&timer);
        HistoryTimer {
            schedule_title: timer.schedule_id.and_then(|id| schedules.get(&id).cloned()),
            todo_title: timer.todo_id.and_then(|id| todos.get(&id).cloned()),
            timer,
        }
    });
    Ok(with_links.collect())
}

fn linked<I: ResourceId>(timers: &[Timer], link: impl Fn(&Timer) -> Option<I>) -> Vec<I> {
    links(timers, link).into_iter().map(|(id, _)| id).collect()
}

#[cfg(test)]
mod tests;
