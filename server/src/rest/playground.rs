//! What the playground (`/ws-playground`) needs beside the API: tokens of test users, and ends of connections that are rare
//! otherwise. In development only: a release does not contain it, and the API's description does not list it.

use super::http::{
    caller::{Anonymous, CurrentUser},
    error::ApiError,
    input::{Input, NoPath},
    ok::OkBody,
};
use crate::{auth::access_token::LIFETIME_SECONDS, service::streams::timers_of, state::AppState};
use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use hub::{CloseCode, CloseFrame};
use protocol::rest::{
    account::AccessGrant,
    input::WholeNumber,
    playground::{END_CONNECTIONS_PATH, EndConnections, STYLE_PATH, TEST_USERS_PATH, TestUser},
};

/// Not part of the style sheet of all pages, which a release has.
const STYLE: &str = include_str!("../../../style/playground.css");
const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];
/// Names are shown in narrow places.
const NAME_CHARS: usize = 40;

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new()
        .route(TEST_USERS_PATH, post(test_user))
        .route(END_CONNECTIONS_PATH, post(end_connections))
        .route(STYLE_PATH, get(style))
}

/// Pages of other origins cannot send it: its body is JSON, for which browsers ask by a preflight request (CORS).
async fn test_user(
    State(state): State<AppState>,
    Input { body, .. }: Input<Anonymous, NoPath, (), TestUser>,
) -> Result<([(header::HeaderName, &'static str); 1], Json<AccessGrant>), ApiError> {
    let name = body.name.0.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS {
        let message = format!("{name:?} is no name of a test user: 1 to {NAME_CHARS} characters are allowed");
        return Err(ApiError::detail(StatusCode::UNPROCESSABLE_ENTITY, message));
    }
    let expires_in = body.expires_in.map_or(LIFETIME_SECONDS, |WholeNumber(seconds)| seconds);
    let grant = state.accounts.test_user(name.to_owned(), expires_in).await?;
    Ok((NO_STORE, Json(grant)))
}

/// Closes all WebSockets of the caller, or cuts them.
async fn end_connections(
    State(state): State<AppState>,
    Input { caller, body, .. }: Input<CurrentUser, NoPath, (), EndConnections>,
) -> Result<Json<OkBody>, ApiError> {
    let code = body.code.map(|WholeNumber(code)| {
        let valid = u16::try_from(code).ok().and_then(|code| CloseCode::try_from(code).ok());
        let refusal = || {
            let message = format!("{code} is not a close code that may be sent: 1000-1003, 1007-1014 or 3000-4999");
            ApiError::detail(StatusCode::UNPROCESSABLE_ENTITY, message)
        };
        valid.ok_or_else(refusal)
    });
    let code = code.transpose()?;
    for handle in state.hub.handles_in(timers_of(&caller.0).room()) {
        match code {
            Some(code) => handle.close(CloseFrame::new(code, "requested by the playground")),
            None => handle.cut(),
        }
    }
    Ok(Json(OkBody::default()))
}

async fn style() -> Response {
    (
        [(header::CONTENT_TYPE, "text/css"), (header::CACHE_CONTROL, "no-cache")],
        STYLE,
    )
        .into_response()
}
