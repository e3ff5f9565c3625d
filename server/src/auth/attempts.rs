//! How often signing in may fail before the next attempt has to wait.
//!
//! Failures are counted by (account, client), by client, and by account. The first two refuse with a delay that doubles
//! with each failure. The third only slows the answer, by at most `MAX_BRAKE`: anybody who knows another person's address
//! must not be able to lock that person out of the account.

use moka::sync::Cache;
use sha2::{Digest, Sha256};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Failures of one client on one account before there is a delay.
const FREE_FOR_PAIR: u32 = 5;
/// Failures of one client on all accounts: more, since many people may share an address.
const FREE_FOR_CLIENT: u32 = 100;
/// Failures of all clients on one account before its answers are slowed.
const FREE_FOR_ACCOUNT: u32 = 20;
/// The delay after the last free failure; it doubles with each further one.
const FIRST_DELAY_FOR_PAIR: Duration = Duration::from_secs(1);
/// Longer: so many failures are no mistakes of a person.
const FIRST_DELAY_FOR_CLIENT: Duration = Duration::from_secs(30);
const MAX_DELAY: Duration = Duration::from_secs(15 * 60);
/// Failures are forgotten when the last one is so long ago. Longer than [`MAX_DELAY`], or waiting would forgive.
const MEMORY: Duration = Duration::from_secs(60 * 60);
/// By how much each failure of an account beyond the free ones slows its next answers, up to the second.
const BRAKE_STEP: Duration = Duration::from_millis(100);
const MAX_BRAKE: Duration = Duration::from_secs(2);
/// Counters that are kept of each kind, of about 200 bytes each; beyond, the least used are forgotten.
const CAPACITY: u64 = 100_000;

/// The counters. They live in memory: a restart forgives, and each node counts by itself.
#[derive(Clone)]
pub struct Attempts {
    /// Keeps clients from choosing keys that collide.
    salt: [u8; 16],
    pairs: Counters,
    clients: Counters,
    accounts: Counters,
}

/// The client has to wait for so many seconds, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MustWait(pub u64);

/// An attempt that may be made.
pub struct Attempt {
    pair: Arc<Counter>,
    client: Arc<Counter>,
    account: Arc<Counter>,
    brake: Duration,
}

/// Keys are hashes: what a client sends decides neither their size nor what is kept of it.
type Counters = Cache<[u8; 16], Arc<Counter>>;
type Counter = Mutex<Failures>;

#[derive(Debug, Default)]
struct Failures {
    count: u32,
    last: Option<Instant>,
    /// No attempt before this.
    until: Option<Instant>,
}

impl Default for Attempts {
    fn default() -> Self {
        let counters = || Cache::builder().max_capacity(CAPACITY).time_to_idle(MEMORY).build();
        Self {
            salt: rand::random(),
            pairs: counters(),
            clients: counters(),
            accounts: counters(),
        }
    }
}

impl Attempts {
    /// Counts an attempt as failed before the password is looked at, so that attempts made at once are counted as well.
    /// `client` is the client's address as it is counted. An attempt that has to wait is not counted.
    ///
    /// # Errors
    /// [`MustWait`].
    pub fn begin(&self, email: &str, client: &str) -> Result<Attempt, MustWait> {
        self.begin_at(email, client, Instant::now())
    }

    fn begin_at(&self, email: &str, client: &str, now: Instant) -> Result<Attempt, MustWait> {
        // The client first: one that has to wait makes no entries for the accounts that it tries.
        let of_client = counter(&self.clients, self.key(&[client]));
        lock(&of_client).check(now)?;
        let pair = counter(&self.pairs, self.key(&[client, email]));
        lock(&pair).fail(now, FREE_FOR_PAIR, FIRST_DELAY_FOR_PAIR)?;
        // Another attempt of the client may have come between: then both count, and the next one waits.
        let _ = lock(&of_client).fail(now, FREE_FOR_CLIENT, FIRST_DELAY_FOR_CLIENT);
        let account = counter(&self.accounts, self.key(&[email]));
        let brake = lock(&account).slow(now);
        Ok(Attempt {
            pair,
            client: of_client,
            account,
            brake,
        })
    }

    /// 16 bytes, whatever the length of the parts.
    fn key(&self, parts: &[&str]) -> [u8; 16] {
        let mut hash = Sha256::new_with_prefix(self.salt);
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let mut key = [0; 16];
        key.copy_from_slice(&hash.finalize()[..16]);
        key
    }
}

impl Attempt {
    /// How long the answer is held back, whether the password is right or not.
    pub fn brake(&self) -> Duration {
        self.brake
    }

    /// The password was right: this client's failures on the account are forgiven, elsewhere this attempt alone.
    pub fn succeed(self) {
        *lock(&self.pair) = Failures::default();
        lock(&self.client).forgive();
        lock(&self.account).forgive();
    }

    /// The password was not looked at, because the server could not.
    pub fn withdraw(self) {
        for counter in [&self.pair, &self.client, &self.account] {
            lock(counter).forgive();
        }
    }
}

