//! New schedules, and todos made of them.

use super::{body, params::ZoneParam};
use crate::{
    rest::http::{
        caller::CurrentUser,
        error::{ApiError, DomainError},
        json::{SentBody, given},
        path::PathId,
        query::Query,
    },
    service::schedules::NewSchedule,
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
};
use protocol::{
    id::{ScheduleId, TagGroupId},
    rest::{ScheduleView, TodoView},
};
use utoipa::IntoParams;

/// Makes a schedule, and with `create_todo_options` a todo that it belongs to.
#[utoipa::path(post, path = "/v1/schedules", tag = "schedules", operation_id = "create_schedule",
    params(ZoneParam), request_body = body::NewSchedule, security(("bearer" = [])),
    responses(
        (status = 201, description = "The schedule.", body = ScheduleView),
        (status = 400, description = "The recurrence is none, or the timezone; nothing was done.", body = DomainError),
        (status = 404, description = "The caller has no such tag, group or todo.", body = DomainError),
    ))]
pub async fn create(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    SentBody { sender, body }: SentBody,
) -> Result<(StatusCode, Json<ScheduleView>), ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let body = body.members(&mut issues);
    for name in ["title", "start_time", "end_time"] {
        body.required(name, &mut issues);
    }
    let members = body::changes(&body, &mut issues);
    let mut todo_group = None;
    if let Some(options) = body.object("create_todo_options", &mut issues) {
        options.required("tag_group_id", &mut issues);
        todo_group = options.id("tag_group_id", &mut issues).flatten();
    }
    let (start_time, end_time) = given(members.start_time.zip(members.end_time), issues)?;
    let new = NewSchedule {
        title: members.title.unwrap_or_default(),
        description: members.description.flatten(),
        start_time,
        end_time,
        recurrence_rule: members.recurrence_rule.flatten(),
        recurrence_end: members.recurrence_end.flatten(),
        tag_ids: members.tag_ids.unwrap_or_default(),
        tag_group_id: members.tag_group_id.flatten(),
        source_todo_id: members.source_todo_id.flatten(),
        state: members.state.unwrap_or_default(),
        todo_group,
    };
    // Before the change, so that a bad one leaves nothing behind.
    let zone = query.timezone()?;
    let schedule = state.schedules.create(sender.0, new).await?;
    Ok((StatusCode::CREATED, Json(schedule.view(zone.as_ref()))))
}

/// In which group the todo is made.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the parameters are read one by one")]
struct GroupParam {
    /// One of the caller's groups.
    tag_group_id: TagGroupId,
}

/// Makes a todo of a schedule, and links the two.
#[utoipa::path(post, path = "/v1/schedules/{schedule_id}/todo", tag = "schedules", operation_id = "create_schedule_todo",
    params(("schedule_id" = ScheduleId, Path), ZoneParam, GroupParam), security(("bearer" = [])),
    responses(
        (status = 201, description = "The todo, with the schedule.", body = TodoView),
        (status = 400, description = "The schedule belongs to a todo already.", body = DomainError),
        (status = 404, description = "The caller has no such schedule or group.", body = DomainError),
    ))]
pub async fn make_todo(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    id: PathId<ScheduleId>,
    OriginalUri(uri): OriginalUri,
) -> Result<(StatusCode, Json<TodoView>), ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    query.required("tag_group_id", &mut issues);
    let group = query.id("tag_group_id", &mut issues);
    let id = id.checked("schedule_id", issues)?;
    let group = given(group, vec![])?;
    let zone = query.timezone()?;
    let todo = state.schedules.make_todo(user, id, group).await?;
    Ok((StatusCode::CREATED, Json(todo.view(zone.as_ref()))))
}
