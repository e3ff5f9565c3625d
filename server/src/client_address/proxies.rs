//! TRUSTED_PROXIES: the peers whose forwarding headers are used.

use super::{
    ClientAddress, ForwardedScheme,
    forwarded::{self, Hop},
};
use axum::http::HeaderMap;
use ipnet::{IpNet, Ipv4Net};
use std::{net::IpAddr, sync::Arc};

/// Length of the prefix before the IPv4 address in an IPv4-mapped IPv6 address, in bits.
const MAPPED_BITS: u8 = 96;

/// Addresses and networks of trusted proxies; empty by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// Parses entries such as `10.0.0.1`, `10.0.0.0/8`, `::1` and `fd00::/8`.
    ///
    /// # Errors
    /// The first entry that is neither an address nor a CIDR.
    pub fn parse(entries: &[String]) -> Result<Self, &str> {
        let networks = entries.iter().map(|entry| network(entry).ok_or(entry.as_str()));
        Ok(Self(networks.collect::<Result<_, _>>()?))
    }

    /// Whether an address belongs to a trusted proxy.
    pub fn contains(&self, address: ClientAddress) -> bool {
        self.0.iter().any(|network| network.contains(&address.ip()))
    }

    /// The client of a request that came from `peer`, and the scheme that it used.
    pub fn client(&self, peer: ClientAddress, headers: &HeaderMap) -> (ClientAddress, ForwardedScheme) {
        if !self.contains(peer) {
            return (peer, ForwardedScheme(None));
        }
        let scheme = forwarded::x_forwarded_proto(headers);
        let sources = [forwarded::forwarded(headers), forwarded::x_forwarded_for(headers)];
        let mut found = sources
            .into_iter()
            .filter(|hops| !hops.is_empty())
            .map(|hops| self.first_untrusted(peer, hops));
        let (address, forwarded) = match (found.next(), found.next()) {
            // A proxy that sets one of the headers may pass the other one on from the client.
            (Some((one, _)), Some((other, _))) if one != other => {
                tracing::debug!(%peer, %one, %other, "Forwarded and X-Forwarded-For disagree: both are ignored");
                (peer, None)
            }
            (Some(found), _) => found,
            (None, _) => (peer, None),
        };
        (address, ForwardedScheme(scheme.or(forwarded)))
    }

    /// Walks from the peer to the left over trusted proxies. An unknown hop ends the walk.
    fn first_untrusted(&self, peer: ClientAddress, hops: Vec<Hop>) -> (ClientAddress, Option<super::Scheme>) {
        let (mut client, mut scheme) = (peer, None);
        for hop in hops.into_iter().rev() {
            if !self.contains(client) {
                break;
            }
            scheme = hop.scheme;
            let Some(address) = hop.address else { break };
            client = address.into();
        }
        (client, scheme)
    }
}

