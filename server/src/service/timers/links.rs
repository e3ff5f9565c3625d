//! What a timer may name: schedules, todos and tags of its owner. The one place that says which of them are unknown,
//! for commands and for edits.

use crate::store::{Conn, StoreError, schedules, tags, todos};
use protocol::id::{ScheduleId, TagId, TodoId, UserId};
use thiserror::Error;

/// What a request wants a timer to be linked to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links<'a> {
    /// The schedule.
    pub schedule: Option<ScheduleId>,
    /// The todo.
    pub todo: Option<TodoId>,
    /// The tags.
    pub tags: &'a [TagId],
}

/// A link to what is not there or is somebody else's, which is the same to the caller (contract, REST 4.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UnknownLink {
    /// Contract: `SCHEDULE_NOT_FOUND`, `ScheduleNotFoundError`.
    #[error("Schedule not found: {0}")]
    Schedule(ScheduleId),
    /// Contract: `TODO_NOT_FOUND`, `TodoNotFoundError`.
    #[error("Todo not found: {0}")]
    Todo(TodoId),
    /// Contract: `TAG_NOT_FOUND`, `TagNotFoundError`.
    #[error("Tag not found: {0}")]
    Tag(TagId),
}

impl Links<'_> {
    /// The first of them that is not the user's own. One statement for each kind that is named.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unknown(self, conn: &mut Conn, user: &UserId) -> Result<Option<UnknownLink>, StoreError> {
        if let Some(id) = self.schedule
            && !schedules::owned(conn, user, &[id]).await?.contains(&id)
        {
            return Ok(Some(UnknownLink::Schedule(id)));
        }
        if let Some(id) = self.todo
            && !todos::owned(conn, user, &[id]).await?.contains(&id)
        {
            return Ok(Some(UnknownLink::Todo(id)));
        }
        let owned = tags::owned(conn, user, self.tags).await?;
        let unknown = self.tags.iter().find(|id| !owned.contains(id));
        Ok(unknown.map(|id| UnknownLink::Tag(*id)))
    }

    /// Schedules, todos and tags are not kept yet, so none that is named can be the user's.
    ///
    /// # Errors
    /// [`UnknownLink`]: the first one that is not there.
    pub fn check(self) -> Result<(), UnknownLink> {
        match (self.schedule, self.todo, self.tags.first()) {
            (Some(id), _, _) => Err(UnknownLink::Schedule(id)),
            (_, Some(id), _) => Err(UnknownLink::Todo(id)),
            (_, _, Some(id)) => Err(UnknownLink::Tag(*id)),
            _ => Ok(()),
        }
    }
}
