//! Changes that did not fit into the dispatcher's queue. They are stored as ranges of event numbers by user, and
//! read from the log later: nothing is dropped. Deletions are stored whole, since the log no longer has the timer and its
//! visibility.

use super::Change;
use protocol::id::UserId;
use std::{
    collections::HashMap,
    ops::RangeInclusive,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The pending ranges by user.
#[derive(Clone, Default)]
pub(super) struct Overflow(Arc<Mutex<HashMap<UserId, Overflowed>>>);

/// The pending events of one user.
pub(super) struct Overflowed {
    /// The range of event numbers.
    pub numbers: RangeInclusive<u64>,
    /// The deletions among them, by number.
    pub deletions: HashMap<u64, Change>,
}

impl Overflow {
    /// Adds a change of a user with pending changes. Further changes of the user must be added here too, to keep
    /// their order. Returns the change if the user has no pending changes.
    pub(super) fn extend(&self, change: Change, seq: u64, is_deletion: bool) -> Option<Change> {
        match self.lock().get_mut(&change.user) {
            Some(waiting) => {
                waiting.numbers = *waiting.numbers.start()..=seq;
                if is_deletion {
                    waiting.deletions.insert(seq, change);
                }
                None
            }
            None => Some(change),
        }
    }

    /// Adds the first change of a user.
    pub(super) fn begin(&self, change: Change, seq: u64, is_deletion: bool) {
        let (user, mut deletions) = (change.user.clone(), HashMap::new());
        if is_deletion {
            deletions.insert(seq, change);
        }
        let first = Overflowed {
            numbers: seq..=seq,
            deletions,
        };
        self.lock().insert(user, first);
    }

    /// The users with pending changes.
    pub(super) fn users(&self) -> Vec<UserId> {
        self.lock().keys().cloned().collect()
    }

    /// Takes a user's pending changes.
    pub(super) fn take(&self, user: &UserId) -> Option<Overflowed> {
        self.lock().remove(user)
    }

    /// Puts back changes that could not be read, before those added since.
    pub(super) fn put_back(&self, user: UserId, earlier: Overflowed) {
        let mut all = self.lock();
        let Overflowed { numbers, mut deletions } = earlier;
        let mut end = *numbers.end();
        if let Some(newer) = all.remove(&user) {
            end = *newer.numbers.end();
            deletions.extend(newer.deletions);
        }
        let numbers = *numbers.start()..=end;
        all.insert(user, Overflowed { numbers, deletions });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Overflowed>> {
        // Code that holds the lock cannot leave it half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
