//! A timer as the page shows it.

use crate::links::Linked;
use protocol::{id::TimerId, timers::Timer};

/// A timer with the person's own pending commands applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Stays the same when the server names a timer that was made here, so that its card is not built anew.
    pub key: TimerId,
    pub timer: Timer,
    /// A command of it waits for its answer.
    pub waiting: bool,
    /// The server has not named it yet: nothing can be done to it.
    pub provisional: bool,
    /// What it is linked to.
    pub linked: Linked,
}
