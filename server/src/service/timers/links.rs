//! What a timer may name: schedules, todos and tags of its owner. The one place that says which of them are unknown,
//! for commands and for edits.

use crate::store::{Conn, StoreError, schedules, tagged, tags, todos};
use protocol::{
    id::{ScheduleId, TagId, TodoId, UserId},
    schedule::Schedule,
    tag::Tag,
};
use std::collections::{BTreeSet, HashMap, HashSet};
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

/// The schedules, todos and tags that are named, as far as they are there. Read at once for many requests.
#[derive(Debug)]
pub(super) struct Known {
    schedules: HashMap<ScheduleId, Schedule>,
    todos: HashMap<TodoId, UserId>,
    tags: HashMap<TagId, Tag>,
    /// The first schedule of each todo.
    first: HashMap<TodoId, ScheduleId>,
}

impl Known {
    /// Reads what is named, in one statement for each kind.
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
                // They come by their start.
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

    /// Whether all of them are the user's.
    ///
    /// # Errors
    /// [`UnknownLink`]: the first one that is not.
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

    /// The tags that are named, each once, ordered by name, as far as they are shown with a timer.
    pub fn tags(&self, links: Links<'_>) -> Vec<Tag> {
        let named: BTreeSet<&TagId> = links.tags.iter().collect();
        let named = named.into_iter().filter_map(|id| self.tags.get(id));
        let mut shown: Vec<Tag> = tagged::shown(named).cloned().collect();
        shown.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        shown
    }

    /// What a new timer is linked to as well: with a schedule, to the todo it came from; with a todo that has schedules,
    /// to the first of them (contract, WebSocket "Client to server").
    pub fn complete(&self, links: Links<'_>) -> (Option<ScheduleId>, Option<TodoId>) {
        let schedule = links.schedule.or_else(|| self.first.get(&links.todo?).copied());
        let todo = links
            .todo
            .or_else(|| self.schedules.get(&links.schedule?)?.source_todo_id);
        (schedule, todo)
    }
}
