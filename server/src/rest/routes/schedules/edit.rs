//! Changes and deletes schedules and single occurrences.

use crate::{
    rest::http::{
        caller::CurrentUser,
        error::{ApiError, DomainError},
        input::Input,
        ok::OkBody,
    },
    service::schedules::{InstancePatch, SchedulePatch, TimesPatch},
    state::AppState,
};
use axum::{Json, extract::State};
use protocol::{
    id::ScheduleId,
    rest::{InstanceQuery, ScheduleChanges, ScheduleView, ZoneQuery, input::Patch},
    time::Zone,
};

/// Changes a schedule; with `instance_start`, one occurrence of it.
///
/// An occurrence has its own title, description and times; null restores the schedule's. With `following=true` the
/// occurrence and all later ones become a schedule of their own, which is the answer. Changed and removed occurrences stay
/// with their place in the series; `dropped_exceptions` lists those whose place is gone.
#[utoipa::path(patch, path = "/v1/schedules/{schedule_id}", tag = "schedules", operation_id = "update_schedule",
    params(("schedule_id" = ScheduleId, Path), ZoneQuery, InstanceQuery), request_body = ScheduleChanges,
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The schedule, or the occurrence, after the change.", body = ScheduleView),
        (status = 400, description = "The recurrence rule, its end or the timezone is invalid, or the schedule does not recur; nothing was changed.", body = DomainError),
        (status = 404, description = "The caller has no such schedule, tag, group or todo, or the schedule has no such occurrence.", body = DomainError),
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
    let (
        InstanceQuery {
            instance_start,
            following,
        },
        ZoneQuery { timezone },
    ) = query;
    let (zone, schedules) = (timezone.zone(), &state.schedules);
    let view = match instance_start {
        Some(start) if following.0 => {
            let patch = schedule_patch(body, zone);
            schedules
                .patch_following(caller.0, path, start.into(), patch)
                .await?
                .view(zone)
        }
        Some(start) => {
            let patch = instance_patch(body, zone);
            schedules
                .patch_instance(caller.0, path, start.into(), patch)
                .await?
                .view(zone)
        }
        None => schedules
            .patch(caller.0, path, schedule_patch(body, zone))
            .await?
            .view(zone),
    };
    Ok(Json(view))
}

fn times_patch(changes: &ScheduleChanges, zone: Option<&Zone>) -> TimesPatch {
    TimesPatch {
        all_day: changes.all_day,
        start_time: changes.start_time.clone().into_option().flatten(),
        end_time: changes.end_time.clone().into_option().flatten(),
        start_date: changes.start_date.map(Into::into),
        end_date: changes.end_date.map(Into::into),
        zone: zone.cloned(),
    }
}

/// Null counts as absent for fields that cannot be cleared.
fn schedule_patch(changes: ScheduleChanges, zone: Option<&Zone>) -> SchedulePatch {
    SchedulePatch {
        times: times_patch(&changes, zone),
        title: changes.title.into_option().flatten(),
        description: changes.description.into_option(),
        recurrence_rule: changes.recurrence_rule.into_option(),
        recurrence_end: changes.recurrence_end.into_option(),
        tag_ids: changes.tag_ids.into_option().map(Option::unwrap_or_default),
        tag_group_id: changes.tag_group_id.into_option(),
        source_todo_id: changes.source_todo_id.into_option(),
        state: changes.state,
    }
}

fn instance_patch(changes: ScheduleChanges, zone: Option<&Zone>) -> InstancePatch {
    InstancePatch {
        times: times_patch(&changes, zone),
        restores: (changes.start_time == Patch::Clear, changes.end_time == Patch::Clear),
        title: changes.title.into_option(),
        description: changes.description.into_option(),
        tag_ids: changes.tag_ids.into_option().map(Option::unwrap_or_default),
    }
}

/// Deletes a schedule; with `instance_start`, one occurrence of it.
///
/// Its timers and todo stay. With `following=true` the series ends before the occurrence. Deleting the last occurrence up
/// to `recurrence_end` deletes the schedule.
#[utoipa::path(delete, path = "/v1/schedules/{schedule_id}", tag = "schedules", operation_id = "delete_schedule",
    params(("schedule_id" = ScheduleId, Path), InstanceQuery, ZoneQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "Deleted.", body = OkBody),
        (status = 400, description = "The schedule does not recur.", body = DomainError),
        (status = 404, description = "The caller has no such schedule, or the schedule has no such occurrence.", body = DomainError),
    ))]
pub async fn delete(
    State(state): State<AppState>,
    Input {
        caller, path, query, ..
    }: Input<CurrentUser, ScheduleId, (InstanceQuery, ZoneQuery)>,
) -> Result<Json<OkBody>, ApiError> {
    let (
        InstanceQuery {
            instance_start,
            following,
        },
        ZoneQuery { timezone },
    ) = query;
    let (zone, schedules) = (timezone.zone().cloned(), &state.schedules);
    match instance_start {
        Some(start) if following.0 => schedules.delete_following(caller.0, path, start.into(), zone).await?,
        Some(start) => schedules.delete_instance(caller.0, path, start.into(), zone).await?,
        None => schedules.delete(caller.0, path).await?,
    }
    Ok(Json(OkBody::default()))
}
