//! Admission of connections: shared by all WebSockets that start with a token (contract, WebSocket "Handshake").

use crate::{
    auth::identity::{Identity, TokenError},
    client_address::ClientAddress,
    state::AppState,
};
use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use hub::{CloseCode, CloseFrame, Request};
use protocol::socket::{BEARER_PREFIX, SUBPROTOCOL};

/// 4029: more connections of one user than WS_CONNECT_MAX in WS_CONNECT_WINDOW seconds, or too many open ones.
pub const TOO_MANY_CONNECTIONS: CloseCode = CloseCode::application(4029);

/// The reason for users and for client addresses.
const TOO_MANY: &str = "too many connections in a short time: wait before the next one";

/// The answer to pages of other origins, before the upgrade; `None` if the origin is allowed.
pub fn refuse_origin(state: &AppState, headers: &HeaderMap) -> Option<Response> {
    if state.origins.allow(headers) {
        return None;
    }
    tracing::warn!(origin = ?headers.get(header::ORIGIN), "a WebSocket from a page that is not allowed");
    Some((StatusCode::FORBIDDEN, "This page's origin may not connect.").into_response())
}

/// The subprotocol of the response: `lockstep.v1` if it is offered, so that the token is not repeated, otherwise the
/// offer that carries the token.
pub fn subprotocol(request: &Request) -> Option<String> {
    let ours = request.subprotocols().find(|name| *name == SUBPROTOCOL);
    ours.or_else(|| bearer(request)).map(str::to_owned)
}

/// The token of the first offer of the form `authorization.bearer.<jwt>`.
fn bearer(request: &Request) -> Option<&str> {
    request.subprotocols().find(|name| name.starts_with(BEARER_PREFIX))
}

/// Authenticates the user of the offered token.
///
/// # Errors
/// The close code, and a reason that names the kind of fault: its 123 bytes have no room for values.
pub async fn admit(state: &AppState, request: &Request) -> Result<Identity, CloseFrame> {
    let address = ClientAddress::of(request.extensions());
    if let Err(seconds) = state.limits.handshakes.take_from(address) {
        tracing::debug!(client = %address, seconds, "too many handshakes");
        return Err(CloseFrame::new(TOO_MANY_CONNECTIONS, TOO_MANY));
    }
    let token = bearer(request).map(|name| &name[BEARER_PREFIX.len()..]);
    let token = token.ok_or(TokenError::Missing).map_err(refusal)?;
    let identity = state.verifier.verify(token).await.map_err(refusal)?;
    if let Err(seconds) = state.limits.connections.take(&identity.user) {
        tracing::warn!(user = %identity.user, client = %address, seconds, "too many connections");
        return Err(CloseFrame::new(TOO_MANY_CONNECTIONS, TOO_MANY));
    }
    state.profiles.touch(&identity).await.map_err(|error| {
        tracing::error!(%error, user = %identity.user, "a profile cannot be stored");
        CloseFrame::new(CloseCode::INTERNAL, "the database does not answer")
    })?;
    Ok(identity)
}

fn refusal(error: TokenError) -> CloseFrame {
    let reason = match error {
        TokenError::Missing => "no token: offer the subprotocol authorization.bearer.<jwt>",
        TokenError::Invalid(reason) => reason,
        TokenError::Expired => "the token has expired",
        TokenError::Issuer(_) => "the token's issuer is not known here",
        TokenError::Audience => "the token is meant for another audience",
        TokenError::NoSubject => "the token has no sub claim",
        // The token may be valid, so the client should try again with a delay.
        TokenError::Unavailable => {
            return CloseFrame::new(CloseCode::INTERNAL, "the token cannot be verified now");
        }
    };
    CloseFrame::new(CloseCode::POLICY, reason)
}
