//! A todo in REST answers (contract, REST 8.1).

mod input;
mod time;

pub use input::{NewTodo, TodoChanges, TodoQuery, TodoStatsQuery};
pub use time::{TodoTime, TodoTimeQuery};

use super::{ScheduleView, TagView};
use crate::{
    id::{TagGroupId, TodoId, UserId},
    tag::Tag,
    time::Zone,
    todo::{IncludeReason, Todo, TodoStatus},
};
use serde::{Deserialize, Serialize};

/// A todo. Times are text in the requested timezone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = Todo))]
pub struct TodoView {
    /// The id.
    pub id: TodoId,
    /// The title.
    pub title: String,
    /// A longer text.
    pub description: Option<String>,
    /// The deadline.
    pub deadline: Option<String>,
    /// The tag group.
    pub tag_group_id: TagGroupId,
    /// The parent todo.
    pub parent_id: Option<TodoId>,
    /// The status.
    pub status: TodoStatus,
    /// The time of creation.
    pub created_at: String,
    /// The tags, ordered by name.
    pub tags: Vec<TagView>,
    /// The todo's schedules that the reader may see, ordered by start.
    pub schedules: Vec<ScheduleView>,
    /// Why it is in the list.
    pub include_reason: IncludeReason,
    /// The owner.
    pub owner_id: UserId,
    /// Who may see it; null if that was never set.
    pub visibility_level: Option<String>,
    /// Whether it belongs to another user.
    pub is_shared: bool,
}

impl TodoView {
    /// A todo with its tags and schedules, as its owner sees it, without the visibility level.
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