fn network(entry: &str) -> Option<IpNet> {
    let network: IpNet = match entry.parse::<IpAddr>() {
        Ok(address) => address.into(),
        Err(_) => entry.parse().ok()?,
    };
    // Peers' IPv4-mapped addresses are compared as IPv4, so networks are converted too.
    let mapped = match network.trunc() {
        IpNet::V6(mapped) => mapped
            .addr()
            .to_ipv4_mapped()
            .zip(mapped.prefix_len().checked_sub(MAPPED_BITS)),
        IpNet::V4(_) => None,
    };
    match mapped {
        Some((address, bits)) => Some(Ipv4Net::new(address, bits).ok()?.into()),
        None => Some(network.trunc()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client_address::Scheme;
    use axum::http::{HeaderName, HeaderValue};

    fn proxies(entries: &str) -> TrustedProxies {
        let entries: Vec<_> = entries.split(' ').map(str::to_owned).collect();
        TrustedProxies::parse(&entries).unwrap()
    }

    fn client(peer: &str, headers: &[(&'static str, &str)]) -> (String, Option<Scheme>) {
        let map: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect();
        let peer = peer.parse::<IpAddr>().unwrap().into();
        let (address, scheme) = proxies("10.0.0.0/8 fd00::/8 ::1").client(peer, &map);
        (address.to_string(), scheme.0)
    }

    #[test]
    fn the_client_is_the_right_most_untrusted_hop() {
        let forwarded_for = |peer: &str, value: &str| client(peer, &[("x-forwarded-for", value)]).0;
        for (peer, value, expected) in [
            ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
            ("10.0.0.1", "6.6.6.6, 192.0.2.1", "192.0.2.1"),
            ("10.0.0.1", "6.6.6.6, 192.0.2.1, 10.9.9.9, fd00::1", "192.0.2.1"),
            ("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"),
            ("::1", "::ffff:10.0.0.2", "10.0.0.2"),
            // All hops are trusted: the left-most one.
            ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
            // Unknown hops: the last known one.
            ("10.0.0.1", "192.0.2.1, unknown", "10.0.0.1"),
            ("10.0.0.1", "192.0.2.1, _hidden, 10.0.0.2", "10.0.0.2"),
            // Headers of untrusted peers are ignored.
            ("192.0.2.9", "192.0.2.1", "192.0.2.9"),
            ("11.0.0.1", "10.0.0.1", "11.0.0.1"),
        ] {
            assert_eq!(forwarded_for(peer, value), expected, "{peer}: {value}");
        }
        assert_eq!(client("10.0.0.1", &[]).0, "10.0.0.1");
    }

    #[test]
    fn contradicting_headers_are_ignored() {
        let both = |forwarded: &str, x: &str| client("10.0.0.1", &[("forwarded", forwarded), ("x-forwarded-for", x)]).0;
        assert_eq!(both("for=192.0.2.1", "6.6.6.6, 192.0.2.1"), "192.0.2.1");
        assert_eq!(both("for=6.6.6.6", "192.0.2.1"), "10.0.0.1");
        assert_eq!(both("for=\"", "192.0.2.1"), "10.0.0.1");
    }

    #[test]
    fn the_scheme_is_that_of_the_outermost_trusted_proxys_peer() {
        let scheme = |headers: &[(&'static str, &str)]| client("10.0.0.1", headers).1;
        let chain = "for=192.0.2.1;proto=https, for=10.0.0.2;proto=http";
        assert_eq!(scheme(&[("forwarded", chain)]), Some(Scheme::Https));
        assert_eq!(scheme(&[("x-forwarded-proto", "http, HTTPS")]), Some(Scheme::Https));
        assert_eq!(scheme(&[("x-forwarded-proto", "gopher")]), None);
        assert_eq!(client("192.0.2.9", &[("x-forwarded-proto", "https")]).1, None);
    }

    #[test]
    fn entries_may_be_addresses_and_networks_of_both_families() {
        let trusted =
            |entries: &str, address: &str| proxies(entries).contains(address.parse::<IpAddr>().unwrap().into());
        assert!(trusted("10.1.2.3/8", "10.255.0.1") && !trusted("10.1.2.3", "10.1.2.4"));
        assert!(trusted("2001:db8::/32", "2001:db8:ffff::1") && !trusted("::1", "127.0.0.1"));
        assert!(trusted("::ffff:10.0.0.0/104", "10.9.9.9") && !trusted("::ffff:10.0.0.0/104", "11.0.0.1"));
        assert!(trusted("0.0.0.0/0", "192.0.2.1") && !trusted("0.0.0.0/0", "2001:db8::1"));
        for wrong in [
            "proxy.example",
            "10.0.0.0/33",
            "10.0.0.0/",
            "*",
            "10.0.0.1:80",
            "fe80::1%eth0",
        ] {
            assert_eq!(TrustedProxies::parse(&["::1".to_owned(), wrong.to_owned()]), Err(wrong));
        }
    }
}
