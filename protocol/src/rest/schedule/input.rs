//! Client input about schedules (contract, REST 7.2 to 7.6).

use crate::{
    id::{TagGroupId, TodoId},
    rest::input::{Bound, Description, Instant, Issues, Patch, TagGroupIds, TagIds, Timezone, Title},
    schedule::ScheduleState,
    sharing::Scope,
};
use deserr::{Deserr, ValuePointerRef};
use serde::Serialize;
use serde_json::Value;

/// `POST /v1/schedules`
#[derive(Clone, Debug, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues, validate = check_new -> Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewSchedule {
    /// The title.
    pub title: Title,
    /// A longer text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub description: Option<Description>,
    /// The start.
    pub start_time: Instant,
    /// The end; later than the start.
    pub end_time: Instant,
    /// RFC 5545 RRULE text; empty: it does not recur.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub recurrence_rule: Option<Description>,
    /// The last instant at which an occurrence may start, unless the rule has its own UNTIL.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub recurrence_end: Option<Instant>,
    /// Tags of the caller's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub tag_ids: Option<TagIds>,
    /// A tag group of the caller's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub tag_group_id: Option<TagGroupId>,
    /// A todo of the caller's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub source_todo_id: Option<TodoId>,
    /// PLANNED by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub state: Option<ScheduleState>,
    /// Creates a todo as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub create_todo_options: Option<CreateTodoOptions>,
}

/// The todo that is created with a schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CreateTodoOptions {
    /// The todo's group.
    pub tag_group_id: TagGroupId,
}

/// `PATCH /v1/schedules/{schedule_id}`: absent members keep their values; null clears those that can be null.
///
/// One occurrence (`instance_start`) has its own title, description and times; null restores the schedule's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues, validate = check_changes -> Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ScheduleChanges {
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
    /// The start.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Instant>))]
    pub start_time: Patch<Instant>,
    /// The end; later than the start.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Instant>))]
    pub end_time: Patch<Instant>,
    /// RFC 5545 RRULE text.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Description>))]
    pub recurrence_rule: Patch<Description>,
    /// The last instant at which an occurrence may start.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Instant>))]
    pub recurrence_end: Patch<Instant>,
    /// The complete set of tags; null and an empty list remove all.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<TagIds>))]
    pub tag_ids: Patch<TagIds>,
    /// A tag group of the caller's.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<TagGroupId>))]
    pub tag_group_id: Patch<TagGroupId>,
    /// A todo of the caller's.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<TodoId>))]
    pub source_todo_id: Patch<TodoId>,
    /// Null counts as absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub state: Option<ScheduleState>,
}

/// The query of `GET /v1/schedules`.
#[derive(Clone, Debug, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ScheduleQuery {
    /// The window's start.
    #[cfg_attr(feature = "schema", param(inline))]
    pub start_date: Bound,
    /// The window's end, included.
    #[cfg_attr(feature = "schema", param(inline))]
    pub end_date: Bound,
    /// Own schedules, shared ones or both.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub scope: Scope,
    /// Only schedules with all of these tags; repeatable.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub tag_ids: TagIds,
    /// Only schedules with a tag of one of these groups; repeatable.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub group_ids: TagGroupIds,
    /// The timezone of the answer's times.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub timezone: Timezone,
}

/// Selects one occurrence of a recurring schedule.
#[derive(Clone, Debug, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct InstanceQuery {
    /// If given, only the occurrence whose start by the rule is within a minute of it.
    #[cfg_attr(feature = "schema", param(inline))]
    #[deserr(default)]
    pub instance_start: Option<Bound>,
}

/// The query of `POST /v1/schedules/{schedule_id}/todo`.
#[derive(Clone, Debug, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ScheduleTodoQuery {
    /// A tag group of the caller's.
    pub tag_group_id: TagGroupId,
}

fn check_new(new: NewSchedule, location: ValuePointerRef<'_>) -> Result<NewSchedule, Issues> {
    check_order(new.start_time, new.end_time, location).map(|()| new)
}

fn check_changes(changes: ScheduleChanges, location: ValuePointerRef<'_>) -> Result<ScheduleChanges, Issues> {
    if let (Patch::Set(start), Patch::Set(end)) = (&changes.start_time, &changes.end_time) {
        check_order(*start, *end, location)?;
    }
    Ok(changes)
}

fn check_order(start: Instant, end: Instant, location: ValuePointerRef<'_>) -> Result<(), Issues> {
    if end.0 > start.0 {
        return Ok(());
    }
    let msg = "end_time must be later than start_time";
    Err(Issues::one(
        "value_error",
        location.push_key("end_time"),
        msg,
        Value::Null,
    ))
}