impl Failures {
    fn check(&self, now: Instant) -> Result<(), MustWait> {
        match self.until.and_then(|until| until.checked_duration_since(now)) {
            Some(left) if !left.is_zero() => {
                Err(MustWait(left.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX)))
            }
            _ => Ok(()),
        }
    }

    /// Counts one more, unless it has to wait.
    fn fail(&mut self, now: Instant, free: u32, first_delay: Duration) -> Result<(), MustWait> {
        self.check(now)?;
        self.count(now);
        if let Some(doublings) = self.count.checked_sub(free) {
            let delay = first_delay.saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX));
            self.until = Some(now + delay.min(MAX_DELAY));
        }
        Ok(())
    }

    /// Counts one more, and says how long its answer is held back.
    fn slow(&mut self, now: Instant) -> Duration {
        self.count(now);
        let beyond = self.count.saturating_sub(FREE_FOR_ACCOUNT);
        BRAKE_STEP.saturating_mul(beyond).min(MAX_BRAKE)
    }

    fn count(&mut self, now: Instant) {
        if self
            .last
            .is_some_and(|last| now.saturating_duration_since(last) > MEMORY)
        {
            *self = Self::default();
        }
        self.count = self.count.saturating_add(1);
        self.last = Some(now);
    }

    fn forgive(&mut self) {
        self.count = self.count.saturating_sub(1);
        self.until = None;
    }
}

fn counter(counters: &Counters, key: [u8; 16]) -> Arc<Counter> {
    counters.get_with(key, Arc::default)
}

fn lock(counter: &Counter) -> MutexGuard<'_, Failures> {
    // Nothing panics while it is held.
    counter.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = "ada@example.com";

    fn fail(attempts: &Attempts, email: &str, client: &str, now: Instant, times: u32) {
        for _ in 0..times {
            assert!(attempts.begin_at(email, client, now).is_ok(), "{email} from {client}");
        }
    }

    fn wait(attempts: &Attempts, email: &str, client: &str, now: Instant) -> Option<u64> {
        attempts.begin_at(email, client, now).err().map(|wait| wait.0)
    }

    #[test]
    fn delay_of_a_client_on_an_account_doubles_up_to_its_maximum() {
        let (attempts, mut now) = (Attempts::default(), Instant::now());
        fail(&attempts, ADA, "192.0.2.1", now, FREE_FOR_PAIR);
        let mut delays = Vec::new();
        for _ in 0..12 {
            let seconds = wait(&attempts, ADA, "192.0.2.1", now).unwrap();
            delays.push(seconds);
            now += Duration::from_secs(seconds);
            fail(&attempts, ADA, "192.0.2.1", now, 1);
        }
        assert_eq!(delays, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    }

    #[test]
    fn failures_of_one_client_do_not_delay_another_on_the_same_account() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        fail(&attempts, ADA, "192.0.2.1", now, FREE_FOR_PAIR);
        assert!(wait(&attempts, ADA, "192.0.2.1", now).is_some());
        assert_eq!(wait(&attempts, ADA, "192.0.2.2", now), None);
        assert_eq!(wait(&attempts, "eve@example.com", "192.0.2.1", now), None);
    }

    #[test]
    fn account_that_everybody_fails_on_is_slow_and_never_refused() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for client in 0..10_000 {
            fail(&attempts, ADA, &client.to_string(), now, 1);
        }
        let fresh = attempts.begin_at(ADA, "a fresh address", now).ok().unwrap();
        assert_eq!(fresh.brake(), MAX_BRAKE);
    }

    #[test]
    fn client_that_fails_on_many_accounts_has_to_wait_on_all_of_them() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for number in 0..FREE_FOR_CLIENT {
            fail(&attempts, &format!("{number}@example.com"), "192.0.2.1", now, 1);
        }
        assert_eq!(wait(&attempts, "new@example.com", "192.0.2.1", now), Some(30));
        assert_eq!(wait(&attempts, "new@example.com", "192.0.2.2", now), None);
    }

    #[test]
    fn client_that_has_to_wait_makes_no_entries() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for number in 0..5_000 {
            let _ = attempts.begin_at(&format!("{number}@example.com"), "192.0.2.1", now);
        }
        attempts.pairs.run_pending_tasks();
        attempts.accounts.run_pending_tasks();
        assert_eq!(attempts.pairs.entry_count(), u64::from(FREE_FOR_CLIENT));
        assert_eq!(attempts.accounts.entry_count(), u64::from(FREE_FOR_CLIENT));
    }

    #[test]
    fn right_password_forgives() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for _ in 0..1_000 {
            fail(&attempts, ADA, "192.0.2.1", now, FREE_FOR_PAIR - 1);
            attempts.begin_at(ADA, "192.0.2.1", now).ok().unwrap().succeed();
            *lock(&counter(&attempts.clients, attempts.key(&["192.0.2.1"]))) = Failures::default();
        }
    }

    #[test]
    fn failures_are_forgotten_an_hour_after_the_last_one() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        fail(&attempts, ADA, "192.0.2.1", now, FREE_FOR_PAIR);
        let later = now + MEMORY + Duration::from_secs(1);
        fail(&attempts, ADA, "192.0.2.1", later, FREE_FOR_PAIR);
    }
}
