//! Todos, made, changed and deleted by their owner.

use super::body;
use crate::{
    rest::{
        http::{
            caller::CurrentUser,
            done::Done,
            error::{ApiError, DomainError},
            json::{SentBody, given},
            path::PathId,
            query::Query,
        },
        routes::schedules::ZoneParam,
    },
    service::todos::NewTodo,
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
};
use protocol::{id::TodoId, rest::TodoView};

/// Makes a todo, and the schedule of its deadline.
#[utoipa::path(post, path = "/v1/todos", tag = "todos", operation_id = "create_todo",
    params(ZoneParam), request_body = body::NewTodo, security(("bearer" = [])),
    responses(
        (status = 201, description = "The todo.", body = TodoView),
        (status = 400, description = "The parent may not be one, or timezone is none; nothing was done.",
         body = DomainError),
        (status = 404, description = "The caller has no such group or tag.", body = DomainError),
    ))]
pub async fn create(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    SentBody { sender, body }: SentBody,
) -> Result<(StatusCode, Json<TodoView>), ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let body = body.members(&mut issues);
    for name in ["title", "tag_group_id"] {
        body.required(name, &mut issues);
    }
    let members = body::changes(&body, &mut issues);
    let new = NewTodo {
        tag_group_id: given(members.tag_group_id, issues)?,
        title: members.title.unwrap_or_default(),
        description: members.description.flatten(),
        tag_ids: members.tag_ids.unwrap_or_default(),
        deadline: members.deadline.flatten(),
        parent_id: members.parent_id.flatten(),
        status: members.status.unwrap_or_default(),
    };
    // Before the change, so that a bad one leaves nothing behind.
    let zone = query.timezone()?;
    let todo = state.todos.create(sender.0, new).await?;
    Ok((StatusCode::CREATED, Json(todo.view(zone.as_ref()))))
}

/// Changes a todo, and its schedules with its deadline and tags.
#[utoipa::path(patch, path = "/v1/todos/{todo_id}", tag = "todos", operation_id = "update_todo",
    params(("todo_id" = TodoId, Path), ZoneParam), request_body = body::TodoChanges, security(("bearer" = [])),
    responses(
        (status = 200, description = "The todo as it is now.", body = TodoView),
        (status = 400, description = "The parent may not be one, or timezone is none; nothing was done.",
         body = DomainError),
        (status = 404, description = "The caller has no such todo, group or tag.", body = DomainError),
    ))]
pub async fn patch(
    State(state): State<AppState>,
    id: PathId<TodoId>,
    OriginalUri(uri): OriginalUri,
    SentBody { sender, body }: SentBody,
) -> Result<Json<TodoView>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let body = body.members(&mut issues);
    let patch = body::changes(&body, &mut issues);
    let id = id.checked("todo_id", issues)?;
    let zone = query.timezone()?;
    let todo = state.todos.patch(sender.0, id, patch).await?;
    Ok(Json(todo.view(zone.as_ref())))
}

/// Deletes a todo with its schedules.
///
/// What is below it becomes a root; timers stay, without it.
#[utoipa::path(delete, path = "/v1/todos/{todo_id}", tag = "todos", operation_id = "delete_todo",
    params(("todo_id" = TodoId, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "It is gone.", body = Done),
        (status = 404, description = "The caller has no such todo.", body = DomainError),
    ))]
pub async fn delete(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    id: PathId<TodoId>,
) -> Result<Json<Done>, ApiError> {
    let id = id.checked("todo_id", vec![])?;
    state.todos.delete(user, id).await?;
    Ok(Json(Done::default()))
}
