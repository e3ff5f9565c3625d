//! Limits failed sign-ins.
//!
//! Failures are counted by (account, client), by client, and by account. The first two refuse attempts for a time that
//! doubles with each failure. The third only delays the answer, by at most `MAX_ANSWER_DELAY`: knowing another user's
//! address must not be enough to lock that user out of the account.

use moka::sync::Cache;
use sha2::{Digest, Sha256};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Failures of one client on one account before attempts are refused.
const FREE_FOR_PAIR: u32 = 5;
/// Failures of one client on all accounts before attempts are refused. Higher, since many users may share an address.
const FREE_FOR_CLIENT: u32 = 100;
/// Failures of all clients on one account before its answers are delayed.
const FREE_FOR_ACCOUNT: u32 = 20;
/// The refusal time after the last free failure; it doubles with each further one.
const FIRST_DELAY_FOR_PAIR: Duration = Duration::from_secs(1);
/// Longer, since a user's mistakes do not cause so many failures.
const FIRST_DELAY_FOR_CLIENT: Duration = Duration::from_secs(30);
const MAX_DELAY: Duration = Duration::from_secs(15 * 60);
/// Failures expire this long after the last one. Longer than [`MAX_DELAY`], or waiting would reset the counter.
const FAILURE_TTL: Duration = Duration::from_secs(60 * 60);
/// The answer delay added by each failure of an account beyond the free ones.
const ANSWER_DELAY_STEP: Duration = Duration::from_millis(100);
const MAX_ANSWER_DELAY: Duration = Duration::from_secs(2);
/// The maximum number of counters of each kind, about 200 bytes each; the least used are evicted.
const CAPACITY: u64 = 100_000;

/// The counters. They are in memory: a restart resets them, and each node counts separately.
#[derive(Clone)]
pub struct Attempts {
    /// Prevents clients from choosing keys that collide.
    salt: [u8; 16],
    pairs: Counters,
    clients: Counters,
    accounts: Counters,
}

/// The attempt is refused for so many seconds, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MustWait(pub u64);

/// An admitted attempt.
pub struct Attempt {
    pair: Arc<Counter>,
    client: Arc<Counter>,
    account: Arc<Counter>,
    answer_delay: Duration,
}

/// Keys are hashes, so their size does not depend on the input and they do not reveal it.
type Counters = Cache<[u8; 16], Arc<Counter>>;
type Counter = Mutex<Failures>;

#[derive(Debug, Default)]
struct Failures {
    count: u32,
    last: Option<Instant>,
    /// Attempts before this are refused.
    until: Option<Instant>,
}

impl Default for Attempts {
    fn default() -> Self {
        let counters = || {
            Cache::builder()
                .max_capacity(CAPACITY)
                .time_to_idle(FAILURE_TTL)
                .build()
        };
        Self {
            salt: rand::random(),
            pairs: counters(),
            clients: counters(),
            accounts: counters(),
        }
    }
}

impl Attempts {
    /// Counts an attempt as failed before the password is checked, so that concurrent attempts are counted as well.
    /// `client` is the client's limit key. A refused attempt is not counted.
    ///
    /// # Errors
    /// [`MustWait`].
    pub fn begin(&self, email: &str, client: &str) -> Result<Attempt, MustWait> {
        self.begin_at(email, client, Instant::now())
    }

    fn begin_at(&self, email: &str, client: &str, now: Instant) -> Result<Attempt, MustWait> {
        // The client first: a refused client creates no entries for the accounts that it tries.
        let of_client = counter(&self.clients, self.key(&[client]));
        lock(&of_client).check(now)?;
        let pair = counter(&self.pairs, self.key(&[client, email]));
        lock(&pair).fail(now, FREE_FOR_PAIR, FIRST_DELAY_FOR_PAIR)?;
        // The check and the count are separate: another attempt of the client may come between, and both are counted.
        let _ = lock(&of_client).fail(now, FREE_FOR_CLIENT, FIRST_DELAY_FOR_CLIENT);
        let account = counter(&self.accounts, self.key(&[email]));
        let answer_delay = lock(&account).count_and_delay(now);
        Ok(Attempt {
            pair,
            client: of_client,
            account,
            answer_delay,
        })
    }

