//! `GET /metrics`: metrics for operators (contract, hub.md "figures").

use crate::rest::http::error::ApiError;
use crate::{config::Environment, state::AppState};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use prometheus_client::encoding::text::encode;

/// The metrics in the OpenMetrics text format.
///
/// With METRICS_TOKEN set, the token is required; without it the route exists in development only, since the metrics
/// reveal the number of users.
#[utoipa::path(get, path = "/metrics", tag = "server", operation_id = "get_metrics",
    responses(
        (status = 200, description = "Connections, rooms, messages, bytes, closes, latencies.", body = String, content_type = "application/openmetrics-text"),
        (status = 404, description = "The route is not available to the caller."),
    ))]
pub async fn metrics(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.split_once(' '));
    let given = given.and_then(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer").then_some(token.trim()));
    let allowed = match &state.config.metrics_token {
        Some(token) => given.is_some_and(|given| token.is(given)),
        None => state.config.environment == Environment::Development,
    };
    if !allowed {
        return ApiError::detail(StatusCode::NOT_FOUND, "Not Found").into_response();
    }
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = encode(&mut text, &state.metrics);
    let open_metrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, open_metrics)], text).into_response()
}
