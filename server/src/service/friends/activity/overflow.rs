//! Changes for which the dispatcher's queue had no room. They are kept as ranges of event numbers, one for each user, and
//! read from the log later: nothing is dropped, and memory is bounded by the number of users.

use protocol::id::UserId;
use std::{
    collections::HashMap,
    ops::RangeInclusive,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The numbers of events to read from the log, by user.
#[derive(Clone, Default)]
pub(super) struct Overflow(Arc<Mutex<HashMap<UserId, RangeInclusive<u64>>>>);

impl Overflow {
    /// Adds an event of a user of whom others wait here already; whether there are such. Further changes of the user must
    /// come here too, to stay in their order.
    pub(super) fn extend(&self, user: &UserId, seq: u64) -> bool {
        match self.lock().get_mut(user) {
            Some(range) => {
                *range = *range.start()..=seq;
                true
            }
            None => false,
        }
    }

    /// Adds the first event of a user.
    pub(super) fn begin(&self, user: UserId, seq: u64) {
        self.lock().insert(user, seq..=seq);
    }

    /// The users of whom events wait.
    pub(super) fn users(&self) -> Vec<UserId> {
        self.lock().keys().cloned().collect()
    }

    /// Takes the numbers of a user's events.
    pub(super) fn take(&self, user: &UserId) -> Option<RangeInclusive<u64>> {
        self.lock().remove(user)
    }

    /// Puts back what could not be read, before what has been added since.
    pub(super) fn put_back(&self, user: UserId, numbers: RangeInclusive<u64>) {
        let mut all = self.lock();
        let end = all.get(&user).map_or(*numbers.end(), |newer| *newer.end());
        all.insert(user, *numbers.start()..=end);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, RangeInclusive<u64>>> {
        // No holder of the lock can leave it half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
