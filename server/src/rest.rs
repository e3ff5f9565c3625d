//! The REST API, one file an endpoint family. Every route stands in [`router`].

mod auth;
mod caller;
mod error;
mod health;
mod json;
mod limit;
mod query;
mod timers;

use crate::{origins::Origins, state::AppState, ws};
pub use auth::{removal_cookie, session_cookie};
use axum::{
    Router,
    extract::Request,
    http::{HeaderName, Method, StatusCode, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use error::ApiError;
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// All routes of the API and its WebSockets.
pub fn router(state: AppState) -> Router<AppState> {
    let v1 = Router::new()
        .route("/auth/sign-up", post(auth::sign_up))
        .route("/auth/sign-in", post(auth::sign_in))
        .route("/auth/refresh", post(auth::refresh))
        .route("/auth/sign-out", post(auth::sign_out))
        .route("/timers", get(timers::list))
        .route("/timers/active", get(timers::active))
        .route("/timers/{id}", get(timers::one))
        .route("/ws/timers", get(ws::timers::connect))
        .fallback(unknown_path)
        .method_not_allowed_fallback(async || ApiError::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"));
    Router::new()
        .route("/health", get(health::health))
        .nest("/v1", v1)
        .layer(middleware::from_fn(error::render))
        .layer(middleware::from_fn_with_state(state.clone(), limit::tell))
        .layer(cors(state.origins.clone()))
        .with_state(state)
}

/// Pages of the configured origins may call; the server's own need no permission.
fn cors(origins: Origins) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| origins.contain(origin)))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT])
        .expose_headers([
            header::RETRY_AFTER,
            HeaderName::from_static("x-ratelimit-limit"),
            HeaderName::from_static("x-ratelimit-remaining"),
            HeaderName::from_static("x-ratelimit-reset"),
        ])
        .max_age(Duration::from_secs(600))
}

/// Collections have no trailing slash: 307 to the path without it, else 404 (contract, REST 1).
async fn unknown_path(request: Request) -> Response {
    // Nested routers see a shortened path; the original one is what the client knows.
    let uri = request
        .extensions()
        .get::<axum::extract::OriginalUri>()
        .map_or(request.uri(), |original| &original.0);
    match uri.path().strip_suffix('/') {
        Some(path) if !path.is_empty() && !path.starts_with("//") => {
            let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
            Redirect::temporary(&format!("{path}{query}")).into_response()
        }
        _ => ApiError::detail(StatusCode::NOT_FOUND, "Not Found").into_response(),
    }
}
