//! The caller's own timers of a schedule or todo (contract, REST 7.5 and 8.4).

use super::timers::RestTimer;
use crate::{
    clock,
    paging::{Page, PageRequest, TimeKey},
    rest::http::{
        caller::CurrentReader,
        error::{ApiError, DomainError},
        input::Input,
        paging::{self, ListAnswer},
        table::Table,
    },
    service::Refusal,
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::Uri,
};
use protocol::{
    id::{ScheduleId, TodoId},
    rest::{PageQuery, ScheduleTimersQuery, ScheduleView, TodoTimersQuery, TodoView},
    time::Zone,
    timers::Timer,
};
use utoipa_axum::routes;

/// The routes of this family.
pub fn routes(table: Table) -> Table {
    table
        .with(routes!(list_of_schedule))
        .with(routes!(active_of_schedule))
        .with(routes!(list_of_todo))
        .with(routes!(active_of_todo))
}

/// The caller's timers of a schedule, newest first.
#[utoipa::path(get, path = "/v1/schedules/{schedule_id}/timers", tag = "schedules",
    operation_id = "list_schedule_timers",
    params(("schedule_id" = ScheduleId, Path), ScheduleTimersQuery, PageQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "The timers.", body = Vec<RestTimer>),
        (status = 403, description = "The schedule belongs to another user and is not shared with the caller.", body = DomainError),
        (status = 404, description = "There is no such schedule.", body = DomainError),
    ))]
pub async fn list_of_schedule(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input {
        caller, path, query, ..
    }: Input<CurrentReader, ScheduleId, (ScheduleTimersQuery, PageRequest<TimeKey>)>,
) -> Result<ListAnswer, ApiError> {
    let (view, page) = query;
    let (schedule, timers) = state.schedules.timers(&caller.0, path, &page).await?;
    let zone = view.timezone.zone();
    let linked = Linked {
        schedule: view.include_schedule.0.then(|| schedule.view(zone)),
        todo: None,
    };
    linked.list(&uri, timers, zone)
}

/// The caller's newest RUNNING or PAUSED timer of a schedule.
#[utoipa::path(get, path = "/v1/schedules/{schedule_id}/timers/active", tag = "schedules",
    operation_id = "get_active_schedule_timer",
    params(("schedule_id" = ScheduleId, Path), ScheduleTimersQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "The timer.", body = RestTimer),
        (status = 403, description = "The schedule belongs to another user and is not shared with the caller.", body = DomainError),
        (status = 404, description = "There is no such schedule, or it has no such timer.", body = DomainError),
    ))]
pub async fn active_of_schedule(
    State(state): State<AppState>,
    Input {
        caller, path, query, ..
    }: Input<CurrentReader, ScheduleId, ScheduleTimersQuery>,
) -> Result<Json<RestTimer>, ApiError> {
    let (schedule, newest) = state.schedules.active_timer(&caller.0, path).await?;
    let zone = query.timezone.zone();
    let linked = Linked {
        schedule: query.include_schedule.0.then(|| schedule.view(zone)),
        todo: None,
    };
    linked.one(newest, zone)
}

/// The caller's timers of a todo, newest first.
#[utoipa::path(get, path = "/v1/todos/{todo_id}/timers", tag = "todos", operation_id = "list_todo_timers",
    params(("todo_id" = TodoId, Path), TodoTimersQuery, PageQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "The timers.", body = Vec<RestTimer>),
        (status = 403, description = "The todo belongs to another user and is not shared with the caller.", body = DomainError),
        (status = 404, description = "There is no such todo.", body = DomainError),
    ))]
pub async fn list_of_todo(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input {
        caller, path, query, ..
    }: Input<CurrentReader, TodoId, (TodoTimersQuery, PageRequest<TimeKey>)>,
) -> Result<ListAnswer, ApiError> {
    let (view, page) = query;
    let (todo, timers) = state.todos.timers(&caller.0, path, &page).await?;
    let zone = view.timezone.zone();
    let linked = Linked {
        schedule: None,
        todo: view.include_todo.0.then(|| todo.view(zone)),
    };
    linked.list(&uri, timers, zone)
}

/// The caller's newest RUNNING or PAUSED timer of a todo.
#[utoipa::path(get, path = "/v1/todos/{todo_id}/timers/active", tag = "todos", operation_id = "get_active_todo_timer",
    params(("todo_id" = TodoId, Path), TodoTimersQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "The timer.", body = RestTimer),
        (status = 403, description = "The todo belongs to another user and is not shared with the caller.", body = DomainError),
        (status = 404, description = "There is no such todo, or it has no such timer.", body = DomainError),
    ))]
pub async fn active_of_todo(
    State(state): State<AppState>,
    Input {
        caller, path, query, ..
    }: Input<CurrentReader, TodoId, TodoTimersQuery>,
) -> Result<Json<RestTimer>, ApiError> {
    let (todo, newest) = state.todos.active_timer(&caller.0, path).await?;
    let zone = query.timezone.zone();
    let linked = Linked {
        schedule: None,
        todo: query.include_todo.0.then(|| todo.view(zone)),
    };
    linked.one(newest, zone)
}

/// The schedule or todo of the timers, if requested.
struct Linked {
    schedule: Option<ScheduleView>,
    todo: Option<TodoView>,
}

impl Linked {
    fn list(self, uri: &Uri, timers: Page<Timer>, zone: Option<&Zone>) -> Result<ListAnswer, ApiError> {
        let now = clock::now();
        paging::answer(uri, timers, |timer| RestTimer {
            schedule: self.schedule.clone(),
            todo: self.todo.clone(),
            ..RestTimer::own(timer, now, zone)
        })
    }

    fn one(self, newest: Option<Timer>, zone: Option<&Zone>) -> Result<Json<RestTimer>, ApiError> {
        let timer = newest.ok_or(Refusal::TimerNotFound)?;
        Ok(Json(RestTimer {
            schedule: self.schedule,
            todo: self.todo,
            ..RestTimer::own(&timer, clock::now(), zone)
        }))
    }
}
