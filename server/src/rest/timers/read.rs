//! Timers, queried.

use super::{
    filter::{self, FilterParams},
    params::{self, CommonParams},
    view::RestTimer,
};
use crate::{
    clock,
    rest::{
        caller::CurrentUser,
        error::{ApiError, DetailError, DomainError},
        json::unprocessable,
        path::PathId,
        query::Query,
    },
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
};
use protocol::{
    id::{TimerId, UserId},
    timer::Timer,
};

/// The caller's timers, newest first.
#[utoipa::path(get, path = "/v1/timers", tag = "timers", operation_id = "list_timers",
    params(FilterParams, CommonParams), security(("bearer" = [])),
    responses((status = 200, description = "The timers.", body = Vec<RestTimer>)))]
pub async fn list(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Vec<RestTimer>>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    params::check(&query, &mut issues);
    let filter = filter::read(&query, &mut issues);
    unprocessable(issues)?;
    let zone = query.timezone()?;
    let timers = match filter {
        Some(filter) => state.timers.list(&user, &filter).await?,
        None => Vec::new(),
    };
    let now = clock::now();
    let views = timers.iter().map(|timer| RestTimer::own(timer, now, zone.as_ref()));
    Ok(Json(views.collect()))
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
    CurrentUser(user): CurrentUser,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<RestTimer>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    params::check(&query, &mut issues);
    unprocessable(issues)?;
    let zone = query.timezone()?;
    let timer = state.timers.newest_active(&user).await?;
    let timer = timer.ok_or_else(|| ApiError::detail(StatusCode::NOT_FOUND, "No active timer found"))?;
    Ok(Json(RestTimer::own(&timer, clock::now(), zone.as_ref())))
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
    CurrentUser(user): CurrentUser,
    id: PathId<TimerId>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<RestTimer>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    params::check(&query, &mut issues);
    let id = id.checked("timer_id", issues)?;
    let zone = query.timezone()?;
    let timer = state.timers.find(id).await?;
    let timer =
        timer.ok_or_else(|| ApiError::domain(StatusCode::NOT_FOUND, "TimerNotFoundError", "Timer not found"))?;
    readable_by(&timer, &user)?;
    Ok(Json(RestTimer::own(&timer, clock::now(), zone.as_ref())))
}

fn readable_by(timer: &Timer, user: &UserId) -> Result<(), ApiError> {
    if timer.owner_id == *user {
        return Ok(());
    }
    let message = "This timer belongs to somebody else and is not shared with you";
    Err(ApiError::domain(StatusCode::FORBIDDEN, "AccessDeniedError", message))
}
