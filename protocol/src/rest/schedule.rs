//! A schedule in REST answers (contract, REST 7.1), and an occurrence of a recurring one (7.6).

mod input;

pub use input::{CreateTodoOptions, InstanceQuery, NewSchedule, ScheduleChanges, ScheduleQuery, ScheduleTodoQuery};

use super::TagView;
use crate::{
    id::{ScheduleId, TagGroupId, TodoId, UserId},
    schedule::{Schedule, ScheduleState},
    tag::Tag,
    time::Zone,
};
use serde::{Deserialize, Serialize};

/// A schedule. Times are text in the requested timezone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = Schedule))]
pub struct ScheduleView {
    /// The id; an occurrence gets a new one at every read.
    pub id: ScheduleId,
    /// The title.
    pub title: String,
    /// A longer text.
    pub description: Option<String>,
    /// The start.
    pub start_time: String,
    /// The end.
    pub end_time: String,
    /// The RFC 5545 text as given; null on occurrences.
    pub recurrence_rule: Option<String>,
    /// The last instant at which an occurrence may start; null on occurrences.
    pub recurrence_end: Option<String>,
    /// The recurring schedule of an occurrence.
    pub parent_id: Option<ScheduleId>,
    /// The schedule's own tag group, independent of its tags.
    pub tag_group_id: Option<TagGroupId>,
    /// The todo that it belongs to.
    pub source_todo_id: Option<TodoId>,
    /// The state.
    pub state: ScheduleState,
    /// The time of creation.
    pub created_at: String,
    /// The tags.
    pub tags: Vec<TagView>,
    /// The owner; null on occurrences.
    pub owner_id: Option<UserId>,
    /// Who may see it; null if that was never set.
    pub visibility_level: Option<String>,
    /// Whether it belongs to another user.
    pub is_shared: bool,
}

impl ScheduleView {
    /// A schedule with its tags, as its owner sees it, without the visibility level.
    pub fn new(schedule: &Schedule, tags: &[Tag], zone: Option<&Zone>) -> Self {
        Self {
            id: schedule.id,
            title: schedule.title.clone(),
            description: schedule.description.clone(),
            start_time: schedule.start_time.rest(zone),
            end_time: schedule.end_time.rest(zone),
            recurrence_rule: schedule.recurrence_rule.clone(),
            recurrence_end: schedule.recurrence_end.map(|end| end.rest(zone)),
            parent_id: None,
            tag_group_id: schedule.tag_group_id,
            source_todo_id: schedule.source_todo_id,
            state: schedule.state,
            created_at: schedule.created_at.rest(zone),
            tags: tags.iter().map(|tag| TagView::new(tag, zone)).collect(),
            owner_id: Some(schedule.owner_id.clone()),
            visibility_level: None,
            is_shared: false,
        }
    }
}
