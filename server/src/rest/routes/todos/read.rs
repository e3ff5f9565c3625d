//! Reads todos.

use crate::{
    paging::{PageRequest, ScopeKey},
    rest::http::{
        caller::CurrentReader,
        error::{ApiError, DomainError},
        input::{Input, NoPath},
        paging::{self, ListAnswer},
    },
    service::todos,
    state::AppState,
    store::todos::TodoKey,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use protocol::{
    id::TodoId,
    rest::{PageQuery, TodoQuery, TodoView, ZoneQuery},
};

/// The caller's todos by status, deadline and age, then those that others share.
///
/// With `tag_ids` the ancestors of matches are listed too, each at its own position: it may be on another
/// page than its match. A todo contains its earliest schedules, up to about 65,536 characters in total.
#[utoipa::path(get, path = "/v1/todos", tag = "todos", operation_id = "list_todos",
    params(TodoQuery, PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "The todos.", body = Vec<TodoView>)))]
pub async fn list(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input { caller, query, .. }: Input<CurrentReader, NoPath, (TodoQuery, PageRequest<ScopeKey<TodoKey>>)>,
) -> Result<ListAnswer, ApiError> {
    let (query, page) = query;
    let wanted = todos::Query {
        scope: query.scope,
        tag_ids: query.tag_ids.into(),
        group_ids: query.group_ids.into(),
    };
    let todos = state.todos.list(&caller.0, &wanted, &page).await?;
    paging::answer(&uri, todos, |todo| todo.view(query.timezone.zone()))
}

/// One todo.
#[utoipa::path(get, path = "/v1/todos/{todo_id}", tag = "todos", operation_id = "get_todo",
    params(("todo_id" = TodoId, Path), ZoneQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "The todo.", body = TodoView),
        (status = 403, description = "It belongs to another user and is not shared with the caller.", body = DomainError),
        (status = 404, description = "There is no such todo.", body = DomainError),
    ))]
pub async fn one(
    State(state): State<AppState>,
    Input {
        caller, path, query, ..
    }: Input<CurrentReader, TodoId, ZoneQuery>,
) -> Result<Json<TodoView>, ApiError> {
    let todo = state.todos.one(&caller.0, path).await?;
    Ok(Json(todo.view(query.timezone.zone())))
}
