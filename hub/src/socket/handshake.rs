//! The opening handshake (RFC 6455, 4.2).

use super::{
    Socket,
    extensions::{Deflate, negotiate},
};
use crate::codec::Encoding;
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode,
    header::{
        ALLOW, CONNECTION, CONTENT_TYPE, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY,
        SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
    },
    request::Parts,
};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};
use std::time::Duration;

/// The options of an endpoint's sockets.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Maximum message size in bytes; a larger message is a fault (1009).
    pub max_message_bytes: usize,
    /// Messages of at least this many bytes are compressed if the client offers it; `None`: no compression.
    pub compression_threshold: Option<usize>,
    /// A peer that reads nothing of what is written for this long is disconnected.
    pub write_timeout: Duration,
}

/// A valid WebSocket handshake request.
pub struct Upgrade {
    on_upgrade: OnUpgrade,
    accept: HeaderValue,
    subprotocol: Option<HeaderValue>,
    deflate: Option<Deflate>,
}

/// Why a request cannot be upgraded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The method is not GET.
    Method,
    /// `Connection: Upgrade` and `Upgrade: websocket` are missing.
    Headers,
    /// The version is not 13.
    Version,
    /// The key is not 16 bytes in base64.
    Key,
    /// The connection cannot be upgraded, such as one of HTTP/2.
    Connection,
}

impl Rejection {
    /// The error response, with a text that says what is required.
    pub fn response(self) -> Response<String> {
        let (status, headers, text): (_, &[(HeaderName, &'static str)], _) = match self {
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                &[(ALLOW, "GET")],
                "A WebSocket begins with GET.",
            ),
            Self::Headers => (
                StatusCode::UPGRADE_REQUIRED,
                &[(CONNECTION, "upgrade"), (UPGRADE, "websocket")],
                "Connection: Upgrade and Upgrade: websocket are needed.",
            ),
            Self::Version => (
                StatusCode::UPGRADE_REQUIRED,
                &[(SEC_WEBSOCKET_VERSION, "13")],
                "Sec-WebSocket-Version: 13 is needed.",
            ),
            Self::Key => (StatusCode::BAD_REQUEST, &[], "Sec-WebSocket-Key is 16 bytes in base64."),
            Self::Connection => (StatusCode::BAD_REQUEST, &[], "This connection cannot be upgraded."),
        };
        let mut response = Response::new(text.to_owned());
        *response.status_mut() = status;
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, plain);
        for (name, value) in headers {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

impl Upgrade {
    /// Validates a request, and takes `hyper::upgrade::OnUpgrade` out of its extensions.
    ///
    /// # Errors
    /// [`Rejection`].
    pub fn of(parts: &mut Parts) -> Result<Self, Rejection> {
        let accept = check(&parts.method, &parts.headers)?;
        let on_upgrade = parts.extensions.remove::<OnUpgrade>().ok_or(Rejection::Connection)?;
        Ok(Self {
            on_upgrade,
            accept,
            subprotocol: None,
            deflate: negotiate(values(&parts.headers, SEC_WEBSOCKET_EXTENSIONS)),
        })
    }

    /// Selects a subprotocol, which must be one of those offered.
    #[must_use]
    pub fn subprotocol(mut self, selected: Option<&str>) -> Self {
        self.subprotocol = selected.and_then(|name| name.parse().ok());
        self
    }

    /// Accepts the handshake, and runs `session` on a task of its own once the connection is upgraded.
    pub fn accept<F>(self, settings: Settings, session: impl FnOnce(Socket) -> F + Send + 'static) -> Response<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let agreed = self.deflate.zip(settings.compression_threshold);
        let encoding = agreed.map_or(Encoding::Plain, |(deflate, threshold)| Encoding::Deflate {
            window_bits: deflate.window_bits(),
            threshold,
        });
        let Settings {
            max_message_bytes,
            write_timeout,
            ..
        } = settings;
        tokio::spawn(async move {
            match self.on_upgrade.await {
                Ok(upgraded) => {
                    let io = TokioIo::new(upgraded);
                    session(Socket::new(io, max_message_bytes, encoding, write_timeout)).await;
                }
                Err(error) => tracing::debug!(%error, "a connection ended before it became a WebSocket"),
            }
        });
        let mut response = Response::new(());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_ACCEPT, self.accept);
        if let Some(subprotocol) = self.subprotocol {
            headers.insert(SEC_WEBSOCKET_PROTOCOL, subprotocol);
        }
        if let Some(answer) = agreed.and_then(|(deflate, _)| deflate.answer().parse().ok()) {
            headers.insert(SEC_WEBSOCKET_EXTENSIONS, answer);
        }
        response
    }
}

/// The value of `Sec-WebSocket-Accept` for a valid request.
fn check(method: &Method, headers: &HeaderMap) -> Result<HeaderValue, Rejection> {
    if method != Method::GET {
        return Err(Rejection::Method);
    }
    if !(lists(headers, CONNECTION, "upgrade") && lists(headers, UPGRADE, "websocket")) {
        return Err(Rejection::Headers);
    }
    let only = |name| {
        let mut values = headers.get_all(name).iter();
        values.next().filter(|_| values.next().is_none())
    };
    if only(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(Rejection::Version);
    }
    let key = only(SEC_WEBSOCKET_KEY).ok_or(Rejection::Key)?.as_bytes();
    if BASE64_STANDARD.decode(key).map_or(0, |key| key.len()) != 16 {
        return Err(Rejection::Key);
    }
    let hash = Sha1::new()
        .chain_update(key)
        .chain_update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
        .finalize();
    HeaderValue::try_from(BASE64_STANDARD.encode(hash)).map_err(|_| Rejection::Key)
}

fn values(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
}

/// Whether a header's lists contain a token, ignoring case.
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

    /// The response to a valid request with one header changed.
    fn answer(name: &'static str, value: &'static str) -> Result<HeaderValue, Rejection> {
        let mut headers: HeaderMap = GOOD
            .into_iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        headers.insert(name, HeaderValue::from_static(value));
        check(&Method::GET, &headers)
    }

    #[test]
    fn key_of_rfc_6455_gets_its_accept_value() {
        assert_eq!(answer("host", "example").unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!(check(&Method::POST, &HeaderMap::new()), Err(Rejection::Method));
    }

    #[test]
    fn invalid_handshakes_are_refused() {
        for (name, value, expected) in [
            ("connection", "keep-alive", Rejection::Headers),
            ("upgrade", "h2c", Rejection::Headers),
            ("sec-websocket-version", "8", Rejection::Version),
            ("sec-websocket-version", "13, 8", Rejection::Version),
            ("sec-websocket-key", "", Rejection::Key),
            ("sec-websocket-key", "c2hvcnQ=", Rejection::Key),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ", Rejection::Key),
        ] {
            assert_eq!(answer(name, value), Err(expected), "{name}: {value}");
        }
        let old = Rejection::Version.response();
        assert_eq!(
            (old.status(), &old.headers()["sec-websocket-version"]),
            (StatusCode::UPGRADE_REQUIRED, &HeaderValue::from_static("13"))
        );
    }
}
