//! `/v1/users/me/preferences`

use crate::{
    rest::http::{
        caller::CurrentUser,
        error::ApiError,
        input::{Input, NoPath},
        table::Table,
    },
    state::AppState,
};
use axum::{Json, extract::State};
use protocol::{preferences::Preferences, rest::PreferenceChanges};
use utoipa_axum::routes;

/// The routes of this family.
pub fn routes(table: Table) -> Table {
    table.with(routes!(preferences, patch_preferences))
}

/// The caller's preferences.
#[utoipa::path(get, path = "/v1/users/me/preferences", tag = "users", operation_id = "get_preferences",
    security(("bearer" = [])),
    responses((status = 200, description = "The preferences.", body = Preferences)))]
pub async fn preferences(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
) -> Result<Json<Preferences>, ApiError> {
    Ok(Json(state.preferences.get(&user).await?))
}

/// Changes the caller's preferences.
#[utoipa::path(patch, path = "/v1/users/me/preferences", tag = "users", operation_id = "update_preferences",
    request_body = PreferenceChanges, security(("bearer" = [])),
    responses((status = 200, description = "All preferences after the change.", body = Preferences)))]
pub async fn patch_preferences(
    State(state): State<AppState>,
    Input { caller, body, .. }: Input<CurrentUser, NoPath, (), PreferenceChanges>,
) -> Result<Json<Preferences>, ApiError> {
    Ok(Json(state.preferences.patch(caller.0, body).await?))
}
