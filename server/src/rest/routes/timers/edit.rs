//! Changes and deletes timers; the owner's connections receive the change.

use super::{query::extras, view::RestTimer};
use crate::{
    clock,
    rest::http::{
        caller::{CurrentReader, CurrentUser},
        error::{ApiError, DomainError},
        input::{Input, NoPath},
        ok::OkBody,
    },
    service::timers::Edit,
    state::AppState,
};
use axum::{Json, extract::State};
use protocol::{
    id::TimerId,
    rest::{DeletedTimers, TimerChanges, TimerViewQuery},
    timers::TimerPatch,
};

/// Changes a timer's texts and links.
///
/// The owner's connections get `timer.updated` with the action `sync`, unless nothing changed.
#[utoipa::path(patch, path = "/v1/timers/{timer_id}", tag = "timers", operation_id = "update_timer",
    params(("timer_id" = TimerId, Path), TimerViewQuery), request_body = TimerChanges, security(("bearer" = [])),
    responses(
        (status = 200, description = "The timer after the change.", body = RestTimer),
        (status = 404, description = "The caller has no such timer, schedule, todo or tag.", body = DomainError),
    ))]
pub async fn patch(
    State(state): State<AppState>,
    Input {
        caller: CurrentReader(reader),
        path: id,
        query,
        body,
    }: Input<CurrentReader, TimerId, TimerViewQuery, TimerChanges>,
) -> Result<Json<RestTimer>, ApiError> {
    let edit = Edit {
        patch: TimerPatch {
            title: body.title.into_option(),
            description: body.description.into_option(),
            schedule_id: body.schedule_id.into_option(),
            todo_id: body.todo_id.into_option(),
        },
        tag_ids: body.tag_ids.into_option().map(Option::unwrap_or_default),
    };
    let timer = state.timers.patch(reader, id, edit, extras(&query)).await?;
    Ok(Json(RestTimer::new(&timer, clock::now(), query.timezone.zone())))
}

/// Deletes a timer.
///
/// The owner's connections get `timer.deleted`, as do those with `shared=true` whose users could see it.
#[utoipa::path(delete, path = "/v1/timers/{timer_id}", tag = "timers", operation_id = "delete_timer",
    params(("timer_id" = TimerId, Path), TimerViewQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "Deleted.", body = OkBody),
        (status = 404, description = "The caller has no such timer.", body = DomainError),
    ))]
pub async fn delete(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, TimerId, TimerViewQuery>,
) -> Result<Json<OkBody>, ApiError> {
    state.timers.delete(caller.0, path).await?;
    Ok(Json(OkBody::default()))
}

/// Deletes several timers at once, by their ids.
///
/// Those that the caller does not have are left out, so that the request can be repeated. The caller's connections get
/// `timer.deleted` for each one.
#[utoipa::path(delete, path = "/v1/timers", tag = "timers", operation_id = "delete_timers",
    params(DeletedTimers), security(("bearer" = [])),
    responses((status = 200, description = "The caller has none of these timers any more.", body = OkBody)))]
pub async fn delete_all(
    State(state): State<AppState>,
    Input { caller, query, .. }: Input<CurrentUser, NoPath, DeletedTimers>,
) -> Result<Json<OkBody>, ApiError> {
    state.timers.delete_all(caller.0, query.timer_ids.0).await?;
    Ok(Json(OkBody::default()))
}
