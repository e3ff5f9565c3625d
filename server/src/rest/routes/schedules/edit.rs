//! Changes and deletes schedules and single occurrences.

use crate::{
    rest::http::{
        caller::CurrentUser,
        error::{ApiError, DomainError},
        input::Input,
        ok::OkBody,
    },
    service::schedules::{InstancePatch, SchedulePatch},
    state::AppState,
};
use axum::{Json, extract::State};
use protocol::{
    id::ScheduleId,
    rest::{InstanceQuery, ScheduleChanges, ScheduleView, ZoneQuery},
};

/// Changes a schedule; with `instance_start`, one occurrence of it.
///
/// An occurrence has its own title, description and times; null restores the schedule's.
#[utoipa::path(patch, path = "/v1/schedules/{schedule_id}", tag = "schedules", operation_id = "update_schedule",
    params(("schedule_id" = ScheduleId, Path), ZoneQuery, InstanceQuery), request_body = ScheduleChanges,
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The schedule, or the occurrence, after the change.", body = ScheduleView),
        (status = 400, description = "The recurrence rule, its end or the timezone is invalid, or the schedule does not recur; nothing was changed.", body = DomainError),
        (status = 404, description = "The caller has no such schedule, tag, group or todo.", body = DomainError),
    ))]
pub async fn patch(
    State(state): State<AppState>,
    Input {
        caller,
        path,
        query,
        body,
    }: Input<CurrentUser, ScheduleId, (InstanceQuery, ZoneQuery), ScheduleChanges>,
) -> Result<Json<ScheduleView>, ApiError> {
    let (InstanceQuery { instance_start }, ZoneQuery { timezone }) = query;
    let zone = timezone.zone();
    if let Some(start) = instance_start {
        let patch = instance_patch(body);
        let instance = state
            .schedules
            .patch_instance(caller.0, path, start.into(), patch)
            .await?;
        return Ok(Json(instance.view(zone)));
    }
    let schedule = state.schedules.patch(caller.0, path, schedule_patch(body)).await?;
    Ok(Json(schedule.view(zone)))
}

/// Null counts as absent for fields that cannot be cleared.
fn schedule_patch(changes: ScheduleChanges) -> SchedulePatch {
    SchedulePatch {
        title: changes.title.into_option().flatten(),
        description: changes.description.into_option(),
        start_time: changes.start_time.into_option().flatten(),
        end_time: changes.end_time.into_option().flatten(),
        recurrence_rule: changes.recurrence_rule.into_option(),
        recurrence_end: changes.recurrence_end.into_option(),
        tag_ids: changes.tag_ids.into_option().map(Option::unwrap_or_default),
        tag_group_id: changes.tag_group_id.into_option(),
        source_todo_id: changes.source_todo_id.into_option(),
        state: changes.state,
    }
}

fn instance_patch(changes: ScheduleChanges) -> InstancePatch {
    InstancePatch {
        title: changes.title.into_option(),
        description: changes.description.into_option(),
        start_time: changes.start_time.into_option(),
        end_time: changes.end_time.into_option(),
        tag_ids: changes.tag_ids.into_option().map(Option::unwrap_or_default),
    }
}

/// Deletes a schedule; with `instance_start`, one occurrence of it.
///
/// Its timers and todo stay. Deleting the last occurrence up to `recurrence_end` deletes the schedule.
#[utoipa::path(delete, path = "/v1/schedules/{schedule_id}", tag = "schedules", operation_id = "delete_schedule",
    params(("schedule_id" = ScheduleId, Path), InstanceQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "Deleted.", body = OkBody),
        (status = 400, description = "The schedule does not recur.", body = DomainError),
        (status = 404, description = "The caller has no such schedule.", body = DomainError),
    ))]
pub async fn delete(
    State(state): State<AppState>,
    Input {
        caller, path, query, ..
    }: Input<CurrentUser, ScheduleId, InstanceQuery>,
) -> Result<Json<OkBody>, ApiError> {
    match query.instance_start {
        Some(start) => state.schedules.delete_instance(caller.0, path, start.into()).await?,
        None => state.schedules.delete(caller.0, path).await?,
    }
    Ok(Json(OkBody::default()))
}