    /// A key of 16 bytes, whatever the length of the parts.
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
    /// How long to delay the answer, whether or not the password is correct.
    pub fn answer_delay(&self) -> Duration {
        self.answer_delay
    }

    /// The password was correct: resets this client's failures on the account; on the other counters removes this
    /// attempt.
    pub fn succeed(self) {
        *lock(&self.pair) = Failures::default();
        lock(&self.client).remove_one();
        lock(&self.account).remove_one();
    }

    /// The password was not checked because of a server error: removes the attempt.
    pub fn withdraw(self) {
        for counter in [&self.pair, &self.client, &self.account] {
            lock(counter).remove_one();
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

    /// Counts a failure, unless the attempt must wait.
    fn fail(&mut self, now: Instant, free: u32, first_delay: Duration) -> Result<(), MustWait> {
        self.check(now)?;
        self.count(now);
        if let Some(doublings) = self.count.checked_sub(free) {
            let delay = first_delay.saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX));
            self.until = Some(now + delay.min(MAX_DELAY));
        }
        Ok(())
    }

    /// Counts a failure, and returns the delay of its answer.
    fn count_and_delay(&mut self, now: Instant) -> Duration {
        self.count(now);
        let beyond = self.count.saturating_sub(FREE_FOR_ACCOUNT);
        ANSWER_DELAY_STEP.saturating_mul(beyond).min(MAX_ANSWER_DELAY)
    }

    fn count(&mut self, now: Instant) {
        if self
            .last
            .is_some_and(|last| now.saturating_duration_since(last) > FAILURE_TTL)
        {
            *self = Self::default();
        }
        self.count = self.count.saturating_add(1);
        self.last = Some(now);
    }

    /// Removes one failure, and ends the refusal.
    fn remove_one(&mut self) {
        self.count = self.count.saturating_sub(1);
        self.until = None;
    }
}

fn counter(counters: &Counters, key: [u8; 16]) -> Arc<Counter> {
    counters.get_with(key, Arc::default)
}

fn lock(counter: &Counter) -> MutexGuard<'_, Failures> {
    // Code that holds the lock does not panic.
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
    fn the_delay_of_a_client_on_an_account_doubles_up_to_the_maximum() {
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
    fn an_account_with_many_failures_is_slowed_but_not_refused() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for client in 0..10_000 {
            fail(&attempts, ADA, &client.to_string(), now, 1);
        }
        let fresh = attempts.begin_at(ADA, "a fresh address", now).ok().unwrap();
        assert_eq!(fresh.answer_delay(), MAX_ANSWER_DELAY);
    }

    #[test]
    fn a_client_that_fails_on_many_accounts_must_wait_for_all_accounts() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for number in 0..FREE_FOR_CLIENT {
            fail(&attempts, &format!("{number}@example.com"), "192.0.2.1", now, 1);
        }
        assert_eq!(wait(&attempts, "new@example.com", "192.0.2.1", now), Some(30));
        assert_eq!(wait(&attempts, "new@example.com", "192.0.2.2", now), None);
    }

    #[test]
    fn a_refused_client_creates_no_entries() {
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
    fn a_correct_password_resets_the_counters() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for _ in 0..1_000 {
            fail(&attempts, ADA, "192.0.2.1", now, FREE_FOR_PAIR - 1);
            attempts.begin_at(ADA, "192.0.2.1", now).ok().unwrap().succeed();
            *lock(&counter(&attempts.clients, attempts.key(&["192.0.2.1"]))) = Failures::default();
        }
    }

    #[test]
    fn failures_expire_an_hour_after_the_last_one() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        fail(&attempts, ADA, "192.0.2.1", now, FREE_FOR_PAIR);
        let later = now + FAILURE_TTL + Duration::from_secs(1);
        fail(&attempts, ADA, "192.0.2.1", later, FREE_FOR_PAIR);
    }
}
