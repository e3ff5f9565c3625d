//! The members of a schedule's bodies.

use crate::{
    rest::http::{
        error::Issue,
        instant::Instant,
        json::{JsonObject, fields},
    },
    service::schedules::{InstancePatch, SchedulePatch},
};
use protocol::{
    id::{TagGroupId, TagId, TodoId},
    limits,
    schedule::ScheduleState,
};
use utoipa::ToSchema;

/// What a schedule is made from.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "the members are read one by one, so that one answer lists all that is wrong"
)]
pub struct NewSchedule {
    /// What it is for.
    #[schema(max_length = 500)]
    title: String,
    /// More about it.
    #[schema(max_length = 20_000)]
    description: Option<String>,
    /// When it starts.
    start_time: Instant,
    /// When it ends; later than it starts.
    end_time: Instant,
    /// RFC 5545 RRULE text; empty: it does not recur.
    #[schema(example = "FREQ=WEEKLY;BYDAY=MO")]
    recurrence_rule: Option<String>,
    /// The last instant at which an occurrence may start, unless the rule has its own UNTIL.
    recurrence_end: Option<Instant>,
    /// The caller's tags.
    tag_ids: Option<Vec<TagId>>,
    /// A group of the caller's.
    tag_group_id: Option<TagGroupId>,
    /// A todo of the caller's.
    source_todo_id: Option<TodoId>,
    /// PLANNED where it is not given.
    state: Option<ScheduleState>,
    /// Also makes a todo.
    create_todo_options: Option<CreateTodoOptions>,
}

/// The todo that comes with a schedule.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "the members are read one by one, so that one answer lists all that is wrong"
)]
pub struct CreateTodoOptions {
    /// The todo's group.
    tag_group_id: TagGroupId,
}

/// What a PATCH may set. What is absent stays; null clears what can be null.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "the members are read one by one, so that one answer lists all that is wrong"
)]
pub struct ScheduleChanges {
    /// What it is for.
    #[schema(max_length = 500)]
    title: Option<String>,
    /// More about it.
    #[schema(max_length = 20_000)]
    description: Option<String>,
    /// When it starts.
    start_time: Option<Instant>,
    /// When it ends.
    end_time: Option<Instant>,
    /// RFC 5545 RRULE text.
    recurrence_rule: Option<String>,
    /// The last instant at which an occurrence may start.
    recurrence_end: Option<Instant>,
    /// The whole set of tags; null and an empty list empty it.
    tag_ids: Option<Vec<TagId>>,
    /// A group of the caller's.
    tag_group_id: Option<TagGroupId>,
    /// A todo of the caller's.
    source_todo_id: Option<TodoId>,
    /// Where it stands.
    state: Option<ScheduleState>,
}

/// Reads the members that a schedule may have; null counts as absent where a field cannot be cleared.
pub fn changes(body: &JsonObject, issues: &mut Vec<Issue>) -> SchedulePatch {
    let patch = SchedulePatch {
        title: body.text("title", limits::TITLE_CHARS, issues).flatten(),
        description: body.text("description", limits::DESCRIPTION_CHARS, issues),
        start_time: body.instant("start_time", issues).flatten(),
        end_time: body.instant("end_time", issues).flatten(),
        recurrence_rule: body.text("recurrence_rule", limits::DESCRIPTION_CHARS, issues),
        recurrence_end: body.instant("recurrence_end", issues),
        tag_ids: body.ids("tag_ids", issues),
        tag_group_id: body.id("tag_group_id", issues),
        source_todo_id: body.id("source_todo_id", issues),
        state: body.word("state", &ScheduleState::WORDS, issues),
    };
    if let (Some(start), Some(end)) = (patch.start_time, patch.end_time) {
        fields::later(start, end, issues);
    }
    patch
}

/// Reads the members that one occurrence may have.
pub fn instance_changes(body: &JsonObject, issues: &mut Vec<Issue>) -> InstancePatch {
    let patch = InstancePatch {
        title: body.text("title", limits::TITLE_CHARS, issues),
        description: body.text("description", limits::DESCRIPTION_CHARS, issues),
        start_time: body.instant("start_time", issues),
        end_time: body.instant("end_time", issues),
        tag_ids: body.ids("tag_ids", issues),
    };
    if let (Some(start), Some(end)) = (patch.start_time.flatten(), patch.end_time.flatten()) {
        fields::later(start, end, issues);
    }
    patch
}
