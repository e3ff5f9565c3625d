//! Client input about schedules (contract, REST 7.2 to 7.6).

use crate::{
    id::{ScheduleId, TagGroupId, TodoId},
    rest::input::{
        Bound, Date, Description, Flag, Instant, Issue, Issues, Patch, TagGroupIds, TagIds, Timezone, Title,
    },
    schedule::ScheduleState,
    sharing::Scope,
};
use deserr::{Deserr, IntoValue, ValuePointerRef};
use serde::Serialize;
use serde_json::Value;

/// `POST /v1/schedules`
#[derive(Clone, Debug, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues, validate = check_new -> Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewSchedule {
    /// An id that the client chooses, so that it can send the request again. If the caller has one with this id, the answer is
    /// that one as it is now, and nothing changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub id: Option<ScheduleId>,
    /// The title.
    pub title: Title,
    /// A longer text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub description: Option<Description>,
    /// The start; required unless it lasts whole days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(required = true, value_type = Instant))]
    pub start_time: Option<Instant>,
    /// The end; later than the start, and required unless it lasts whole days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(required = true, value_type = Instant))]
    pub end_time: Option<Instant>,
    /// Whether it lasts whole days: then its dates count, and its times are not needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub all_day: Option<bool>,
    /// The first date; required if it lasts whole days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub start_date: Option<Date>,
    /// The date after the last one; by default the one after the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub end_date: Option<Date>,
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
    /// Whether it lasts whole days. Null counts as absent; dates alone make it last whole days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub all_day: Option<bool>,
    /// The first date. Null counts as absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub start_date: Option<Date>,
    /// The date after the last one. Null counts as absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub end_date: Option<Date>,
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

/// Selects one occurrence of a recurring schedule, or the series from there on.
#[derive(Clone, Debug, PartialEq, Deserr)]
#[deserr(error = Issues, validate = check_instance -> Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct InstanceQuery {
    /// If given, only the occurrence whose start by the rule (`original_start`), or of a moved one its shown start, is
    /// within a minute of it.
    #[cfg_attr(feature = "schema", param(inline))]
    #[deserr(default)]
    pub instance_start: Option<Bound>,
    /// Whether the occurrences after it are meant as well.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub following: Flag,
}

fn check_instance(query: InstanceQuery, location: ValuePointerRef<'_>) -> Result<InstanceQuery, Issues> {
    if query.following.0 && query.instance_start.is_none() {
        let msg = "following=true needs instance_start: the first of the occurrences that are meant";
        return Err(Issues::one(
            "value_error",
            location.push_key("instance_start"),
            msg,
            Value::Null,
        ));
    }
    Ok(query)
}

/// The query of `POST /v1/schedules/{schedule_id}/todo`.
#[derive(Clone, Debug, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ScheduleTodoQuery {
    /// A tag group of the caller's.
    pub tag_group_id: TagGroupId,
}

/// The body of `POST /v1/schedules`: a new schedule with times, or with dates if it lasts whole days. What is missing is
/// reported together with all other faults.
#[derive(Clone, Debug, PartialEq)]
pub struct NewScheduleBody(pub NewSchedule);

impl Deserr<Issues> for NewScheduleBody {
    fn deserialize_from_value<V: IntoValue>(
        value: deserr::Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Issues> {
        let body: Value = Deserr::<Issues>::deserialize_from_value(value, location)?;
        let required: &[&str] = match body["all_day"] {
            Value::Bool(true) => &["start_date"],
            _ => &["start_time", "end_time"],
        };
        let mut issues = Issues::default();
        for name in required {
            let (kind, msg) = match body.get(*name) {
                _ if !body.is_object() => continue,
                // The document cannot say that it depends on another member.
                None | Some(Value::Null) if *name == "start_date" => ("value_error", "Required if all_day is true"),
                None => ("missing", "Field required"),
                Some(Value::Null) => ("null", "Must not be null"),
                Some(_) => continue,
            };
            issues
                .0
                .push(Issue::new(kind, location.push_key(name), msg, Value::Null));
        }
        let new = issues.take(NewSchedule::deserialize_from_value(body.into_value(), location));
        new.filter(|_| issues.0.is_empty()).map(Self).ok_or(issues)
    }
}

fn check_new(new: NewSchedule, location: ValuePointerRef<'_>) -> Result<NewSchedule, Issues> {
    if new.all_day != Some(true) && (new.start_date.is_some() || new.end_date.is_some()) {
        let msg = "start_date and end_date need all_day: true";
        return Err(Issues::one(
            "value_error",
            location.push_key("all_day"),
            msg,
            Value::Null,
        ));
    }
    if new.all_day == Some(true) {
        check_dates(new.start_date, new.end_date, location)?;
    } else if let (Some(start), Some(end)) = (new.start_time, new.end_time) {
        check_order(start, end, location)?;
    }
    Ok(new)
}

fn check_changes(changes: ScheduleChanges, location: ValuePointerRef<'_>) -> Result<ScheduleChanges, Issues> {
    if let (Patch::Set(start), Patch::Set(end)) = (&changes.start_time, &changes.end_time) {
        check_order(*start, *end, location)?;
    }
    let has_dates = changes.start_date.is_some() || changes.end_date.is_some();
    if changes.all_day == Some(false) && has_dates {
        let msg = "start_date and end_date need all_day: true";
        return Err(Issues::one(
            "value_error",
            location.push_key("all_day"),
            msg,
            Value::Null,
        ));
    }
    check_dates(changes.start_date, changes.end_date, location).map(|()| changes)
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

fn check_dates(start: Option<Date>, end: Option<Date>, location: ValuePointerRef<'_>) -> Result<(), Issues> {
    match (start, end) {
        (Some(start), Some(end)) if end.0 <= start.0 => {
            let msg = "end_date must be later than start_date: it is the date after the last one";
            Err(Issues::one(
                "value_error",
                location.push_key("end_date"),
                msg,
                Value::Null,
            ))
        }
        _ => Ok(()),
    }
}
