//! Timers, changed and deleted by their owner, whose connections see it live.

use super::{
    params::{self, CommonParams},
    view::RestTimer,
};
use crate::{
    clock,
    rest::http::{
        caller::{CurrentReader, CurrentUser},
        done::Done,
        error::{ApiError, DomainError},
        json::SentBody,
        path::PathId,
        query::Query,
    },
    service::timers::{Edit, EditError, UnknownLink},
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
};
use protocol::{
    id::{ScheduleId, TagId, TimerId, TodoId},
    limits,
    timers::TimerPatch,
};
use utoipa::ToSchema;

/// What a PATCH may set. What is absent stays, null clears; other members, such as the status and
/// durations, are ignored.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "the members are read one by one, so that one answer lists all that is wrong"
)]
struct TimerChanges {
    /// What it is for.
    #[schema(max_length = 500)]
    title: Option<String>,
    /// More about it.
    #[schema(max_length = 20_000)]
    description: Option<String>,
    /// A schedule of the caller's; null unlinks.
    schedule_id: Option<ScheduleId>,
    /// A todo of the caller's; null unlinks.
    todo_id: Option<TodoId>,
    /// The whole set of tags; null and an empty list empty it.
    tag_ids: Option<Vec<TagId>>,
}

/// Changes what a timer is called and linked to.
///
/// The owner's connections get `timer.updated` with the action `sync`, unless nothing changed.
#[utoipa::path(patch, path = "/v1/timers/{timer_id}", tag = "timers", operation_id = "update_timer",
    params(("timer_id" = TimerId, Path), CommonParams), request_body = TimerChanges, security(("bearer" = [])),
    responses(
        (status = 200, description = "The timer as it is now.", body = RestTimer),
        (status = 404, description = "The caller has no such timer, schedule, todo or tag.", body = DomainError),
    ))]
pub async fn patch(
    State(state): State<AppState>,
    id: PathId<TimerId>,
    OriginalUri(uri): OriginalUri,
    SentBody { sender, body }: SentBody<CurrentReader>,
) -> Result<Json<RestTimer>, ApiError> {
    let CurrentReader(reader) = sender;
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let extras = params::read(&query, &mut issues);
    let body = body.members(&mut issues);
    let edit = Edit::Patch {
        patch: TimerPatch {
            title: body.text("title", limits::TITLE_CHARS, &mut issues),
            description: body.text("description", limits::DESCRIPTION_CHARS, &mut issues),
            schedule_id: body.id("schedule_id", &mut issues),
            todo_id: body.id("todo_id", &mut issues),
        },
        tag_ids: body.ids("tag_ids", &mut issues),
    };
    let id = id.checked("timer_id", issues)?;
    // Before the change, so that a bad one leaves nothing behind.
    let zone = query.timezone()?;
    state.timers.edit(reader.user.clone(), id, edit).await?;
    // Deleted meanwhile, it is as if it had not been there.
    let timer = state
        .timers
        .one(&reader, id, extras)
        .await?
        .ok_or(EditError::NotFound)?;
    Ok(Json(RestTimer::new(&timer, clock::now(), zone.as_ref())))
}

/// Deletes a timer.
///
/// The owner's connections get `timer.deleted`, as do those with `shared=true` whose users could see it.
#[utoipa::path(delete, path = "/v1/timers/{timer_id}", tag = "timers", operation_id = "delete_timer",
    params(("timer_id" = TimerId, Path), CommonParams), security(("bearer" = [])),
    responses(
        (status = 200, description = "It is gone.", body = Done),
        (status = 404, description = "The caller has no such timer.", body = DomainError),
    ))]
pub async fn delete(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    id: PathId<TimerId>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Done>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    params::read(&query, &mut issues);
    let id = id.checked("timer_id", issues)?;
    query.timezone()?;
    state.timers.edit(user, id, Edit::Delete).await?;
    Ok(Json(Done::default()))
}

impl From<EditError> for ApiError {
    fn from(error: EditError) -> Self {
        let error_type = match &error {
            EditError::NotFound => "TimerNotFoundError",
            EditError::Unknown(UnknownLink::Schedule(_)) => "ScheduleNotFoundError",
            EditError::Unknown(UnknownLink::Todo(_)) => "TodoNotFoundError",
            EditError::Unknown(UnknownLink::Tag(_)) => "TagNotFoundError",
            EditError::Quota(error) => return (*error).into(),
            EditError::Store(error) => return error.into(),
        };
        Self::domain(StatusCode::NOT_FOUND, error_type, error.to_string())
    }
}
