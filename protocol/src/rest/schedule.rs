//! A schedule in REST answers (contract, REST 7.1), and an occurrence of a recurring one (7.6).

mod input;

pub use input::{
    CreateTodoOptions, InstanceQuery, NewSchedule, NewScheduleBody, ScheduleChanges, ScheduleQuery, ScheduleTodoQuery,
};

use super::TagView;
use crate::{
    id::{ScheduleId, TagGroupId, TodoId, UserId},
    schedule::{Schedule, ScheduleState},
    tag::Tag,
    time::{Timestamp, Zone},
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
    /// Whether it lasts whole days; only there if it does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_day: bool,
    /// The start; of an all-day schedule, midnight of its first date in the requested timezone.
    pub start_time: String,
    /// The end; of an all-day schedule, midnight after its last date.
    pub end_time: String,
    /// The first date, of all-day schedules only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(format = Date))]
    pub start_date: Option<String>,
    /// The date after the last one, of all-day schedules only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(format = Date))]
    pub end_date: Option<String>,
    /// The start by the rule, of occurrences only; the occurrence may have been moved to another start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_start: Option<String>,
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
    /// The changed and removed occurrences whose place in the series is gone; only in answers to changes of a recurring
    /// schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped_exceptions: Option<Vec<DroppedException>>,
}

/// A changed or removed occurrence that a change of its series dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DroppedException {
    /// Its start by the rule before the change.
    pub original_start: String,
    /// Whether the occurrence had been removed.
    pub removed: bool,
    /// Its own title; null if it had the schedule's.
    pub title: Option<String>,
    /// Its own description.
    pub description: Option<String>,
    /// Its own start.
    pub start_time: Option<String>,
    /// Its own end.
    pub end_time: Option<String>,
}

impl ScheduleView {
    /// A schedule with its tags, as its owner sees it, without the visibility level.
    pub fn new(schedule: &Schedule, tags: &[Tag], zone: Option<&Zone>) -> Self {
        Self {
            id: schedule.id,
            title: schedule.title.clone(),
            description: schedule.description.clone(),
            all_day: schedule.all_day,
            start_time: schedule_time(schedule.start_time, schedule.all_day, zone),
            end_time: schedule_time(schedule.end_time, schedule.all_day, zone),
            start_date: schedule.all_day.then(|| schedule.start_time.iso_date()),
            end_date: schedule.all_day.then(|| schedule.end_time.iso_date()),
            original_start: None,
            recurrence_rule: schedule.recurrence_rule.clone(),
            recurrence_end: schedule
                .recurrence_end
                .map(|end| schedule_time(end, schedule.all_day, zone)),
            parent_id: None,
            tag_group_id: schedule.tag_group_id,
            source_todo_id: schedule.source_todo_id,
            state: schedule.state,
            created_at: schedule.created_at.rest(zone),
            tags: tags.iter().map(|tag| TagView::new(tag, zone)).collect(),
            owner_id: Some(schedule.owner_id.clone()),
            visibility_level: None,
            is_shared: false,
            dropped_exceptions: None,
        }
    }
}

/// A time of a schedule as text: those of all-day schedules are the same in every zone.
pub fn schedule_time(time: Timestamp, all_day: bool, zone: Option<&Zone>) -> String {
    if all_day { time.in_zone(zone) } else { time }.rest(zone)
}
