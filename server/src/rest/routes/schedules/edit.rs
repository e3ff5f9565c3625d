//! Schedules and single occurrences, changed and deleted by their owner.

use super::{
    body::{self, ScheduleChanges},
    params::{InstanceParam, ZoneParam},
};
use crate::{
    rest::http::{
        caller::CurrentUser,
        done::Done,
        error::{ApiError, DomainError},
        json::SentBody,
        path::PathId,
        query::Query,
    },
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use protocol::{id::ScheduleId, rest::ScheduleView};

/// Changes a schedule; with `instance_start`, one occurrence of it.
///
/// Of an occurrence title, description and times can be changed; null makes them the schedule's again.
#[utoipa::path(patch, path = "/v1/schedules/{schedule_id}", tag = "schedules", operation_id = "update_schedule",
    params(("schedule_id" = ScheduleId, Path), ZoneParam, InstanceParam), request_body = ScheduleChanges,
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The schedule, or the occurrence, as it is now.", body = ScheduleView),
        (status = 400, description = "The recurrence is none, or the timezone; nothing was done.", body = DomainError),
        (status = 404, description = "The caller has no such schedule, tag, group or todo.", body = DomainError),
    ))]
pub async fn patch(
    State(state): State<AppState>,
    id: PathId<ScheduleId>,
    OriginalUri(uri): OriginalUri,
    SentBody { sender, body }: SentBody,
) -> Result<Json<ScheduleView>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let instance_start = query.instant("instance_start", &mut issues);
    let body = body.members(&mut issues);
    if query.last("instance_start").is_some() {
        let patch = body::instance_changes(&body, &mut issues);
        let id = id.checked("schedule_id", issues)?;
        let zone = query.timezone()?;
        let start = instance_start.unwrap_or_default();
        let instance = state.schedules.patch_instance(sender.0, id, start, patch).await?;
        return Ok(Json(instance.view(zone.as_ref())));
    }
    let patch = body::changes(&body, &mut issues);
    let id = id.checked("schedule_id", issues)?;
    let zone = query.timezone()?;
    let schedule = state.schedules.patch(sender.0, id, patch).await?;
    Ok(Json(schedule.view(zone.as_ref())))
}

/// Deletes a schedule; with `instance_start`, one occurrence of it.
///
/// Timers and the todo stay, without it. With its last occurrence up to `recurrence_end` a schedule goes.
#[utoipa::path(delete, path = "/v1/schedules/{schedule_id}", tag = "schedules", operation_id = "delete_schedule",
    params(("schedule_id" = ScheduleId, Path), InstanceParam), security(("bearer" = [])),
    responses(
        (status = 200, description = "It is gone.", body = Done),
        (status = 400, description = "The schedule does not recur.", body = DomainError),
        (status = 404, description = "The caller has no such schedule.", body = DomainError),
    ))]
pub async fn delete(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    id: PathId<ScheduleId>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Done>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let instance_start = query.instant("instance_start", &mut issues);
    let id = id.checked("schedule_id", issues)?;
    match instance_start {
        Some(start) => state.schedules.delete_instance(user, id, start).await?,
        None => state.schedules.delete(user, id).await?,
    }
    Ok(Json(Done::default()))
}
