//! A timer as the page shows it.

use crate::links::Linked;
use protocol::{id::TimerId, timers::Timer};

/// A timer with the person's own pending commands applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimerItem {
    /// Stays the same when the server assigns an id, so that the card of a timer created here is not rebuilt.
    pub key: TimerId,
    pub timer: Timer,
    /// Whether a command of it is pending.
    pub waiting: bool,
    /// Whether the server has not assigned an id yet: its controls are disabled.
    pub provisional: bool,
    pub linked: Linked,
}
