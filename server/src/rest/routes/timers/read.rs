//! Timers, queried.

use super::{
    filter::{self, FilterParams},
    params::{self, CommonParams},
    view::RestTimer,
};
use crate::{
    clock,
    paging::Page,
    rest::http::{
        caller::CurrentReader,
        error::{ApiError, DetailError, DomainError},
        json::unprocessable,
        paging::{self, ListAnswer, PageParams},
        path::PathId,
        query::Query,
    },
    service::timers::VisibleTimer,
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
};
use protocol::id::TimerId;

/// The caller's timers, newest first; then those that are shared with them.
#[utoipa::path(get, path = "/v1/timers", tag = "timers", operation_id = "list_timers",
    params(FilterParams, CommonParams, PageParams), security(("bearer" = [])),
    responses((status = 200, description = "The timers.", body = Vec<RestTimer>)))]
pub async fn list(
    State(state): State<AppState>,
    CurrentReader(reader): CurrentReader,
    OriginalUri(uri): OriginalUri,
) -> Result<ListAnswer, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let extras = params::read(&query, &mut issues);
    let filter = filter::read(&query, &mut issues);
    let page = paging::read(&query, &mut issues);
    unprocessable(issues)?;
    let zone = query.timezone()?;
    let timers = match filter {
        Some(filter) => state.timers.list(&reader, &filter, extras, &page).await?,
        None => Page::default(),
    };
    let now = clock::now();
    paging::answer(&uri, timers, |timer| RestTimer::new(timer, now, zone.as_ref()))
}

/// The caller's newest RUNNING or PAUSED timer.
#[utoipa::path(get, path = "/v1/timers/active", tag = "timers", operation_id = "get_active_timer",
    params(CommonParams), security(("bearer" = [])),
    responses(
        (status = 200, description = "The timer.", body = RestTimer),
        (status = 404, description = "None is RUNNING or PAUSED.", body = DetailError),
    ))]
pub async fn active(
    State(state): State<AppState>,
    CurrentReader(reader): CurrentReader,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<RestTimer>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let extras = params::read(&query, &mut issues);
    unprocessable(issues)?;
    let zone = query.timezone()?;
    let timer = state.timers.newest_active(&reader, extras).await?;
    let timer = timer.ok_or_else(|| ApiError::detail(StatusCode::NOT_FOUND, "No active timer found"))?;
    Ok(Json(RestTimer::new(&timer, clock::now(), zone.as_ref())))
}

/// One timer.
#[utoipa::path(get, path = "/v1/timers/{timer_id}", tag = "timers", operation_id = "get_timer",
    params(("timer_id" = TimerId, Path), CommonParams), security(("bearer" = [])),
    responses(
        (status = 200, description = "The timer.", body = RestTimer),
        (status = 403, description = "It is somebody else's and not shared with the caller.", body = DomainError),
        (status = 404, description = "There is none.", body = DomainError),
    ))]
pub async fn one(
    State(state): State<AppState>,
    CurrentReader(reader): CurrentReader,
    id: PathId<TimerId>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<RestTimer>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let extras = params::read(&query, &mut issues);
    let id = id.checked("timer_id", issues)?;
    let zone = query.timezone()?;
    let timer = readable(state.timers.one(&reader, id, extras).await?)?;
    Ok(Json(RestTimer::new(&timer, clock::now(), zone.as_ref())))
}

/// Existence first, then whether it is shared (contract, REST 4.9).
fn readable(found: Option<VisibleTimer>) -> Result<VisibleTimer, ApiError> {
    let found =
        found.ok_or_else(|| ApiError::domain(StatusCode::NOT_FOUND, "TimerNotFoundError", "Timer not found"))?;
    if found.access.is_readable() {
        return Ok(found);
    }
    let message = "This timer belongs to somebody else and is not shared with you";
    Err(ApiError::domain(StatusCode::FORBIDDEN, "AccessDeniedError", message))
}
