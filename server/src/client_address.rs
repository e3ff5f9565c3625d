//! The address of the client behind a request. Limits, logs and sessions all take it from here.
//!
//! Without TRUSTED_PROXIES it is the address of the TCP peer. Where the peer is a trusted proxy, it is the right-most
//! hop of `Forwarded` (RFC 7239) or `X-Forwarded-For` that is not a trusted proxy itself: what stands left of that hop
//! was written by the client and is not believed.

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

/// Says once that headers of a peer that is not in TRUSTED_PROXIES are ignored.
static IGNORED: Once = Once::new();

/// The prefix length by which IPv6 clients are counted: one customer usually gets at least a /64 (RFC 6177).
const IPV6_PREFIX: u8 = 64;

/// Where a client connects from. IPv4-mapped IPv6 addresses (RFC 4291, 2.5.5.2) are IPv4 here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

/// How the client reached the outermost trusted proxy; `None` where no trusted proxy says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForwardedScheme(pub Option<Scheme>);

/// The scheme of a request's URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

impl ClientAddress {
    /// The address that the layer [`resolve`] has found; where that layer did not run, the TCP peer's.
    pub fn of(extensions: &Extensions) -> Self {
        let peer = || extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let resolved = extensions.get::<Self>().copied();
        resolved.unwrap_or_else(|| peer().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).into())
    }

    pub fn ip(self) -> IpAddr {
        self.0
    }

    /// What limits count by: an IPv4 address by itself, IPv6 addresses by their /64.
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

/// Finds the client's address once a request and keeps it, with [`ForwardedScheme`], in the request's extensions.
pub async fn resolve(State(proxies): State<TrustedProxies>, mut request: Request, next: Next) -> Response {
    let peer = ClientAddress::of(request.extensions());
    let (address, scheme) = proxies.client(peer, request.headers());
    if !proxies.contains(peer) && forwarded::is_present(request.headers()) {
        // Once: any client may send such headers.
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
    fn limits_count_ipv4_by_address_and_ipv6_by_its_64_bit_prefix() {
        assert_eq!(key("203.0.113.7"), "203.0.113.7/32");
        assert_eq!(key("::ffff:203.0.113.7"), "203.0.113.7/32");
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(key("2001:db8:1:2:ffff::"), key("2001:db8:1:2::1"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::1"), "::/64");
    }
}
