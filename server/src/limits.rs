//! Rate limits by user, over all connections of the user (contract, REST 1 and WebSocket "Handshake").
//!
//! No message takes an exclusive lock on a whole limit. A limit's users are spread over shards, at least four per core.
//! A known user is counted under the shard's read lock, which is shared, and a mutex of that user alone, held while one
//! time is added and expired ones are dropped. Only the first message of a user takes the shard's write lock.

use crate::{
    client_address::ClientAddress,
    config::{LimitsConfig, Quota},
};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter as Refusals, family::Family},
    registry::Registry,
};
use protocol::id::UserId;
use rate_net::{Algorithm, Decision, Eviction, RateLimiter};
use std::{sync::Arc, time::Instant};

/// The maximum number of users per limit; the longest idle ones are evicted.
const MAX_USERS: usize = 100_000;

/// The limits of this node.
#[derive(Clone)]
pub struct Limits {
    /// REST requests.
    pub requests: Limit,
    /// New WebSockets.
    pub connections: Limit,
    /// WebSocket messages.
    pub messages: Limit,
    /// New accounts, by client address.
    pub sign_ups: Limit,
    /// Refreshes, by session.
    pub refreshes_of_session: Limit,
    /// Refreshes, by client address.
    pub refreshes_of_client: Limit,
    /// WebSocket handshakes, by client address.
    pub handshakes: Limit,
    /// Pages and forms, by user.
    pub pages: Limit,
    /// Pages and forms without a session, by client address.
    pub anonymous_pages: Limit,
    refusals: Family<RefusalLabels, Refusals>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusalLabels {
    limit: &'static str,
}

/// One limit for each user: an exact sliding window, which stores the time of each admitted request.
#[derive(Clone)]
pub struct Limit {
    limiter: Option<Arc<RateLimiter>>,
    refusals: Refusals,
}

/// Counts the actions of one connection in fixed windows. A window begins with the first action after the previous
/// window, so that any period of its length has at most twice the quota. That is accurate enough, and needs no list of
/// times.
#[derive(Debug)]
pub struct Counter {
    quota: Option<Quota>,
    begun: Option<Instant>,
    count: u32,
}

impl Counter {
    /// `None` allows everything.
    pub fn new(quota: Option<Quota>) -> Self {
        Self {
            quota,
            begun: None,
            count: 0,
        }
    }

    /// Counts an action; returns whether it is within the quota.
    pub fn take(&mut self) -> bool {
        self.take_at(Instant::now())
    }

    fn take_at(&mut self, now: Instant) -> bool {
        let Some(quota) = self.quota else { return true };
        let running = self.begun.filter(|begun| now.duration_since(*begun) < quota.window);
        if running.is_none() {
            self.begun = Some(now);
            self.count = 0;
        }
        self.count = self.count.saturating_add(1);
        self.count <= quota.max
    }
}

/// The remaining quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The maximum in a window.
    pub limit: u32,
    /// How many are left in the current window.
    pub remaining: u32,
    /// Seconds until the whole quota is available again, rounded up.
    pub reset_seconds: u64,
}

impl Limits {
    /// # Errors
    /// When a window is invalid, which the configuration's ranges rule out.
    pub fn new(config: &LimitsConfig) -> anyhow::Result<Self> {
        let refusals = Family::<RefusalLabels, Refusals>::default();
        let limit = |limit, quota| Limit::new(quota, refusals.get_or_create_owned(&RefusalLabels { limit }));
        Ok(Self {
            requests: limit("requests", config.requests)?,
            connections: limit("connections", config.connections)?,
            messages: limit("messages", config.messages)?,
            sign_ups: limit("sign_ups", config.sign_ups)?,
            refreshes_of_session: limit("refreshes_of_session", config.refreshes_of_session)?,
            refreshes_of_client: limit("refreshes_of_client", config.refreshes_of_client)?,
            handshakes: limit("handshakes", config.handshakes)?,
            pages: limit("pages", config.pages)?,
            anonymous_pages: limit("anonymous_pages", config.anonymous_pages)?,
            refusals,
        })
    }

    /// Adds the number of refusals to a registry.
    pub fn register_metrics(&self, registry: &mut Registry) {
        registry.register(
            "rate_limit_refusals",
            "Requests, messages and connections that were refused since a limit was reached",
            self.refusals.clone(),
        );
    }
}

