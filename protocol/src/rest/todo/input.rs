//! Client input about todos (contract, REST 8.2 to 8.7).

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
    /// An id that the client chooses, so that it can send the request again. If the caller has one with this id, the answer is
    /// that one as it is now, and nothing changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub id: Option<TodoId>,
    /// The title.
    pub title: Title,
    /// A tag group of the caller's.
    pub tag_group_id: TagGroupId,
    /// A longer text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub description: Option<Description>,
    /// Tags of the caller's, of any group.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub tag_ids: Option<TagIds>,
    /// The deadline. It also creates a schedule of an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub deadline: Option<Instant>,
    /// The parent todo, of the same group.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub parent_id: Option<TodoId>,
    /// UNSCHEDULED by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub status: Option<TodoStatus>,
}

/// `PATCH /v1/todos/{todo_id}`: absent members keep their values; null clears those that can be null.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TodoChanges {
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub title: Option<Title>,
    /// A longer text.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Description>))]
    pub description: Patch<Description>,
    /// A tag group of the caller's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub tag_group_id: Option<TagGroupId>,
    /// The complete set of tags, also of the todo's schedules; null and an empty list remove all.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<TagIds>))]
    pub tag_ids: Patch<TagIds>,
    /// The deadline. The schedule that it created moves along; null removes the todo's schedules.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Instant>))]
    pub deadline: Patch<Instant>,
    /// The parent todo; null makes it a root.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<TodoId>))]
    pub parent_id: Patch<TodoId>,
    /// Any status may follow any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub status: Option<TodoStatus>,
}

/// The query of `GET /v1/todos`.
#[derive(Clone, Debug, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct TodoQuery {
    /// Own todos, shared ones or both.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub scope: Scope,
    /// Only todos with all of these tags; repeatable. Ancestors of the caller's matches are added.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub tag_ids: TagIds,
    /// Only todos of one of these groups; repeatable.
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
    /// Only todos of this group, and its own tags.
    #[deserr(default)]
    pub group_id: Option<TagGroupId>,
}
