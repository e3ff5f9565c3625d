//! Creates, changes and deletes todos.

use crate::{
    rest::http::{
        caller::CurrentUser,
        error::{ApiError, DomainError},
        input::{Input, NoPath},
        ok::OkBody,
    },
    service::todos,
    state::AppState,
};
use axum::{Json, extract::State, http::StatusCode};
use protocol::{
    id::TodoId,
    rest::{NewTodo, TodoChanges, TodoView, ZoneQuery},
};

/// Creates a todo, and a schedule for its deadline.
#[utoipa::path(post, path = "/v1/todos", tag = "todos", operation_id = "create_todo",
    params(ZoneQuery), request_body = NewTodo, security(("bearer" = [])),
    responses(
        (status = 201, description = "The todo.", body = TodoView),
        (status = 400, description = "The given parent is not possible, or the timezone is invalid; nothing was changed.",
         body = DomainError),
        (status = 404, description = "The caller has no such group or tag.", body = DomainError),
        (status = 409, description = "The id is taken, or a quota would be exceeded; nothing was changed.", body = DomainError),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Input {
        caller, query, body, ..
    }: Input<CurrentUser, NoPath, ZoneQuery, NewTodo>,
) -> Result<(StatusCode, Json<TodoView>), ApiError> {
    let new = todos::NewTodo {
        id: body.id,
        title: body.title.into(),
        description: body.description.map(Into::into),
        tag_group_id: body.tag_group_id,
        tag_ids: body.tag_ids.unwrap_or_default().into(),
        deadline: body.deadline.map(Into::into),
        parent_id: body.parent_id,
        status: body.status.unwrap_or_default(),
    };
    let todo = state.todos.create(caller.0, new).await?;
    Ok((StatusCode::CREATED, Json(todo.view(query.timezone.zone()))))
}

/// Changes a todo, and with its deadline and tags its schedules.
#[utoipa::path(patch, path = "/v1/todos/{todo_id}", tag = "todos", operation_id = "update_todo",
    params(("todo_id" = TodoId, Path), ZoneQuery), request_body = TodoChanges, security(("bearer" = [])),
    responses(
        (status = 200, description = "The todo after the change.", body = TodoView),
        (status = 400, description = "The given parent is not possible, or the timezone is invalid; nothing was changed.",
         body = DomainError),
        (status = 404, description = "The caller has no such todo, group or tag.", body = DomainError),
    ))]
pub async fn patch(
    State(state): State<AppState>,
    Input {
        caller,
        path,
        query,
        body,
    }: Input<CurrentUser, TodoId, ZoneQuery, TodoChanges>,
) -> Result<Json<TodoView>, ApiError> {
    let patch = todos::TodoPatch {
        title: body.title.map(Into::into),
        description: body.description.into_option(),
        tag_group_id: body.tag_group_id,
        tag_ids: body.tag_ids.into_option().map(Option::unwrap_or_default),
        deadline: body.deadline.into_option(),
        parent_id: body.parent_id.into_option(),
        status: body.status,
    };
    let todo = state.todos.patch(caller.0, path, patch).await?;
    Ok(Json(todo.view(query.timezone.zone())))
}

/// Deletes a todo with its schedules.
///
/// Its children become roots; its timers stay.
#[utoipa::path(delete, path = "/v1/todos/{todo_id}", tag = "todos", operation_id = "delete_todo",
    params(("todo_id" = TodoId, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Deleted.", body = OkBody),
        (status = 404, description = "The caller has no such todo.", body = DomainError),
    ))]
pub async fn delete(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, TodoId>,
) -> Result<Json<OkBody>, ApiError> {
    state.todos.delete(caller.0, path).await?;
    Ok(Json(OkBody::default()))
}
