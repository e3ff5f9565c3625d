//! What a client says when it connects (contract, WebSocket "Handshake").

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use protocol::socket::{BEARER_PREFIX, Dialect, Rendering, SUBPROTOCOL};
use serde::Deserialize;

use crate::{client_address::ClientAddress, socket::Upgrade, state::AppState};

/// A client's wishes, read from query and headers. The token is not checked yet.
pub struct Handshake {
    /// To upgrade with; the subprotocol is chosen.
    pub upgrade: Upgrade,
    /// How it wants its messages.
    pub rendering: Rendering,
    /// The epoch and `seq` of the last event it saw.
    pub since: Option<(String, u64)>,
    /// It wants timers of others that are shared with its user.
    pub shared: bool,
    /// The token of the first offered `authorization.bearer.<jwt>`.
    pub token: Option<String>,
    /// Where it connects from.
    pub address: ClientAddress,
}

#[derive(Deserialize)]
struct Query {
    timezone: Option<String>,
    dialect: Option<String>,
    since: Option<String>,
    shared: Option<String>,
}

impl FromRequestParts<AppState> for Handshake {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        if !state.origins.allow(&parts.headers) {
            tracing::warn!(origin = ?parts.headers.get(header::ORIGIN), "a WebSocket from a page that is not allowed");
            return Err((StatusCode::FORBIDDEN, "This page's origin may not connect.").into_response());
        }
        let upgrade = Upgrade::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let query = axum::extract::Query::<Query>::try_from_uri(&parts.uri);
        let query = query.map_or(
            Query {
                timezone: None,
                dialect: None,
                since: None,
                shared: None,
            },
            |query| query.0,
        );
        let offered = offered(&parts.headers);
        let bearer = offered.iter().find(|name| name.starts_with(BEARER_PREFIX)).cloned();
        let selected = if offered.iter().any(|name| name == SUBPROTOCOL) {
            Some(SUBPROTOCOL.to_owned())
        } else {
            bearer.clone()
        };
        Ok(Self {
            upgrade: upgrade.protocol(selected.as_deref()),
            rendering: Rendering {
                dialect: query.dialect.as_deref().map_or(Dialect::default(), Dialect::parse),
                // What cannot be parsed is ignored: the connection stays.
                zone: query.timezone.and_then(|zone| zone.parse().ok()),
            },
            since: query.since.as_deref().and_then(since),
            shared: query
                .shared
                .is_some_and(|word| word.eq_ignore_ascii_case("true") || word == "1"),
            token: bearer.map(|name| name[BEARER_PREFIX.len()..].to_owned()),
            address: ClientAddress::of(&parts.extensions),
        })
    }
}

/// The offered subprotocols, over all the headers (RFC 6455, 11.3.4).
fn offered(headers: &HeaderMap) -> Vec<String> {
    let values = headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_owned())
        .collect()
}

/// `<epoch>:<seq>`; what cannot be read counts as not given, and gets the normal sync.
fn since(text: &str) -> Option<(String, u64)> {
    let (epoch, seq) = text.rsplit_once(':')?;
    Some((epoch.to_owned(), seq.parse().ok()?))
}
