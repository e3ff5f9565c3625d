//! `GET /health`, without a token (contract, REST 1).

use crate::state::AppState;
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

/// The health of the server.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// healthy or unhealthy.
    status: &'static str,
}

/// Whether the server and its database answer.
#[utoipa::path(get, path = "/health", tag = "server", operation_id = "get_health",
    responses(
        (status = 200, description = "They do.", body = Health),
        (status = 503, description = "The database does not answer.", body = Health),
    ))]
pub async fn health(State(state): State<AppState>) -> (StatusCode, Json<Health>) {
    match state.store.ping().await {
        Ok(()) => (StatusCode::OK, Json(Health { status: "healthy" })),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, Json(Health { status: "unhealthy" }))
        }
    }
}
