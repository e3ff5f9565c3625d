//! Client input about timers over REST (contract, REST 9).

use crate::{
    id::{ScheduleId, TodoId},
    rest::input::{Bound, Description, Flag, Issues, Patch, SearchText, TagIds, TimerIds, Timezone, Title},
    sharing::Scope,
};
use deserr::Deserr;
use serde::Serialize;

mod filter;
mod history;
mod totals;

pub use filter::{LinkFilter, StatusFilter, TagIncludeMode};
pub use history::{HistoryPage, HistoryQuery, HistoryTimer};
pub use totals::{DayTotal, TimerTotals};

/// `PATCH /v1/timers/{timer_id}`: absent members keep their values, null clears; other members, such as the status and
/// durations, are ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TimerChanges {
    /// The title.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Title>))]
    pub title: Patch<Title>,
    /// A longer text.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Description>))]
    pub description: Patch<Description>,
    /// A schedule of the caller's; null unlinks it.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<ScheduleId>))]
    pub schedule_id: Patch<ScheduleId>,
    /// A todo of the caller's; null unlinks it.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<TodoId>))]
    pub todo_id: Patch<TodoId>,
    /// The complete set of tags; null and an empty list remove all.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<TagIds>))]
    pub tag_ids: Patch<TagIds>,
}

/// `DELETE /v1/timers`: the timers to delete.
#[derive(Clone, Debug, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct DeletedTimers {
    /// Their ids; repeatable.
    #[cfg_attr(feature = "schema", param(inline))]
    pub timer_ids: TimerIds,
}

/// What is added to timers in an answer.
#[derive(Clone, Debug, Default, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct TimerViewQuery {
    /// The timezone of the answer's times.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub timezone: Timezone,
    /// Adds the timer's schedule.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub include_schedule: Flag,
    /// Adds the timer's todo.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub include_todo: Flag,
    /// Which tags the timers have.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub tag_include_mode: TagIncludeMode,
}

/// The scope and the bounds of `GET /v1/timers`, combined with [`TimerSearch`] by AND.
#[derive(Clone, Debug, Default, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct TimerFilter {
    /// Own timers, shared ones or both.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub scope: Scope,
    /// Only timers started at or after it.
    #[cfg_attr(feature = "schema", param(inline))]
    #[deserr(default)]
    pub start_date: Option<Bound>,
    /// Only timers started at or before it.
    #[cfg_attr(feature = "schema", param(inline))]
    #[deserr(default)]
    pub end_date: Option<Bound>,
}

/// Filters of timers, combined with AND.
#[derive(Clone, Debug, Default, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct TimerSearch {
    /// RUNNING, PAUSED, COMPLETED or CANCELLED in any case, repeatable; unknown values match nothing.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub status: StatusFilter,
    /// independent (no schedule and no todo), schedule or todo; other values are ignored.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default, rename = "type")]
    pub r#type: LinkFilter,
    /// A part of the title or the description, without regard to case; empty matches everything.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub text: SearchText,
    /// Only timers with all of these tags; repeatable. A timer has its own tags and those of its schedule, or of its todo
    /// if it has no schedule; one of another user's only its own.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub tag_ids: TagIds,
    /// Only timers of this schedule.
    #[deserr(default)]
    pub schedule_id: Option<ScheduleId>,
    /// Only timers of this todo.
    #[deserr(default)]
    pub todo_id: Option<TodoId>,
}

/// What is added to the timers of a schedule.
#[derive(Clone, Debug, Default, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ScheduleTimersQuery {
    /// The timezone of the answer's times.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub timezone: Timezone,
    /// Adds the schedule.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub include_schedule: Flag,
}

/// What is added to the timers of a todo.
#[derive(Clone, Debug, Default, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct TodoTimersQuery {
    /// The timezone of the answer's times.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub timezone: Timezone,
    /// Adds the todo.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub include_todo: Flag,
}
