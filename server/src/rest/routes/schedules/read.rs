//! Reads schedules.

use crate::{
    paging::PageRequest,
    rest::http::{
        caller::CurrentReader,
        error::{ApiError, DomainError},
        input::{Input, NoPath},
        paging::{self, ListAnswer},
    },
    service::schedules::{self, Position},
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::{HeaderMap, HeaderName, HeaderValue},
};
use protocol::{
    id::ScheduleId,
    rest::{PageQuery, ScheduleQuery, ScheduleView, ZoneQuery},
};

/// The schedules in a window of time, and the occurrences of recurring ones.
///
/// The caller's own by their start, then those that others share.
#[utoipa::path(get, path = "/v1/schedules", tag = "schedules", operation_id = "list_schedules",
    params(ScheduleQuery, PageQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "A page of schedules.", body = Vec<ScheduleView>, headers(
            ("Link" = String, description = "If there are more: `<address>; rel=\"next\"`."),
            ("X-Lockstep-Incomplete" = String, description = "Ids of recurring schedules of which nothing is listed, \
             separated by commas, 100 at most: one read has 10,000 occurrences and 8 MiB. Ask for a shorter time."))),
        (status = 400, description = "The timezone is invalid.", body = DomainError),
    ))]
pub async fn list(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input { caller, query, .. }: Input<CurrentReader, NoPath, (ScheduleQuery, PageRequest<Position>)>,
) -> Result<(HeaderMap, ListAnswer), ApiError> {
    let (query, page) = query;
    let wanted = schedules::Query {
        scope: query.scope,
        from: query.start_date.into(),
        until: query.end_date.into(),
        tag_ids: query.tag_ids.into(),
        group_ids: query.group_ids.into(),
        zone: query.timezone.zone().cloned(),
    };
    let agenda = state.schedules.agenda(&caller.0, &wanted, &page).await?;
    let mut headers = HeaderMap::new();
    if !agenda.incomplete.is_empty() {
        headers.insert(INCOMPLETE, incomplete(&agenda.incomplete)?);
    }
    let answer = paging::answer(&uri, agenda.page, |item| item.view(query.timezone.zone()))?;
    Ok((headers, answer))
}

/// The header with the ids of recurring schedules that were left out of a list.
pub const INCOMPLETE: HeaderName = HeaderName::from_static("x-lockstep-incomplete");
/// The maximum number of ids in it.
const MAX_INCOMPLETE_IDS: usize = 100;

fn incomplete(ids: &[ScheduleId]) -> Result<HeaderValue, ApiError> {
    let ids: Vec<String> = ids.iter().take(MAX_INCOMPLETE_IDS).map(ScheduleId::to_string).collect();
    HeaderValue::try_from(ids.join(",")).map_err(ApiError::internal)
}

/// One schedule.
#[utoipa::path(get, path = "/v1/schedules/{schedule_id}", tag = "schedules", operation_id = "get_schedule",
    params(("schedule_id" = ScheduleId, Path), ZoneQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "The schedule.", body = ScheduleView),
        (status = 403, description = "It belongs to another user and is not shared with the caller.", body = DomainError),
        (status = 404, description = "There is no such schedule.", body = DomainError),
    ))]
pub async fn one(
    State(state): State<AppState>,
    Input {
        caller, path, query, ..
    }: Input<CurrentReader, ScheduleId, ZoneQuery>,
) -> Result<Json<ScheduleView>, ApiError> {
    let schedule = state.schedules.one(&caller.0, path).await?;
    Ok(Json(schedule.view(query.timezone.zone())))
}
