//! The address of a request's client, for limits, logs and sessions.
//!
//! Without TRUSTED_PROXIES it is the address of the TCP peer. If the peer is a trusted proxy, it is the right-most hop
//! of `Forwarded` (RFC 7239) or `X-Forwarded-For` that is not a trusted proxy itself: everything to the left of that
//! hop may have been written by the client and is ignored.

mod forwarded;
mod proxies;

pub use proxies::TrustedProxies;

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{Extensions, request::Parts},
    middleware::Next,
    response::Response,
};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::{
    convert::Infallible,
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Once,
};

/// Makes the warning about ignored headers of untrusted peers appear once.
static IGNORED: Once = Once::new();

/// The prefix length by which IPv6 clients are counted: a customer usually gets at least a /64 (RFC 6177).
const IPV6_PREFIX: u8 = 64;

/// The address that a client connects from. IPv4-mapped IPv6 addresses (RFC 4291, 2.5.5.2) are treated as IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

/// The scheme of the client's request to the outermost trusted proxy; `None` if no trusted proxy reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForwardedScheme(pub Option<Scheme>);

/// The scheme of a request's URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

impl ClientAddress {
    /// The address that the layer [`resolve`] found, or that of the TCP peer if the layer did not run.
    pub fn of(extensions: &Extensions) -> Self {
        let peer = || extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let resolved = extensions.get::<Self>().copied();
        resolved.unwrap_or_else(|| peer().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).into())
    }

    pub fn ip(self) -> IpAddr {
        self.0
    }

    /// The key for limits: the address for IPv4, the /64 network for IPv6.
    pub fn limit_key(self) -> IpNet {
        match self.0 {
            IpAddr::V4(ip) => Ipv4Net::from(ip).into(),
            IpAddr::V6(ip) => Ipv6Net::new_assert(ip, IPV6_PREFIX).trunc().into(),
        }
    }
}

impl From<IpAddr> for ClientAddress {
    fn from(ip: IpAddr) -> Self {
        Self(ip.to_canonical())
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

/// Finds the client's address and stores it, with [`ForwardedScheme`], in the request's extensions.
pub async fn resolve(State(proxies): State<TrustedProxies>, mut request: Request, next: Next) -> Response {
    let peer = ClientAddress::of(request.extensions());
    let (address, scheme) = proxies.client(peer, request.headers());
    if !proxies.contains(peer) && forwarded::is_present(request.headers()) {
        // Once only, since any client may send such headers.
        IGNORED.call_once(|| {
            tracing::warn!(%peer, "Forwarded or X-Forwarded-For is ignored: if that is a proxy of yours, add it to TRUSTED_PROXIES");
        });
    }
    let extensions = request.extensions_mut();
    extensions.insert(address);
    extensions.insert(scheme);
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(address: &str) -> String {
        let address: IpAddr = address.parse().unwrap();
        ClientAddress::from(address).limit_key().to_string()
    }

    #[test]
    fn the_limit_key_is_the_ipv4_address_or_the_ipv6_64_bit_prefix() {
        assert_eq!(key("203.0.113.7"), "203.0.113.7/32");
        assert_eq!(key("::ffff:203.0.113.7"), "203.0.113.7/32");
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(key("2001:db8:1:2:ffff::"), key("2001:db8:1:2::1"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::1"), "::/64");
    }
}
