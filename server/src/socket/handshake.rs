//! The opening handshake (RFC 6455, 4.2).

use super::{
    Socket,
    codec::Encoding,
    extensions::{Deflate, negotiate},
};
use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{
            CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
            SEC_WEBSOCKET_VERSION, UPGRADE,
        },
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};

/// What holds for the sockets of a server.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// A larger message ends the connection with 1009.
    pub max_message_bytes: usize,
    /// Messages of at least so many bytes are compressed where the client takes that; `None`: none are.
    pub compression: Option<usize>,
}

/// A request for a WebSocket, in order so far.
pub struct Upgrade {
    on_upgrade: OnUpgrade,
    accept: HeaderValue,
    protocol: Option<HeaderValue>,
    deflate: Option<Deflate>,
}

/// Why it is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoUpgrade {
    /// Another method than GET.
    Method,
    /// No `Connection: Upgrade` with `Upgrade: websocket`.
    Headers,
    /// Another version than 13.
    Version,
    /// A key that is not 16 bytes in base64.
    Key,
    /// The connection cannot be upgraded, such as one of HTTP/2.
    Connection,
}

impl IntoResponse for NoUpgrade {
    fn into_response(self) -> Response {
        match self {
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                [("allow", "GET")],
                "A WebSocket begins with GET.",
            )
                .into_response(),
            Self::Headers => (
                StatusCode::UPGRADE_REQUIRED,
                [("connection", "upgrade"), ("upgrade", "websocket")],
                "Connection: Upgrade and Upgrade: websocket are needed.",
            )
                .into_response(),
            Self::Version => (
                StatusCode::UPGRADE_REQUIRED,
                [(SEC_WEBSOCKET_VERSION, "13")],
                "Sec-WebSocket-Version: 13 is needed.",
            )
                .into_response(),
            Self::Key => (StatusCode::BAD_REQUEST, "Sec-WebSocket-Key is 16 bytes in base64.").into_response(),
            Self::Connection => (StatusCode::BAD_REQUEST, "This connection cannot be upgraded.").into_response(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Upgrade {
    type Rejection = NoUpgrade;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, NoUpgrade> {
        let accept = check(&parts.method, &parts.headers)?;
        let on_upgrade = parts.extensions.remove::<OnUpgrade>().ok_or(NoUpgrade::Connection)?;
        Ok(Self {
            on_upgrade,
            accept,
            protocol: None,
            deflate: negotiate(values(&parts.headers, SEC_WEBSOCKET_EXTENSIONS)),
        })
    }
}

impl Upgrade {
    /// Answers with a subprotocol, which must be one of those offered.
    #[must_use]
    pub fn protocol(mut self, selected: Option<&str>) -> Self {
        self.protocol = selected.and_then(|name| name.parse().ok());
        self
    }

    /// Accepts, and runs `session` on a task of its own when the connection is handed over.
    pub fn accept<F>(self, options: Options, session: impl FnOnce(Socket) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let agreed = self.deflate.zip(options.compression);
        let encoding = agreed.map_or(Encoding::Plain, |(deflate, threshold)| Encoding::Deflate {
            window_bits: deflate.window_bits(),
            threshold,
        });
        tokio::spawn(async move {
            match self.on_upgrade.await {
                Ok(upgraded) => session(Socket::new(TokioIo::new(upgraded), options.max_message_bytes, encoding)).await,
                Err(error) => tracing::debug!(%error, "a connection ended before it became a WebSocket"),
            }
        });
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_ACCEPT, self.accept);
        if let Some(protocol) = self.protocol {
            headers.insert(SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        if let Some(answer) = agreed.and_then(|(deflate, _)| deflate.answer().parse().ok()) {
            headers.insert(SEC_WEBSOCKET_EXTENSIONS, answer);
        }
        response
    }
}

/// The value of `Sec-WebSocket-Accept`, where the request is in order.
fn check(method: &Method, headers: &HeaderMap) -> Result<HeaderValue, NoUpgrade> {
    if method != Method::GET {
        return Err(NoUpgrade::Method);
    }
    if !(lists(headers, CONNECTION, "upgrade") && lists(headers, UPGRADE, "websocket")) {
        return Err(NoUpgrade::Headers);
    }
    let only = |name| {
        let mut values = headers.get_all(name).iter();
        values.next().filter(|_| values.next().is_none())
    };
    if only(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(NoUpgrade::Version);
    }
    let key = only(SEC_WEBSOCKET_KEY).ok_or(NoUpgrade::Key)?.as_bytes();
    if BASE64_STANDARD.decode(key).map_or(0, |key| key.len()) != 16 {
        return Err(NoUpgrade::Key);
    }
    let hash = Sha1::new()
        .chain_update(key)
        .chain_update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
        .finalize();
    HeaderValue::try_from(BASE64_STANDARD.encode(hash)).map_err(|_| NoUpgrade::Key)
}

fn values(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
}

/// Whether a header's lists have a token, in any case.
fn lists(headers: &HeaderMap, name: HeaderName, token: &str) -> bool {
    values(headers, name)
        .flat_map(|value| value.split(','))
        .any(|item| item.trim().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 4] = [
        ("connection", "keep-alive, UPGRADE"),
        ("upgrade", "h2c, WebSocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    /// The answer to a good request with one header changed.
    fn answer(name: &'static str, value: &'static str) -> Result<HeaderValue, NoUpgrade> {
        let mut headers: HeaderMap = GOOD
            .into_iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        headers.insert(name, HeaderValue::from_static(value));
        check(&Method::GET, &headers)
    }

    #[test]
    fn the_key_of_the_rfc_gets_its_answer() {
        assert_eq!(answer("host", "example").unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!(check(&Method::POST, &HeaderMap::new()), Err(NoUpgrade::Method));
    }

    #[test]
    fn what_is_no_websocket_is_refused() {
        for (name, value, expected) in [
            ("connection", "keep-alive", NoUpgrade::Headers),
            ("upgrade", "h2c", NoUpgrade::Headers),
            ("sec-websocket-version", "8", NoUpgrade::Version),
            ("sec-websocket-version", "13, 8", NoUpgrade::Version),
            ("sec-websocket-key", "", NoUpgrade::Key),
            ("sec-websocket-key", "c2hvcnQ=", NoUpgrade::Key),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ", NoUpgrade::Key),
        ] {
            assert_eq!(answer(name, value), Err(expected), "{name}: {value}");
        }
        let old = NoUpgrade::Version.into_response();
        assert_eq!(
            (old.status(), &old.headers()["sec-websocket-version"]),
            (StatusCode::UPGRADE_REQUIRED, &HeaderValue::from_static("13"))
        );
    }
}
