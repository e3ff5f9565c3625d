//! `GET /v1/ws/timers`

use super::{handshake::Handshake, session::Session, socket::Socket};
use crate::{
    auth::identity::{Identity, TokenError},
    client_address::ClientAddress,
    hub::{Closing, Who},
    service::delivery::user_room,
    state::AppState,
};
use axum::{extract::State, response::Response};
use protocol::socket::CloseCode;
use std::time::Duration;
use tokio::time::timeout;

/// Who is not let in by then, since an issuer or the database does not answer, is let go.
const ADMIT_WAIT: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 20 });
/// Why.
const TOO_LONG: &str = "it took too long to see who you are: try again";
/// For a user and for an address.
const TOO_MANY: &str = "too many connections in a short time: wait before the next one";

const TOO_MANY_OPEN: Closing = Closing {
    code: CloseCode::TooManyConnections,
    reason: "too many open connections of this user: close others first",
};

/// The timer WebSocket; `/asyncapi.json` describes its messages.
///
/// The token is offered as the subprotocol `authorization.bearer.<jwt>`; who may not connect is told by a close code.
#[utoipa::path(get, path = "/v1/ws/timers", tag = "timers", operation_id = "connect_timers",
    params(
        ("timezone" = Option<String>, Query, description = "In which timezone times are written; a bad one is ignored."),
        ("dialect" = Option<String>, Query, description = "snake (default) or camel."),
        ("shared" = Option<bool>, Query, description = "Adds timers of others that are shared with the user."),
        ("since" = Option<String>, Query, description = "`<epoch>:<seq>` of the last event seen."),
    ),
    responses(
        (status = 101, description = "Connected, or refused by the close frame that follows."),
        (status = 400, description = "The handshake's key is not one, or the connection cannot be upgraded.",
         body = String, content_type = "text/plain"),
        (status = 403, description = "Pages of this origin may not connect.", body = String,
         content_type = "text/plain"),
        (status = 426, description = "The request is not a WebSocket handshake of version 13 (RFC 6455, 4.2).",
         body = String, content_type = "text/plain"),
    ))]
// Who may not connect is refused after the upgrade, since a browser cannot read the status of a failed handshake.
pub async fn connect(State(state): State<AppState>, handshake: Handshake) -> Response {
    let Handshake {
        upgrade,
        rendering,
        since,
        shared,
        token,
        address,
    } = handshake;
    let options = state.config.websocket.socket;
    upgrade.accept(options, async move |socket| {
        let socket = Socket::new(socket);
        let admitted = timeout(ADMIT_WAIT, admit(&state, token, address)).await;
        match admitted.unwrap_or(Err((CloseCode::Internal, TOO_LONG))) {
            Ok(identity) => {
                let who = Who::user(user_room(&identity.user))
                    .at(address.ip())
                    .with(identity.clone());
                let connection = state.hub.connect(who, rendering);
                let hub = state.hub.clone();
                // Counted with this one, so that connections that come at once cannot all be the last one allowed.
                let open = hub.member_count(&user_room(&identity.user));
                if state
                    .config
                    .limits
                    .open_connections
                    .is_some_and(|most| open > most as usize)
                {
                    tracing::warn!(user = %identity.user, open, "too many open connections");
                    drop(connection);
                    return hub.refuse(socket, TOO_MANY_OPEN).await;
                }
                let session = Session::new(state, identity, since, shared, &connection);
                hub.serve(connection, socket, session).await;
            }
            Err((code, reason)) => state.hub.refuse(socket, Closing { code, reason }).await,
        }
    })
}

/// Who connects; or the close code, and a reason that says what kind of fault it is: its 123 bytes hold no values.
async fn admit(
    state: &AppState,
    token: Option<String>,
    address: ClientAddress,
) -> Result<Identity, (CloseCode, &'static str)> {
    if let Err(seconds) = state.limits.handshakes.take_from(address) {
        tracing::debug!(client = %address, seconds, "too many handshakes");
        return Err((CloseCode::TooManyConnections, TOO_MANY));
    }
    let token = token.ok_or(TokenError::Missing).map_err(refusal)?;
    let identity = state.verifier.verify(&token).await.map_err(refusal)?;
    if let Err(seconds) = state.limits.connections.take(&identity.user) {
        tracing::warn!(user = %identity.user, client = %address, seconds, "too many connections");
        return Err((CloseCode::TooManyConnections, TOO_MANY));
    }
    state.profiles.touch(&identity).await.map_err(|error| {
        tracing::error!(%error, user = %identity.user, "a profile cannot be stored");
        (CloseCode::Internal, "the database does not answer")
    })?;
    Ok(identity)
}

fn refusal(error: TokenError) -> (CloseCode, &'static str) {
    let reason = match error {
        TokenError::Missing => "no token: offer the subprotocol authorization.bearer.<jwt>",
        TokenError::Invalid(reason) => reason,
        TokenError::Expired => "the token has expired",
        TokenError::Issuer(_) => "the token's issuer is not known here",
        TokenError::Audience => "the token is meant for another audience",
        TokenError::NoSubject => "the token has no sub claim",
        // The token may be good: it is worth trying again, with patience.
        TokenError::Unavailable => return (CloseCode::Internal, "the token cannot be verified now"),
    };
    (CloseCode::Policy, reason)
}

#[cfg(test)]
mod tests;
