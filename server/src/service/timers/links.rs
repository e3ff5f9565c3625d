//! Links of timers: schedules, todos and tags of their owner. Checks them for commands and edits.

use crate::{
    paging::Listed,
    store::{Conn, StoreError, schedules, tagged, tags, todos},
};
use protocol::{
    id::{ScheduleId, TagId, TodoId, UserId},
    schedule::Schedule,
    tag::Tag,
    timers::NewTimer,
};
use std::collections::{BTreeSet, HashMap, HashSet};
use thiserror::Error;

/// The requested links of a timer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links<'a> {
    pub schedule: Option<ScheduleId>,
    pub todo: Option<TodoId>,
    pub tags: &'a [TagId],
}

impl<'a> Links<'a> {
    /// The links of a new timer.
    pub fn of(new: &NewTimer, tags: &'a [TagId]) -> Self {
        Self {
            schedule: new.schedule_id,
            todo: new.todo_id,
            tags,
        }
    }
}

/// A link to a resource that does not exist or belongs to another user; the caller cannot distinguish the two
/// (contract, REST 4.9).
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

/// The existing ones of the named schedules, todos and tags. Read at once for many requests.
#[derive(Debug)]
pub(super) struct Known {
    schedules: HashMap<ScheduleId, Schedule>,
    todos: HashMap<TodoId, UserId>,
    tags: HashMap<TagId, Tag>,
    /// The first schedule of each todo.
    first: HashMap<TodoId, ScheduleId>,
}

impl Known {
    /// Reads the named resources, in one statement for each kind.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load(conn: &mut Conn, named: &[Links<'_>]) -> Result<Self, StoreError> {
        let ids: HashSet<ScheduleId> = named.iter().filter_map(|links| links.schedule).collect();
        let found = schedules::find_all(conn, &Vec::from_iter(ids)).await?;
        let ids: HashSet<TodoId> = named.iter().filter_map(|links| links.todo).collect();
        let ids = Vec::from_iter(ids);
        let todos = todos::owners(conn, &ids).await?;
        let mut first = HashMap::new();
        for schedule in schedules::of_todos(conn, &ids).await? {
            if let Some(todo) = schedule.source_todo_id {
                // Ordered by start.
                first.entry(todo).or_insert(schedule.id);
            }
        }
        let ids: HashSet<TagId> = named.iter().flat_map(|links| links.tags).copied().collect();
        let tags = tags::find_all(conn, &Vec::from_iter(ids)).await?;
        Ok(Self {
            schedules: found.into_iter().map(|schedule| (schedule.id, schedule)).collect(),
            todos,
            tags: tags.into_iter().map(|tag| (tag.id, tag)).collect(),
            first,
        })
    }

    /// Checks that all of them belong to the user.
    ///
    /// # Errors
    /// [`UnknownLink`] for the first one that does not.
    pub fn check(&self, links: Links<'_>, user: &UserId) -> Result<(), UnknownLink> {
        if let Some(id) = links.schedule
            && self
                .schedules
                .get(&id)
                .is_none_or(|schedule| schedule.owner_id != *user)
        {
            return Err(UnknownLink::Schedule(id));
        }
        if let Some(id) = links.todo
            && self.todos.get(&id) != Some(user)
        {
            return Err(UnknownLink::Todo(id));
        }
        let is_foreign = |id: &&TagId| self.tags.get(id).is_none_or(|tag| tag.owner_id != *user);
        match links.tags.iter().find(is_foreign) {
            Some(id) => Err(UnknownLink::Tag(*id)),
            None => Ok(()),
        }
    }

    /// The named tags without duplicates, ordered by name, as far as they are returned with a timer.
    pub fn tags(&self, links: Links<'_>) -> Vec<Tag> {
        let named: BTreeSet<&TagId> = links.tags.iter().collect();
        let named = named.into_iter().filter_map(|id| self.tags.get(id));
        let mut shown: Vec<Tag> = tagged::shown(named).cloned().collect();
        shown.sort_by_key(Listed::key);
        shown
    }

    /// Adds the implied links of a new timer: with a schedule, its todo; with a todo that has schedules,
    /// the first of them (contract, WebSocket "Client to server").
    pub fn complete(&self, links: Links<'_>) -> (Option<ScheduleId>, Option<TodoId>) {
        let schedule = links.schedule.or_else(|| self.first.get(&links.todo?).copied());
        let todo = links
            .todo
            .or_else(|| self.schedules.get(&links.schedule?)?.source_todo_id);
        (schedule, todo)
    }
}
