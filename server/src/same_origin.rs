//! The origin check of all requests that are authenticated by the session's cookie or set it: `POST` below `/v1/auth/`
//! and of the pages' functions below `/api/`. Pages of other origins may not send them.

use crate::{rest::ApiError, state::AppState};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode, header};

const API: &str = "/v1/auth/";
const PAGES: &str = "/api/";
const MESSAGE: &str = "This request was made by a page of another site, which may not make it.";

/// Refuses requests of other origins' pages before their bodies are read.
pub async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(method);
    let of_api = path.starts_with(API);
    if reads || !(of_api || path.starts_with(PAGES)) || state.origins.allow_with_cookie(request.headers()) {
        return next.run(request).await;
    }
    tracing::warn!(path, origin = ?request.headers().get(header::ORIGIN), "refused a request of another site's page");
    if of_api {
        ApiError::domain(StatusCode::FORBIDDEN, "ForeignOriginError", MESSAGE).into_response()
    } else {
        (StatusCode::FORBIDDEN, MESSAGE).into_response()
    }
}
