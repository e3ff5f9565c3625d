//! The REST API: `routes` has a folder or file for each family of endpoints, `http` what they share, `documents` their
//! description.

mod documents;
mod http;
#[cfg(debug_assertions)]
mod playground;
mod routes;

#[cfg(debug_assertions)]
use crate::config::Environment;
use crate::{same_origin, state::AppState, ws};
use axum::{Extension, Router, extract::OriginalUri, http::StatusCode, middleware, response::Redirect, routing::any};
pub use http::{error::ApiError, json::ANONYMOUS_BODY_BYTES};

/// The routes, and the answer for unknown paths.
pub fn router(state: AppState) -> Router<AppState> {
    let (mut router, document) = routes::table(state.config.environment).split();
    for path in document.paths.paths.keys() {
        router = router.route(&format!("{path}/"), any(without_slash));
    }
    #[cfg(debug_assertions)]
    if state.config.environment == Environment::Development {
        router = router.merge(playground::router()).merge(documents::pages());
    }
    router
        .layer(Extension(ws::timers::endpoint(state.clone())))
        .method_not_allowed_fallback(async || ApiError::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"))
        .nest("/v1", Router::new().fallback(unknown_path))
        .route("/v1/", any(unknown_path))
        .layer(middleware::from_fn_with_state(state.clone(), same_origin::check))
        .layer(middleware::from_fn(http::error::render))
        .layer(middleware::from_fn_with_state(state.clone(), http::limit::add_headers))
        .layer(http::cors::layer(state.origins.clone()))
        .with_state(state)
}

/// Redirects paths with a trailing slash with 307 (contract, REST 1).
async fn without_slash(OriginalUri(uri): OriginalUri) -> Redirect {
    let path = uri.path().trim_end_matches('/');
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::temporary(&format!("{path}{query}"))
}

async fn unknown_path() -> ApiError {
    ApiError::detail(StatusCode::NOT_FOUND, "Not Found")
}
