//! Creates schedules, and todos from schedules.

use crate::{
    rest::http::{
        caller::CurrentUser,
        error::{ApiError, DomainError},
        input::{Input, NoPath},
    },
    service::schedules::{self, TimesPatch},
    state::AppState,
};
use axum::{Json, extract::State, http::StatusCode};
use protocol::{
    id::ScheduleId,
    rest::{NewSchedule, NewScheduleBody, ScheduleTodoQuery, ScheduleView, TodoView, ZoneQuery},
};

/// Creates a schedule, and with `create_todo_options` a todo that it belongs to.
#[utoipa::path(post, path = "/v1/schedules", tag = "schedules", operation_id = "create_schedule",
    params(ZoneQuery), request_body = NewSchedule, security(("bearer" = [])),
    responses(
        (status = 201, description = "The schedule.", body = ScheduleView),
        (status = 400, description = "The recurrence rule, its end or the timezone is invalid; nothing was changed.", body = DomainError),
        (status = 404, description = "The caller has no such tag, group or todo.", body = DomainError),
        (status = 409, description = "The id is taken, or a quota would be exceeded; nothing was changed.", body = DomainError),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Input {
        caller,
        query,
        body: NewScheduleBody(body),
        ..
    }: Input<CurrentUser, NoPath, ZoneQuery, NewScheduleBody>,
) -> Result<(StatusCode, Json<ScheduleView>), ApiError> {
    let new = schedules::NewSchedule {
        id: body.id,
        title: body.title.into(),
        description: body.description.map(Into::into),
        times: TimesPatch {
            all_day: body.all_day,
            start_time: body.start_time.map(Into::into),
            end_time: body.end_time.map(Into::into),
            start_date: body.start_date.map(Into::into),
            end_date: body.end_date.map(Into::into),
            zone: query.timezone.zone().cloned(),
        },
        recurrence_rule: body.recurrence_rule.map(Into::into),
        recurrence_end: body.recurrence_end.map(Into::into),
        tag_ids: body.tag_ids.unwrap_or_default().into(),
        tag_group_id: body.tag_group_id,
        source_todo_id: body.source_todo_id,
        state: body.state.unwrap_or_default(),
        todo_group: body.create_todo_options.map(|options| options.tag_group_id),
    };
    let schedule = state.schedules.create(caller.0, new).await?;
    Ok((StatusCode::CREATED, Json(schedule.view(query.timezone.zone()))))
}

/// Creates a todo from a schedule, and links the two.
#[utoipa::path(post, path = "/v1/schedules/{schedule_id}/todo", tag = "schedules", operation_id = "create_schedule_todo",
    params(("schedule_id" = ScheduleId, Path), ZoneQuery, ScheduleTodoQuery), security(("bearer" = [])),
    responses(
        (status = 201, description = "The todo, with the schedule.", body = TodoView),
        (status = 400, description = "The schedule already belongs to a todo.", body = DomainError),
        (status = 404, description = "The caller has no such schedule or group.", body = DomainError),
    ))]
pub async fn make_todo(
    State(state): State<AppState>,
    Input {
        caller, path, query, ..
    }: Input<CurrentUser, ScheduleId, (ScheduleTodoQuery, ZoneQuery)>,
) -> Result<(StatusCode, Json<TodoView>), ApiError> {
    let (group, ZoneQuery { timezone }) = query;
    let todo = state.schedules.make_todo(caller.0, path, group.tag_group_id).await?;
    Ok((StatusCode::CREATED, Json(todo.view(timezone.zone()))))
}
