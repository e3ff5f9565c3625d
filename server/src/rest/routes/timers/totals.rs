//! Time of the caller's timers by day.

use super::query::search;
use crate::{
    rest::http::{
        caller::CurrentUser,
        error::ApiError,
        input::{Input, NoPath},
    },
    state::AppState,
};
use axum::{Json, extract::State};
use protocol::rest::{DaysQuery, TimerSearch, TimerTotals};

/// The time of the caller's own timers that match, by the day on which each started first.
///
/// Days without timers are left out. A running timer counts with the time that has elapsed by now.
#[utoipa::path(get, path = "/v1/timers/totals", tag = "timers", operation_id = "get_timer_totals",
    params(DaysQuery, TimerSearch), security(("bearer" = [])),
    responses((status = 200, description = "The time of each day, and that of all.", body = TimerTotals)))]
pub async fn totals(
    State(state): State<AppState>,
    Input { caller, query, .. }: Input<CurrentUser, NoPath, (DaysQuery, TimerSearch)>,
) -> Result<Json<TimerTotals>, ApiError> {
    let (query, wanted) = query;
    let days = query.days().map_err(|issues| ApiError::Validation(issues.0))?;
    let totals = match search(wanted) {
        Some(filter) => {
            state
                .timers
                .totals(&caller.0, &filter, &days, query.timezone.zone())
                .await?
        }
        None => TimerTotals::default(),
    };
    Ok(Json(totals))
}
