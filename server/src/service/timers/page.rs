//! The data of the timers page, all of it the reader's own: timers, and the resources that they can be linked to.

use super::{Timers, tags};
use crate::{
    clock,
    paging::{self, Listed, NameKey, PageRequest, TimeKey},
    service::streams,
    store::{self, Conn, StoreError, schedules, timers, todos, user_contents},
};
use protocol::{
    id::{ScheduleId, TodoId, UserId},
    schedule::{Schedule, ScheduleState},
    tag::Tag,
    time::Timestamp,
    timers::Timer,
    todo::{Todo, TodoStatus},
};
use std::{cmp::Reverse, collections::HashSet};

/// Schedules are offered if they ended at most this long ago, and begin within this, in milliseconds.
const OFFERED_AFTER: i64 = 12 * 60 * 60 * 1000;
const OFFERED_BEFORE: i64 = 14 * 24 * 60 * 60 * 1000;
/// The maximum number of offered schedules, and of offered todos.
const OFFERED: usize = 100;

/// The data of the page at one moment.
#[derive(Clone, Debug)]
pub struct Page {
    /// The active timers and those that ended since the given instant, newest first; only the newest if there are more
    /// than a page of a list.
    pub timers: Vec<Timer>,
    /// The cursor of the active timers that are not contained.
    pub next_active: Option<String>,
    /// Whether there are more ended timers than are contained.
    pub has_more_ended: bool,
    /// All tags, ordered by name.
    pub tags: Vec<Tag>,
    /// The schedules that timers are linked to, and the offered ones, ordered by start.
    pub schedules: Vec<LinkChoice<Schedule>>,
    /// The todos that timers are linked to, and the offered ones, in the order of lists.
    pub todos: Vec<LinkChoice<Todo>>,
    /// The newest event that is contained.
    pub seq: u64,
    /// When this was read.
    pub now: Timestamp,
}

/// A resource that a timer may be linked to.
#[derive(Clone, Debug)]
pub struct LinkChoice<T> {
    pub value: T,
    /// Whether it is offered to new timers: it is not over or done.
    pub open: bool,
}

impl Timers {
    /// Reads the data of the timers page.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn page(&self, user: &UserId, ended_since: Timestamp) -> Result<Page, StoreError> {
        self.store
            .read_for(user, async |conn| page(conn, user, ended_since, clock::now()).await)
            .await
    }
}

async fn page(conn: &mut Conn, user: &UserId, ended_since: Timestamp, now: Timestamp) -> Result<Page, StoreError> {
    let mut room = PageRequest::<TimeKey>::default().room();
    let active = paging::Page {
        items: timers::active(conn, user, None, &mut room).await?,
        has_more: room.is_full(),
    };
    let next_active = active.cursor();
    let mut timers = active.items;
    if !room.is_full() {
        timers.append(&mut timers::ended_since(conn, user, ended_since, &mut room).await?);
        timers.sort_by_key(|timer| Reverse(timer.key()));
    }
    let owned = user_contents::of(conn, user, &streams::timers_of(user)).await?;
    let mut page = Page {
        timers,
        next_active,
        has_more_ended: room.is_full(),
        tags: Vec::new(),
        schedules: Vec::new(),
        todos: Vec::new(),
        seq: owned.seq,
        now,
    };
    if owned.tags {
        page.tags = store::tags::list(conn, user, None, &mut PageRequest::<NameKey>::default().room()).await?;
        tags::add_own(conn, &mut page.timers).await?;
    }
    if owned.schedules {
        page.schedules = schedules(conn, user, &page.timers, now).await?;
    }
    if owned.todos {
        page.todos = todos(conn, user, &page.timers).await?;
    }
    Ok(page)
}

async fn schedules(
    conn: &mut Conn,
    user: &UserId,
    timers: &[Timer],
    now: Timestamp,
) -> Result<Vec<LinkChoice<Schedule>>, StoreError> {
    let (from, until) = (now.plus_millis(-OFFERED_AFTER), now.plus_millis(OFFERED_BEFORE));
    let mut offered = schedules::around(conn, user, from, until).await?;
    offered.retain(|schedule| schedule.state != ScheduleState::Cancelled && !has_ended(schedule, from));
    // Those nearest to now, if there are more than the maximum.
    offered.sort_by_key(|schedule| schedule.start_time.millis().abs_diff(now.millis()));
    offered.truncate(OFFERED);
    let known: HashSet<ScheduleId> = offered.iter().map(|schedule| schedule.id).collect();
    let linked: HashSet<ScheduleId> = timers.iter().filter_map(|timer| timer.schedule_id).collect();
    let linked = schedules::find_all(conn, &missing(&linked, &known)).await?;
    let mut all = choices(offered, linked);
    all.sort_by_key(|choice| (choice.value.start_time, choice.value.id));
    Ok(all)
}

/// Whether a schedule, or its last occurrence, is over.
fn has_ended(schedule: &Schedule, from: Timestamp) -> bool {
    match schedule.rule() {
        Some(_) => schedule.recurrence_end.is_some_and(|end| end < from),
        None => schedule.end_time < from,
    }
}

async fn todos(conn: &mut Conn, user: &UserId, timers: &[Timer]) -> Result<Vec<LinkChoice<Todo>>, StoreError> {
    let mut open = todos::places(conn, user).await?;
    open.retain(|todo| matches!(todo.status, TodoStatus::Unscheduled | TodoStatus::Scheduled));
    let open: Vec<TodoId> = open.iter().take(OFFERED).map(|todo| todo.id).collect();
    let offered = todos::find_all(conn, &open).await?;
    let known: HashSet<TodoId> = open.into_iter().collect();
    let linked: HashSet<TodoId> = timers.iter().filter_map(|timer| timer.todo_id).collect();
    let linked = todos::find_all(conn, &missing(&linked, &known)).await?;
    let mut all = choices(offered, linked);
    all.sort_by(|a, b| a.value.order(&b.value));
    Ok(all)
}

fn missing<T: Copy + Eq + std::hash::Hash>(wanted: &HashSet<T>, known: &HashSet<T>) -> Vec<T> {
    wanted.difference(known).copied().collect()
}

fn choices<T>(open: Vec<T>, linked: Vec<T>) -> Vec<LinkChoice<T>> {
    let open = open.into_iter().map(|value| LinkChoice { value, open: true });
    let linked = linked.into_iter().map(|value| LinkChoice { value, open: false });
    open.chain(linked).collect()
}
