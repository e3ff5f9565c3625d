//! The members of a todo's bodies.

use crate::{
    rest::http::{error::Issue, instant::Instant, json::JsonObject},
    service::todos::TodoPatch,
};
use protocol::{
    id::{TagGroupId, TagId, TodoId},
    limits,
    todo::TodoStatus,
};
use utoipa::ToSchema;

/// What a todo is made from.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "the members are read one by one, so that one answer lists all that is wrong"
)]
pub struct NewTodo {
    /// What is to be done.
    #[schema(max_length = 500)]
    title: String,
    /// One of the caller's groups.
    tag_group_id: TagGroupId,
    /// More about it.
    #[schema(max_length = 20_000)]
    description: Option<String>,
    /// The caller's tags, of any group.
    tag_ids: Option<Vec<TagId>>,
    /// By when. Makes a schedule of an hour.
    deadline: Option<Instant>,
    /// The todo that it is part of, of the same group.
    parent_id: Option<TodoId>,
    /// UNSCHEDULED where it is not given.
    status: Option<TodoStatus>,
}

/// What a PATCH may set. What is absent stays; null clears what can be null.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "the members are read one by one, so that one answer lists all that is wrong"
)]
pub struct TodoChanges {
    /// What is to be done.
    #[schema(max_length = 500)]
    title: Option<String>,
    /// More about it.
    #[schema(max_length = 20_000)]
    description: Option<String>,
    /// One of the caller's groups.
    tag_group_id: Option<TagGroupId>,
    /// The whole set of tags, also of its schedules; null and an empty list empty it.
    tag_ids: Option<Vec<TagId>>,
    /// By when; the schedule that the deadline made moves along, and null removes the todo's schedules.
    deadline: Option<Instant>,
    /// The todo that it is part of; null makes it a root.
    parent_id: Option<TodoId>,
    /// Any may follow any.
    status: Option<TodoStatus>,
}

/// Reads the members that a todo may have; null counts as absent where a field cannot be cleared.
pub fn changes(body: &JsonObject, issues: &mut Vec<Issue>) -> TodoPatch {
    TodoPatch {
        title: body.text("title", limits::TITLE_CHARS, issues).flatten(),
        description: body.text("description", limits::DESCRIPTION_CHARS, issues),
        tag_group_id: body.id("tag_group_id", issues).flatten(),
        tag_ids: body.ids("tag_ids", issues),
        deadline: body.instant("deadline", issues),
        parent_id: body.id("parent_id", issues),
        status: body.word("status", &TodoStatus::WORDS, issues),
    }
}
