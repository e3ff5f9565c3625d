//! A todo as REST shows it (contract, REST 8.1).

mod input;

pub use input::{NewTodo, TodoChanges, TodoQuery, TodoStatsQuery};

use super::{ScheduleView, TagView};
use crate::{
    id::{TagGroupId, TodoId, UserId},
    tag::Tag,
    time::Zone,
    todo::{IncludeReason, Todo, TodoStatus},
};
use serde::{Deserialize, Serialize};

/// A todo; times are text, in the reader's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = Todo))]
pub struct TodoView {
    /// Its id.
    pub id: TodoId,
    /// What is to be done.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// By when.
    pub deadline: Option<String>,
    /// The group it belongs to.
    pub tag_group_id: TagGroupId,
    /// The todo that it is part of.
    pub parent_id: Option<TodoId>,
    /// Where it stands.
    pub status: TodoStatus,
    /// When it was created.
    pub created_at: String,
    /// Its tags, ordered by name.
    pub tags: Vec<TagView>,
    /// Its schedules that the reader may see, by their start.
    pub schedules: Vec<ScheduleView>,
    /// Why it is in the list.
    pub include_reason: IncludeReason,
    /// Whose it is.
    pub owner_id: UserId,
    /// Who may see it; null where that was never set.
    pub visibility_level: Option<String>,
    /// It belongs to somebody else.
    pub is_shared: bool,
}

impl TodoView {
    /// A todo with its tags and schedules as its owner sees it, without the level.
    pub fn new(todo: &Todo, tags: &[Tag], schedules: Vec<ScheduleView>, zone: Option<&Zone>) -> Self {
        Self {
            id: todo.id,
            title: todo.title.clone(),
            description: todo.description.clone(),
            deadline: todo.deadline.map(|deadline| deadline.rest(zone)),
            tag_group_id: todo.tag_group_id,
            parent_id: todo.parent_id,
            status: todo.status,
            created_at: todo.created_at.rest(zone),
            tags: tags.iter().map(|tag| TagView::new(tag, zone)).collect(),
            schedules,
            include_reason: IncludeReason::Match,
            owner_id: todo.owner_id.clone(),
            visibility_level: None,
            is_shared: false,
        }
    }
}
