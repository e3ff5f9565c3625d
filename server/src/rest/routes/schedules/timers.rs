//! The caller's own timers of a schedule (contract, REST 7.5).

use super::params::ZoneParam;
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
        routes::timers::RestTimer,
    },
    service::Refusal,
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use protocol::id::ScheduleId;
use utoipa::IntoParams;

/// What is added to the timers.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the parameters are read one by one")]
struct IncludeParam {
    /// Adds the schedule.
    include_schedule: Option<bool>,
}

/// The caller's timers of a schedule, newest first.
#[utoipa::path(get, path = "/v1/schedules/{schedule_id}/timers", tag = "schedules",
    operation_id = "list_schedule_timers",
    params(("schedule_id" = ScheduleId, Path), ZoneParam, IncludeParam, PageParams), security(("bearer" = [])),
    responses(
        (status = 200, description = "The timers.", body = Vec<RestTimer>),
        (status = 403, description = "It is somebody else's and not shared with the caller.", body = DomainError),
        (status = 404, description = "There is none.", body = DomainError),
    ))]
pub async fn list_timers(
    State(state): State<AppState>,
    CurrentReader(reader): CurrentReader,
    id: PathId<ScheduleId>,
    OriginalUri(uri): OriginalUri,
) -> Result<ListAnswer, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let include = query.boolean("include_schedule", &mut issues);
    let page = paging::read(&query, &mut issues);
    let id = id.checked("schedule_id", issues)?;
    let zone = query.timezone()?;
    let (schedule, timers) = state.schedules.timers(&reader, id, &page).await?;
    let schedule = include.then(|| schedule.view(zone.as_ref()));
    let now = clock::now();
    paging::answer(&uri, timers, |timer| RestTimer {
        schedule: schedule.clone(),
        ..RestTimer::own(timer, now, zone.as_ref())
    })
}

/// The caller's newest RUNNING or PAUSED timer of a schedule.
#[utoipa::path(get, path = "/v1/schedules/{schedule_id}/timers/active", tag = "schedules",
    operation_id = "get_active_schedule_timer",
    params(("schedule_id" = ScheduleId, Path), ZoneParam, IncludeParam), security(("bearer" = [])),
    responses(
        (status = 200, description = "The timer.", body = RestTimer),
        (status = 403, description = "It is somebody else's and not shared with the caller.", body = DomainError),
        (status = 404, description = "There is none, or none is active.", body = DomainError),
    ))]
pub async fn active_timer(
    State(state): State<AppState>,
    CurrentReader(reader): CurrentReader,
    id: PathId<ScheduleId>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<RestTimer>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let include = query.boolean("include_schedule", &mut issues);
    let id = id.checked("schedule_id", issues)?;
    let zone = query.timezone()?;
    let (schedule, newest) = state.schedules.active_timer(&reader, id).await?;
    let timer = newest.ok_or(Refusal::TimerNotFound)?;
    Ok(Json(RestTimer {
        schedule: include.then(|| schedule.view(zone.as_ref())),
        ..RestTimer::own(&timer, clock::now(), zone.as_ref())
    }))
}
