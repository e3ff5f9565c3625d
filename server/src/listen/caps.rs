//! Caps on open connections, in total and by address.

use crate::client_address::{ClientAddress, TrustedProxies};
use ipnet::IpNet;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The minimum time between two warnings about refused connections.
const WARN_EVERY: Duration = Duration::from_secs(30);

/// Counts open connections, including upgraded ones. The connections of a trusted proxy belong to many clients, so they
/// count towards the total only.
#[derive(Clone)]
pub struct ConnectionCaps(Arc<Caps>);

struct Caps {
    total: usize,
    per_address: usize,
    proxies: TrustedProxies,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    total: usize,
    by_address: HashMap<IpNet, usize>,
    warned: Option<Instant>,
}

/// The permit of one connection; dropping it releases it.
pub struct Permit {
    caps: Arc<Caps>,
    address: Option<IpNet>,
}

impl ConnectionCaps {
    /// At most `total` connections, and `per_address` of one IPv4 address or IPv6 /64.
    pub fn new(total: usize, per_address: usize, proxies: TrustedProxies) -> Self {
        Self(Arc::new(Caps {
            total,
            per_address,
            proxies,
            open: Mutex::default(),
        }))
    }

    /// Admits a connection of `peer`; `None` if a cap is reached.
    pub fn admit(&self, peer: IpAddr) -> Option<Permit> {
        let caps = &self.0;
        let peer = ClientAddress::from(peer);
        let address = (!caps.proxies.contains(peer)).then(|| peer.limit_key());
        let mut open = caps.open();
        let of_address = address.map_or(0, |address| open.by_address.get(&address).copied().unwrap_or(0));
        if open.total >= caps.total || (address.is_some() && of_address >= caps.per_address) {
            if open.warned.is_none_or(|warned| warned.elapsed() >= WARN_EVERY) {
                open.warned = Some(Instant::now());
                tracing::warn!(%peer, open = open.total, of_address, "too many connections: new ones are refused");
            }
            return None;
        }
        open.total += 1;
        if let Some(address) = address {
            open.by_address.insert(address, of_address + 1);
        }
        let caps = caps.clone();
        Some(Permit { caps, address })
    }
}

impl Caps {
    fn open(&self) -> MutexGuard<'_, Open> {
        // Code that holds the lock does not panic, and the counters have no intermediate states.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.caps.open();
        open.total = open.total.saturating_sub(1);
        let Some(address) = self.address else { return };
        match open.by_address.get_mut(&address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(open.by_address.remove(&address)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caps(total: usize, per_address: usize) -> ConnectionCaps {
        let proxies = TrustedProxies::parse(&["10.0.0.1".to_owned()]).unwrap();
        ConnectionCaps::new(total, per_address, proxies)
    }

    fn admit(caps: &ConnectionCaps, peer: &str) -> Option<Permit> {
        caps.admit(peer.parse().unwrap())
    }

    #[test]
    fn addresses_are_capped_and_a_closed_connection_frees_its_permit() {
        let caps = caps(100, 2);
        let first = admit(&caps, "192.0.2.1").unwrap();
        let _second = admit(&caps, "::ffff:192.0.2.1").unwrap();
        assert!(admit(&caps, "192.0.2.1").is_none());
        let _other = admit(&caps, "192.0.2.2").unwrap();
        drop(first);
        assert!(admit(&caps, "192.0.2.1").is_some());
    }

    #[test]
    fn ipv6_connections_are_counted_by_their_64_bit_prefix() {
        let caps = caps(100, 1);
        let _first = admit(&caps, "2001:db8::1").unwrap();
        assert!(admit(&caps, "2001:db8::2").is_none());
        assert!(admit(&caps, "2001:db8:0:1::1").is_some());
    }

    #[test]
    fn a_trusted_proxy_is_bounded_by_the_total_only() {
        let caps = caps(3, 1);
        let proxied: Vec<_> = (0..3).map(|_| admit(&caps, "10.0.0.1").unwrap()).collect();
        assert!(admit(&caps, "10.0.0.1").is_none());
        assert!(admit(&caps, "192.0.2.1").is_none());
        drop(proxied);
        assert!(caps.0.open().by_address.is_empty());
        assert!(admit(&caps, "192.0.2.1").is_some());
        assert!(
            caps.0.open().by_address.is_empty(),
            "closed connections leave no entries"
        );
    }
}
