//! Tags of timers: their own, and those of linked resources (contract, REST 12.9).

use super::visible::links;
use crate::{
    paging::Listed,
    service::sharing::{self, Access, Reader, ResourceId},
    store::{
        Conn, StoreError,
        tagged::{self, Tagged},
    },
};
use protocol::{
    id::{ScheduleId, TimerId, TodoId},
    tag::Tag,
    timers::Timer,
};
use std::collections::HashMap;

/// Which tags a timer is returned with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagMode {
    /// No tags.
    #[default]
    None,
    /// The timer's own tags.
    TimerOnly,
    /// The timer's tags and those of its schedule, or of its todo if it has no schedule.
    Inherit,
}

/// Adds their own tags to timers, as their owners see them, for the timer WebSocket. One statement for any
/// number of timers.
///
/// # Errors
/// [`StoreError`].
pub async fn add_own<'t>(conn: &mut Conn, timers: impl IntoIterator<Item = &'t mut Timer>) -> Result<(), StoreError> {
    let mut timers: Vec<&mut Timer> = timers.into_iter().collect();
    let ids: Vec<TimerId> = timers.iter().map(|timer| timer.id).collect();
    let tags = tagged::shown_tags_of(conn, &ids).await?;
    for timer in &mut timers {
        timer.tags = tags.get(&timer.id).cloned().unwrap_or_default();
    }
    Ok(())
}

/// The tags of timers, and of linked resources as far as the reader may see these.
#[derive(Default)]
pub(super) struct Tags {
    timers: HashMap<TimerId, Vec<Tag>>,
    schedules: HashMap<ScheduleId, Vec<Tag>>,
    todos: HashMap<TodoId, Vec<Tag>>,
}

impl Tags {
    pub async fn load(
        conn: &mut Conn,
        reader: &Reader,
        timers: &[Timer],
        access: &HashMap<TimerId, Access>,
        mode: TagMode,
    ) -> Result<Self, StoreError> {
        let mut tags = Self::default();
        if mode == TagMode::None {
            return Ok(tags);
        }
        tags.timers = visible_tags(conn, access).await?;
        if mode == TagMode::Inherit {
            let schedules = links(timers, |timer| timer.schedule_id);
            let access = sharing::readable(conn, reader, &schedules).await?;
            tags.schedules = visible_tags(conn, &access).await?;
            let without = |timer: &Timer| timer.todo_id.filter(|_| timer.schedule_id.is_none());
            let access = sharing::readable(conn, reader, &links(timers, without)).await?;
            tags.todos = visible_tags(conn, &access).await?;
        }
        Ok(tags)
    }

    /// Removes duplicates and orders by name.
    pub fn of(&mut self, timer: &Timer) -> Vec<Tag> {
        let mut all = self.timers.remove(&timer.id).unwrap_or_default();
        let inherited = match (timer.schedule_id, timer.todo_id) {
            (Some(schedule), _) => self.schedules.get(&schedule),
            (None, Some(todo)) => self.todos.get(&todo),
            (None, None) => None,
        };
        all.extend(inherited.into_iter().flatten().cloned());
        all.sort_by_key(Listed::key);
        all.dedup_by_key(|tag| tag.id);
        all
    }
}

/// The tags of the readable resources, as far as the reader may see them.
async fn visible_tags<I: ResourceId + Tagged>(
    conn: &mut Conn,
    access: &HashMap<I, Access>,
) -> Result<HashMap<I, Vec<Tag>>, StoreError> {
    let readable = access.iter().filter(|(_, access)| access.is_readable());
    let ids: Vec<I> = readable.map(|(id, _)| *id).collect();
    let mut tags = tagged::shown_tags_of(conn, &ids).await?;
    for (id, tags) in &mut tags {
        if let (Some(access), whole) = (access.get(id), std::mem::take(tags)) {
            *tags = access.tags(&whole).into_owned();
        }
    }
    Ok(tags)
}
