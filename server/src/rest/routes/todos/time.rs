//! Time spent on the caller's todos.

use crate::{
    paging::PageRequest,
    rest::http::{
        caller::CurrentUser,
        error::ApiError,
        input::{Input, NoPath},
        paging::{self, ListAnswer},
    },
    state::AppState,
};
use axum::extract::{OriginalUri, State};
use protocol::rest::{PageQuery, TodoTime, TodoTimeQuery};
use uuid::Uuid;

/// The time that the caller's timers spent on each todo, alone and with the todos below it.
///
/// Todos without time are left out; the order is that of the ids. A running timer counts with the time that has elapsed by
/// now.
#[utoipa::path(get, path = "/v1/todos/time", tag = "todos", operation_id = "get_todo_time",
    params(TodoTimeQuery, PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "The times.", body = Vec<TodoTime>)))]
pub async fn time(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input { caller, query, .. }: Input<CurrentUser, NoPath, (TodoTimeQuery, PageRequest<Uuid>)>,
) -> Result<ListAnswer, ApiError> {
    let (query, page) = query;
    let times = state.todos.time_spent(&caller.0, query.group_id, &page).await?;
    paging::answer(&uri, times, |time| *time)
}
