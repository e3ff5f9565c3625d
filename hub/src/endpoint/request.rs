//! The request of a connection's handshake.

use http::{Extensions, HeaderMap, Method, Uri, header, request::Parts};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
};

/// The peer's address. A server that knows it inserts it into the request's extensions; axum's `ConnectInfo` is
/// recognized as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoteAddress(pub IpAddr);

/// The request of a connection's handshake.
#[derive(Clone, Debug)]
pub struct Request {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    extensions: Extensions,
    parameters: HashMap<String, String>,
}

impl Request {
    pub(super) fn new(parts: Parts, parameters: HashMap<&str, String>) -> Self {
        let Parts {
            method,
            uri,
            headers,
            extensions,
            ..
        } = parts;
        let parameters = parameters.into_iter().map(|(name, value)| (name.to_owned(), value));
        Self {
            method,
            uri,
            headers,
            extensions,
            parameters: parameters.collect(),
        }
    }

    /// The method, which is GET.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path as sent, percent-encoded.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// A parameter of the endpoint's path pattern, percent-decoded.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// The first value of a query parameter, percent-decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        let query = self.uri.query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The extensions that layers of the server have added.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// The offered subprotocols, from all such headers (RFC 6455, 11.3.4).
    pub fn subprotocols(&self) -> impl Iterator<Item = &str> {
        let values = self.headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
        let values = values.filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).map(str::trim)
    }

    /// The peer's address, if the server knows it.
    pub fn remote_address(&self) -> Option<IpAddr> {
        if let Some(RemoteAddress(address)) = self.extensions.get() {
            return Some(*address);
        }
        connect_info(&self.extensions).map(|address| address.ip())
    }
}

#[cfg(feature = "axum")]
fn connect_info(extensions: &Extensions) -> Option<SocketAddr> {
    let axum::extract::ConnectInfo(address) = extensions.get::<axum::extract::ConnectInfo<SocketAddr>>()?;
    Some(*address)
}

#[cfg(not(feature = "axum"))]
fn connect_info(_: &Extensions) -> Option<SocketAddr> {
    None
}
