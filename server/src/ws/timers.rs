//! `GET /v1/ws/timers` (contract, `websocket-timers.md`).

mod commands;
mod session;

use super::{
    admission::{admit, refuse_origin, subprotocol},
    authenticated::Authenticated,
};
use crate::{auth::identity::Identity, client_address::ClientAddress, state::AppState};
use axum::{
    Extension,
    body::Body,
    extract::{Request as HttpRequest, State},
    response::Response,
};
use hub::{CloseFrame, Connection, Endpoint, Format, RemoteAddress, Request, Service};
use protocol::{
    rest::input::Flag,
    socket::{Dialect, Rendering},
};
use session::Session;

const PATH: &str = "/v1/ws/timers";

/// The timer WebSocket; `/asyncapi.json` describes its messages.
///
/// The token is offered as the subprotocol `authorization.bearer.<jwt>`; refusals are reported by a close code.
#[utoipa::path(get, path = "/v1/ws/timers", tag = "timers", operation_id = "connect_timers",
    params(
        ("timezone" = Option<String>, Query, description = "The timezone of times; an invalid one is ignored."),
        ("dialect" = Option<String>, Query, description = "snake (default) or camel."),
        ("shared" = Option<bool>, Query, description = "Adds timers of other users that are shared with the user."),
        ("changes" = Option<bool>, Query, description = "Adds `data.changed`, which names other data that has changed."),
        ("since" = Option<String>, Query, description = "`<epoch>:<seq>` of the last event seen."),
    ),
    responses(
        (status = 101, description = "Connected, or refused by the close frame that follows."),
        (status = 400, description = "The handshake's key is invalid, or the connection cannot be upgraded.",
         body = String, content_type = "text/plain"),
        (status = 403, description = "Pages of this origin may not connect.", body = String,
         content_type = "text/plain"),
        (status = 426, description = "The request is not a WebSocket handshake of version 13 (RFC 6455, 4.2).",
         body = String, content_type = "text/plain"),
    ))]
pub async fn connect(
    State(state): State<AppState>,
    Extension(endpoint): Extension<Endpoint<TimerService>>,
    mut request: HttpRequest,
) -> Response {
    if let Some(refusal) = refuse_origin(&state, request.headers()) {
        return refusal;
    }
    let address = RemoteAddress(ClientAddress::of(request.extensions()).ip());
    request.extensions_mut().insert(address);
    endpoint.handle(request).map(Body::from)
}

/// The endpoint that [`connect`] passes requests to.
pub fn endpoint(state: AppState) -> Endpoint<TimerService> {
    let options = state.config.websocket.options.clone();
    Endpoint::new(state.hub.clone(), PATH, options, TimerService { state })
}

/// Authenticates connections and runs their sessions.
pub struct TimerService {
    state: AppState,
}

/// An admitted connection with its request's parameters.
pub struct Admitted {
    identity: Identity,
    /// The epoch and `seq` of the last event that the client has seen.
    since: Option<(String, u64)>,
    /// Whether it receives other users' timers that are shared with its user.
    shared: bool,
    /// Whether it receives `data.changed`.
    changes: bool,
    /// Whether no dialect was given, so that the connection follows its client's.
    follows_dialect: bool,
}

impl Service for TimerService {
    type Auth = Admitted;
    type Protocol = Session;

    fn subprotocol(&self, request: &Request) -> Option<String> {
        subprotocol(request)
    }

    async fn authenticate(&self, request: &Request) -> Result<Admitted, CloseFrame> {
        let identity = admit(&self.state, request).await?;
        Ok(Admitted {
            identity,
            follows_dialect: request.query("dialect").is_none(),
            since: request.query("since").as_deref().and_then(since),
            shared: flag(request, "shared"),
            changes: flag(request, "changes"),
        })
    }

    fn format(&self, request: &Request) -> Format {
        let dialect = request.query("dialect");
        Format::new(Rendering {
            dialect: dialect.as_deref().map_or(Dialect::default(), Dialect::parse),
            // Invalid parameters are ignored: the connection stays.
            zone: request.query("timezone").and_then(|zone| zone.parse().ok()),
        })
    }

    fn open(&self, connection: &mut Connection<Admitted>) -> Session {
        Session::new(self.state.clone(), connection)
    }
}

/// A boolean of the query; an invalid value counts as false.
fn flag(request: &Request, name: &str) -> bool {
    request.query(name).as_deref().and_then(Flag::parse) == Some(Flag(true))
}

/// Parses `<epoch>:<seq>`; an invalid value counts as absent, and gets the normal sync.
fn since(text: &str) -> Option<(String, u64)> {
    let (epoch, seq) = text.rsplit_once(':')?;
    Some((epoch.to_owned(), seq.parse().ok()?))
}

#[cfg(test)]
mod tests;
