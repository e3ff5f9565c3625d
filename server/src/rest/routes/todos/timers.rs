//! The caller's own timers of a todo (contract, REST 8.4).

use crate::{
    clock,
    rest::{
        http::{
            caller::CurrentReader,
            error::{ApiError, DomainError},
            paging::{self, ListAnswer, PageParams},
            path::PathId,
            query::Query,
        },
        routes::{schedules::ZoneParam, timers::RestTimer},
    },
    service::Refusal,
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use protocol::id::TodoId;
use utoipa::IntoParams;

/// What is added to the timers.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the parameters are read one by one")]
struct IncludeParam {
    /// Adds the todo.
    include_todo: Option<bool>,
}

/// The caller's timers of a todo, newest first.
#[utoipa::path(get, path = "/v1/todos/{todo_id}/timers", tag = "todos",
    operation_id = "list_todo_timers",
    params(("todo_id" = TodoId, Path), ZoneParam, IncludeParam, PageParams), security(("bearer" = [])),
    responses(
        (status = 200, description = "The timers.", body = Vec<RestTimer>),
        (status = 403, description = "It is somebody else's and not shared with the caller.", body = DomainError),
        (status = 404, description = "There is none.", body = DomainError),
    ))]
pub async fn list_timers(
    State(state): State<AppState>,
    CurrentReader(reader): CurrentReader,
    id: PathId<TodoId>,
    OriginalUri(uri): OriginalUri,
) -> Result<ListAnswer, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let include = query.boolean("include_todo", &mut issues);
    let page = paging::read(&query, &mut issues);
    let id = id.checked("todo_id", issues)?;
    let zone = query.timezone()?;
    let (todo, timers) = state.todos.timers(&reader, id, &page).await?;
    let todo = include.then(|| todo.view(zone.as_ref()));
    let now = clock::now();
    paging::answer(&uri, timers, |timer| RestTimer {
        todo: todo.clone(),
        ..RestTimer::own(timer, now, zone.as_ref())
    })
}

/// The caller's newest RUNNING or PAUSED timer of a todo.
#[utoipa::path(get, path = "/v1/todos/{todo_id}/timers/active", tag = "todos",
    operation_id = "get_active_todo_timer",
    params(("todo_id" = TodoId, Path), ZoneParam, IncludeParam), security(("bearer" = [])),
    responses(
        (status = 200, description = "The timer.", body = RestTimer),
        (status = 403, description = "It is somebody else's and not shared with the caller.", body = DomainError),
        (status = 404, description = "There is none, or none is active.", body = DomainError),
    ))]
pub async fn active_timer(
    State(state): State<AppState>,
    CurrentReader(reader): CurrentReader,
    id: PathId<TodoId>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<RestTimer>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let include = query.boolean("include_todo", &mut issues);
    let id = id.checked("todo_id", issues)?;
    let zone = query.timezone()?;
    let (todo, newest) = state.todos.active_timer(&reader, id).await?;
    let timer = newest.ok_or(Refusal::TimerNotFound)?;
    Ok(Json(RestTimer {
        todo: include.then(|| todo.view(zone.as_ref())),
        ..RestTimer::own(&timer, clock::now(), zone.as_ref())
    }))
}
