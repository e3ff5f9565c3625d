//! Changes for which the dispatcher's queue had no room. They are kept as ranges of event numbers, one for each user, and
//! read from the log later: nothing is dropped. Deletions are kept whole, since the log has neither the timer nor the
//! setting of who could see it any more.

use super::Change;
use protocol::id::UserId;
use std::{
    collections::HashMap,
    ops::RangeInclusive,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What is to be read from the log, by user.
#[derive(Clone, Default)]
pub(super) struct Overflow(Arc<Mutex<HashMap<UserId, Overflowed>>>);

/// What is to be read of one user's log.
pub(super) struct Overflowed {
    /// The numbers of the events.
    pub numbers: RangeInclusive<u64>,
    /// Those of them that are deletions, by their numbers.
    pub deletions: HashMap<u64, Change>,
}

impl Overflow {
    /// Adds a change of a user of whom others wait here already. Further changes of the user must come here too, to stay in
    /// their order.
    ///
    /// # Errors
    /// The change, where none of the user's waits here.
    pub(super) fn extend(&self, change: Change, seq: u64, is_deletion: bool) -> Result<(), Change> {
        match self.lock().get_mut(&change.user) {
            Some(waiting) => {
                waiting.numbers = *waiting.numbers.start()..=seq;
                if is_deletion {
                    waiting.deletions.insert(seq, change);
                }
                Ok(())
            }
            None => Err(change),
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

    /// The users of whom changes wait.
    pub(super) fn users(&self) -> Vec<UserId> {
        self.lock().keys().cloned().collect()
    }

    /// Takes what waits of a user.
    pub(super) fn take(&self, user: &UserId) -> Option<Overflowed> {
        self.lock().remove(user)
    }

    /// Puts back what could not be read, before what has been added since.
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
        // No holder of the lock can leave it half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
