//! Schedules, queried.

use super::params::{ListParams, ZoneParam};
use crate::{
    rest::http::{
        caller::CurrentReader,
        error::{ApiError, DomainError},
        json::given,
        paging::{self, ListAnswer, PageParams},
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
    http::{HeaderMap, HeaderName, HeaderValue},
};
use protocol::{id::ScheduleId, rest::ScheduleView};

/// What there is in a window of time: schedules, and the occurrences of recurring ones.
///
/// The caller's own by their start, then those that others share.
#[utoipa::path(get, path = "/v1/schedules", tag = "schedules", operation_id = "list_schedules",
    params(ListParams, PageParams, ZoneParam), security(("bearer" = [])),
    responses(
        (status = 200, description = "The schedules, a page of them.", body = Vec<ScheduleView>, headers(
            ("Link" = String, description = "Where there is more: `<address>; rel=\"next\"`."),
            ("X-Lockstep-Incomplete" = String, description = "Ids of recurring schedules of which nothing is listed, \
             separated by commas, 100 at most: one read has 10,000 occurrences and 8 MiB. Ask for a shorter time."))),
        (status = 400, description = "timezone is invalid.", body = DomainError),
    ))]
pub async fn list(
    State(state): State<AppState>,
    CurrentReader(reader): CurrentReader,
    OriginalUri(uri): OriginalUri,
) -> Result<(HeaderMap, ListAnswer), ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    for name in ["start_date", "end_date"] {
        query.required(name, &mut issues);
    }
    let from = query.instant("start_date", &mut issues);
    let until = query.instant("end_date", &mut issues);
    let scope = scope::read(&query, &mut issues);
    let (tag_ids, group_ids) = (query.ids("tag_ids", &mut issues), query.ids("group_ids", &mut issues));
    let page = paging::read(&query, &mut issues);
    let (from, until) = given(from.zip(until), issues)?;
    let zone = query.timezone()?;
    let wanted = schedules::Query {
        scope,
        from,
        until,
        tag_ids,
        group_ids,
    };
    let agenda = state.schedules.agenda(&reader, &wanted, &page).await?;
    let mut headers = HeaderMap::new();
    if !agenda.incomplete.is_empty() {
        headers.insert(INCOMPLETE, incomplete(&agenda.incomplete)?);
    }
    let answer = paging::answer(&uri, agenda.page, |item| item.view(zone.as_ref()))?;
    Ok((headers, answer))
}

/// Names the recurring schedules that were left out of a list.
pub const INCOMPLETE: HeaderName = HeaderName::from_static("x-lockstep-incomplete");
/// The most of them that are named.
const MOST_NAMED: usize = 100;

fn incomplete(ids: &[ScheduleId]) -> Result<HeaderValue, ApiError> {
    let ids: Vec<String> = ids.iter().take(MOST_NAMED).map(ScheduleId::to_string).collect();
    HeaderValue::try_from(ids.join(",")).map_err(ApiError::internal)
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
