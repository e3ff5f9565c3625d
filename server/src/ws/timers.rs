//! `GET /v1/ws/timers`

use super::{handshake::Handshake, session::Session, socket::Socket};
use crate::{auth::access_token::TokenError, service::delivery::user_room, state::AppState};
use axum::{extract::State, response::Response};
use protocol::wire::CloseCode;

/// Small buffers: the library's default of 128 KiB would cost 1.3 GB at 10,000 sockets.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// The timer WebSocket; `/asyncapi.json` describes its messages.
///
/// The token is offered as the subprotocol `authorization.bearer.<jwt>`. A bad one is refused by the close code 1008.
#[utoipa::path(get, path = "/v1/ws/timers", tag = "timers", operation_id = "connect_timers",
    params(
        ("timezone" = Option<String>, Query, description = "In which timezone times are written; a bad one is ignored."),
        ("dialect" = Option<String>, Query, description = "snake (default) or camel."),
        ("since" = Option<String>, Query, description = "`<epoch>:<seq>` of the last event seen."),
    ),
    responses(
        (status = 101, description = "Connected, or refused by the close frame that follows."),
        (status = 403, description = "Pages of this origin may not connect."),
    ))]
// A bad token is refused after the upgrade, since a browser cannot read the status of a failed handshake.
pub async fn connect(State(state): State<AppState>, handshake: Handshake) -> Response {
    let Handshake {
        upgrade,
        rendering,
        since,
        token,
    } = handshake;
    let limit = state.config.websocket.max_message_bytes;
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_message_size(limit)
        .max_frame_size(limit);
    let identity = token
        .ok_or(TokenError::Missing)
        .and_then(|token| state.tokens.verify(&token));
    upgrade.on_upgrade(move |socket| async move {
        let socket = Socket::new(socket);
        match identity {
            Ok(identity) => {
                let connection = state.hub.connect(vec![user_room(&identity.user)], rendering);
                Session::new(state, identity, connection).run(socket, since).await;
            }
            Err(error) => socket.close(CloseCode::Policy, refusal(&error)).await,
        }
    })
}

/// A close reason holds 123 bytes, so it says what kind of fault it is and not the values.
fn refusal(error: &TokenError) -> &'static str {
    match error {
        TokenError::Missing => "no token: offer the subprotocol authorization.bearer.<jwt>",
        TokenError::Invalid(reason) => reason,
        TokenError::Expired => "the token has expired",
        TokenError::Issuer(_) => "the token's issuer is not known here",
        TokenError::NoSubject => "the token has no sub claim",
    }
}
