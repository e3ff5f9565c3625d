//! Schedules, queried.

use super::params::{ListParams, ZoneParam};
use crate::{
    rest::{
        caller::CurrentReader,
        error::{ApiError, DomainError},
        json::given,
        path::PathId,
        query::Query,
        scope,
    },
    service::schedules,
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use protocol::{id::ScheduleId, wire::ScheduleView};

/// What there is in a window of time: schedules, and the occurrences of recurring ones.
///
/// The caller's own by their start, then those that others share.
#[utoipa::path(get, path = "/v1/schedules", tag = "schedules", operation_id = "list_schedules",
    params(ListParams, ZoneParam), security(("bearer" = [])),
    responses(
        (status = 200, description = "The schedules.", body = Vec<ScheduleView>),
        (status = 400, description = "A rule has too many occurrences in the window, or timezone is none.",
         body = DomainError),
    ))]
pub async fn list(
    State(state): State<AppState>,
    CurrentReader(reader): CurrentReader,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Vec<ScheduleView>>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    for name in ["start_date", "end_date"] {
        query.required(name, &mut issues);
    }
    let from = query.instant("start_date", &mut issues);
    let until = query.instant("end_date", &mut issues);
    let scope = scope::read(&query, &mut issues);
    let (tag_ids, group_ids) = (query.ids("tag_ids", &mut issues), query.ids("group_ids", &mut issues));
    let (from, until) = given(from.zip(until), issues)?;
    let zone = query.timezone()?;
    let wanted = schedules::Query {
        scope,
        from,
        until,
        tag_ids,
        group_ids,
    };
    let agenda = state.schedules.agenda(&reader, wanted).await?;
    Ok(Json(agenda.iter().map(|entry| entry.view(zone.as_ref())).collect()))
}

/// One schedule.
#[utoipa::path(get, path = "/v1/schedules/{schedule_id}", tag = "schedules", operation_id = "get_schedule",
    params(("schedule_id" = ScheduleId, Path), ZoneParam), security(("bearer" = [])),
    responses(
        (status = 200, description = "The schedule.", body = ScheduleView),
        (status = 403, description = "It is somebody else's and not shared with the caller.", body = DomainError),
        (status = 404, description = "There is none.", body = DomainError),
    ))]
pub async fn one(
    State(state): State<AppState>,
    CurrentReader(reader): CurrentReader,
    id: PathId<ScheduleId>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<ScheduleView>, ApiError> {
    let query = Query::of(&uri);
    let id = id.checked("schedule_id", vec![])?;
    let zone = query.timezone()?;
    Ok(Json(state.schedules.one(&reader, id).await?.view(zone.as_ref())))
}
