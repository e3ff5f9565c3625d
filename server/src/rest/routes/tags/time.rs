//! Time by the caller's tags.

use crate::{
    rest::http::{
        caller::CurrentUser,
        error::ApiError,
        input::{Input, NoPath},
    },
    state::AppState,
};
use axum::{Json, extract::State};
use protocol::rest::{DaysQuery, TagTimes};

/// The time of the caller's timers that started first on these days, by tag, with the progress towards `goal_ratios`.
///
/// A goal's name is the id or the name of a tag of the group, its number the wanted share of the time of the group's tags,
/// from 0 to 1; other names and numbers are no goals here. Tags without time and goal are left out.
#[utoipa::path(get, path = "/v1/tags/time", tag = "tags", operation_id = "get_tag_time",
    params(DaysQuery), security(("bearer" = [])),
    responses((status = 200, description = "The times by group.", body = TagTimes)))]
pub async fn time(
    State(state): State<AppState>,
    Input { caller, query, .. }: Input<CurrentUser, NoPath, DaysQuery>,
) -> Result<Json<TagTimes>, ApiError> {
    let days = query.days().map_err(|issues| ApiError::Validation(issues.0))?;
    Ok(Json(state.tags.times(&caller.0, &days, query.timezone.zone()).await?))
}
