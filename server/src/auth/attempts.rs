//! How often signing in may fail, for an account and for an address, before it has to wait.

use moka::sync::Cache;
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

/// Failures are counted for this long after the first one.
pub const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Failures of one account in a window.
const PER_ACCOUNT: u32 = 10;
/// Failures from one address in a window: more, since many people may share one.
const PER_ADDRESS: u32 = 100;
/// Accounts or addresses that are remembered; beyond, the least used are forgotten.
const REMEMBERED: u64 = 100_000;

/// The counters. They live in memory: a restart forgives.
#[derive(Clone)]
pub struct Attempts {
    accounts: Cache<String, Arc<AtomicU32>>,
    addresses: Cache<IpAddr, Arc<AtomicU32>>,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            accounts: Cache::builder().max_capacity(REMEMBERED).time_to_live(WINDOW).build(),
            addresses: Cache::builder().max_capacity(REMEMBERED).time_to_live(WINDOW).build(),
        }
    }
}

impl Attempts {
    /// Counts an attempt before the password is looked at, so that attempts made at once are counted as well;
    /// `false` where there have been too many.
    pub fn begin(&self, email: &str, address: IpAddr) -> bool {
        let account = self
            .accounts
            .get_with_by_ref(email, Arc::default)
            .fetch_add(1, Ordering::Relaxed);
        let from = self
            .addresses
            .get_with(address, Arc::default)
            .fetch_add(1, Ordering::Relaxed);
        account < PER_ACCOUNT && from < PER_ADDRESS
    }

    /// Forgives after a right password: the account wholly, the address this attempt.
    pub fn succeed(&self, email: &str, address: IpAddr) {
        self.accounts.invalidate(email);
        if let Some(count) = self.addresses.get(&address) {
            count.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn an_account_waits_after_ten_failures_and_others_do_not() {
        let attempts = Attempts::default();
        assert!((0..PER_ACCOUNT).all(|_| attempts.begin("ada@example.com", HOME)));
        assert!(!attempts.begin("ada@example.com", HOME));
        assert!(attempts.begin("eve@example.com", HOME));
    }

    #[test]
    fn an_address_waits_whatever_accounts_it_tries() {
        let attempts = Attempts::default();
        assert!((0..PER_ADDRESS).all(|n| attempts.begin(&format!("{n}@example.com"), HOME)));
        assert!(!attempts.begin("new@example.com", HOME));
        assert!(attempts.begin("new@example.com", "10.0.0.1".parse().unwrap()));
    }

    #[test]
    fn a_right_password_forgives() {
        let attempts = Attempts::default();
        for _ in 0..1_000 {
            assert!(attempts.begin("ada@example.com", HOME));
            attempts.succeed("ada@example.com", HOME);
        }
    }
}
