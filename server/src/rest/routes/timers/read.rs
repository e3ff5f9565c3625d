//! Reads timers.

use super::{
    query::{extras, filter},
    view::RestTimer,
};
use crate::{
    clock,
    paging::{Page, PageRequest, ScopeKey, TimeKey},
    rest::http::{
        caller::CurrentReader,
        error::{ApiError, DetailError, DomainError},
        input::{Input, NoPath},
        paging::{self, ListAnswer},
    },
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
};
use protocol::{
    id::TimerId,
    rest::{PageQuery, TimerFilter, TimerSearch, TimerViewQuery},
};

/// The caller's timers, newest first; then those that are shared with the caller.
#[utoipa::path(get, path = "/v1/timers", tag = "timers", operation_id = "list_timers",
    params(TimerFilter, TimerSearch, TimerViewQuery, PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "The timers.", body = Vec<RestTimer>)))]
pub async fn list(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input { caller, query, .. }: Input<
        CurrentReader,
        NoPath,
        (
            TimerViewQuery,
            (TimerFilter, TimerSearch),
            PageRequest<ScopeKey<TimeKey>>,
        ),
    >,
) -> Result<ListAnswer, ApiError> {
    let (view, (bounds, wanted), page) = query;
    let timers = match filter(bounds, wanted) {
        Some(filter) => state.timers.list(&caller.0, &filter, extras(&view), &page).await?,
        None => Page::default(),
    };
    let now = clock::now();
    paging::answer(&uri, timers, |timer| RestTimer::new(timer, now, view.timezone.zone()))
}

/// The caller's newest RUNNING or PAUSED timer.
#[utoipa::path(get, path = "/v1/timers/active", tag = "timers", operation_id = "get_active_timer",
    params(TimerViewQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "The timer.", body = RestTimer),
        (status = 404, description = "The caller has no RUNNING or PAUSED timer.", body = DetailError),
    ))]
pub async fn active(
    State(state): State<AppState>,
    Input { caller, query, .. }: Input<CurrentReader, NoPath, TimerViewQuery>,
) -> Result<Json<RestTimer>, ApiError> {
    let timer = state.timers.newest_active(&caller.0, extras(&query)).await?;
    let timer = timer.ok_or_else(|| ApiError::detail(StatusCode::NOT_FOUND, "No active timer found"))?;
    Ok(Json(RestTimer::new(&timer, clock::now(), query.timezone.zone())))
}

/// One timer.
#[utoipa::path(get, path = "/v1/timers/{timer_id}", tag = "timers", operation_id = "get_timer",
    params(("timer_id" = TimerId, Path), TimerViewQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "The timer.", body = RestTimer),
        (status = 403, description = "It belongs to another user and is not shared with the caller.", body = DomainError),
        (status = 404, description = "There is no such timer.", body = DomainError),
    ))]
pub async fn one(
    State(state): State<AppState>,
    Input {
        caller, path, query, ..
    }: Input<CurrentReader, TimerId, TimerViewQuery>,
) -> Result<Json<RestTimer>, ApiError> {
    let timer = state.timers.one(&caller.0, path, extras(&query)).await?;
    Ok(Json(RestTimer::new(&timer, clock::now(), query.timezone.zone())))
}
