//! What clients send about todos (contract, REST 8.2 to 8.7).

use crate::{
    id::{TagGroupId, TodoId},
    rest::input::{Description, Instant, Issues, Patch, TagGroupIds, TagIds, Timezone, Title},
    sharing::Scope,
    todo::TodoStatus,
};
use deserr::Deserr;
use serde::Serialize;

/// `POST /v1/todos`
#[derive(Clone, Debug, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewTodo {
    /// What is to be done.
    pub title: Title,
    /// One of the caller's groups.
    pub tag_group_id: TagGroupId,
    /// A longer text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub description: Option<Description>,
    /// The caller's tags, of any group.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub tag_ids: Option<TagIds>,
    /// By when. Makes a schedule of an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub deadline: Option<Instant>,
    /// The todo that it is part of, of the same group.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub parent_id: Option<TodoId>,
    /// UNSCHEDULED where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub status: Option<TodoStatus>,
}

/// `PATCH /v1/todos/{todo_id}`: what is absent stays; null clears what can be null.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TodoChanges {
    /// What is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub title: Option<Title>,
    /// A longer text.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Description>))]
    pub description: Patch<Description>,
    /// One of the caller's groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub tag_group_id: Option<TagGroupId>,
    /// The whole set of tags, also of its schedules; null and an empty list empty it.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<TagIds>))]
    pub tag_ids: Patch<TagIds>,
    /// By when; the schedule that the deadline made moves along, and null removes the todo's schedules.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Instant>))]
    pub deadline: Patch<Instant>,
    /// The todo that it is part of; null makes it a root.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<TodoId>))]
    pub parent_id: Patch<TodoId>,
    /// Any may follow any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub status: Option<TodoStatus>,
}

/// The query of `GET /v1/todos`.
#[derive(Clone, Debug, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct TodoQuery {
    /// Whose todos.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub scope: Scope,
    /// Has all of these tags; repeatable. What stands above the caller's matches is added.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub tag_ids: TagIds,
    /// Belongs to one of these groups; repeatable.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub group_ids: TagGroupIds,
    /// The timezone of the answer's times.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub timezone: Timezone,
}

/// The query of `GET /v1/todos/stats`.
#[derive(Clone, Debug, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct TodoStatsQuery {
    /// Only the todos of this group, with its own tags.
    #[deserr(default)]
    pub group_id: Option<TagGroupId>,
}