impl Limit {
    fn new(quota: Option<Quota>, refusals: Refusals) -> anyhow::Result<Self> {
        let Some(Quota { max, window }) = quota else {
            return Ok(Self {
                limiter: None,
                refusals,
            });
        };
        let quota = rate_net::Quota::rate(max, window)?;
        let limiter = RateLimiter::with_quota(quota)
            .with_algorithm(Algorithm::SlidingWindowLog)
            .with_eviction(Eviction::new(MAX_USERS, window * 2));
        Ok(Self {
            limiter: Some(Arc::new(limiter)),
            refusals,
        })
    }

    /// Counts an action of a user; the error is the number of whole seconds to wait, at least one.
    ///
    /// # Errors
    /// When the limit is reached; the action is not counted then.
    pub fn take(&self, user: &UserId) -> Result<(), u64> {
        self.take_key(user.as_str())
    }

    /// Counts an action of a client address, like [`Self::take`].
    ///
    /// # Errors
    /// When the limit is reached.
    pub fn take_from(&self, address: ClientAddress) -> Result<(), u64> {
        self.take_key(&address.limit_key().to_string())
    }

    /// Counts an action by any other key of bounded length, like [`Self::take`].
    ///
    /// # Errors
    /// When the limit is reached.
    pub fn take_key(&self, key: &str) -> Result<(), u64> {
        match self.limiter.as_ref().map(|limiter| limiter.check(key)) {
            Some(decision @ Decision::Deny { .. }) => {
                self.refusals.inc();
                Err(decision.retry_after_secs().unwrap_or(1).max(1))
            }
            _ => Ok(()),
        }
    }

    /// The user's remaining quota; `None` if there is no limit.
    pub fn allowance(&self, user: Option<&UserId>) -> Option<Allowance> {
        let limiter = self.limiter.as_ref()?;
        let Some(user) = user else {
            let limit = limiter.quota().limit();
            return Some(Allowance {
                limit,
                remaining: limit,
                reset_seconds: 0,
            });
        };
        let left = limiter.peek(user.as_str());
        let reset = left.reset_after();
        let reset_seconds = reset.as_secs() + u64::from(reset.subsec_nanos() > 0);
        Some(Allowance {
            limit: left.limit(),
            remaining: left.remaining(),
            reset_seconds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn limit(max: u32) -> Limit {
        let quota = Quota {
            max,
            window: Duration::from_secs(60),
        };
        Limit::new(Some(quota), Refusals::default()).unwrap()
    }

    #[test]
    fn a_user_over_the_limit_must_wait_and_others_need_not() {
        let (limit, ada, eve) = (limit(3), "ada".into(), "eve".into());
        assert_eq!([limit.take(&ada), limit.take(&ada), limit.take(&ada)], [Ok(()); 3]);
        let wait = limit.take(&ada).unwrap_err();
        assert!((1..=60).contains(&wait), "{wait}");
        assert_eq!(limit.take(&eve), Ok(()));
    }

    #[test]
    fn a_counter_allows_its_quota_in_each_window() {
        let window = Duration::from_secs(60);
        let mut counter = Counter::new(Some(Quota { max: 2, window }));
        let start = Instant::now();
        let mut take = |seconds| counter.take_at(start + Duration::from_secs(seconds));
        assert_eq!([take(0), take(1), take(59)], [true, true, false]);
        assert_eq!([take(60), take(61), take(100)], [true, true, false], "a new window");
        assert!((0..1_000).all(|_| Counter::new(None).take()));
    }

    #[test]
    fn addresses_of_one_ipv6_network_share_a_limit() {
        let limit = limit(2);
        let take = |address: &str| limit.take_from(address.parse::<std::net::IpAddr>().unwrap().into());
        assert_eq!([take("2001:db8::1"), take("2001:db8::2")], [Ok(()); 2]);
        assert!(take("2001:db8::3").is_err());
        assert_eq!([take("2001:db8:0:1::1"), take("192.0.2.1")], [Ok(()); 2]);
    }

    #[test]
    fn the_allowance_is_the_remaining_quota() {
        let (limit, ada) = (limit(3), "ada".into());
        assert_eq!(
            limit.allowance(None),
            Some(Allowance {
                limit: 3,
                remaining: 3,
                reset_seconds: 0
            })
        );
        limit.take(&ada).unwrap();
        let left = limit.allowance(Some(&ada)).unwrap();
        assert_eq!((left.limit, left.remaining), (3, 2));
        assert!((1..=60).contains(&left.reset_seconds), "{left:?}");
    }

    #[test]
    fn without_a_quota_everything_is_allowed() {
        let limit = Limit::new(None, Refusals::default()).unwrap();
        assert!((0..10_000).all(|_| limit.take(&"ada".into()).is_ok()));
        assert_eq!(limit.allowance(None), None);
    }
}
