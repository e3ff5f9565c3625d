//! Time spent on todos (`GET /v1/todos/time`).

use crate::{
    id::{TagGroupId, TodoId},
    rest::input::Issues,
};
use deserr::Deserr;
use serde::{Deserialize, Serialize};

/// The time spent on a todo, by the timers that are linked to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TodoTime {
    /// The todo.
    pub todo_id: TodoId,
    /// The elapsed time of its own timers in seconds.
    pub own_seconds: i64,
    /// The same with the timers of all todos below it.
    pub seconds_with_children: i64,
}

/// The query of `GET /v1/todos/time`.
#[derive(Clone, Debug, Default, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct TodoTimeQuery {
    /// Only todos of this group. The todos below them count whatever their group.
    #[deserr(default)]
    pub group_id: Option<TagGroupId>,
}
