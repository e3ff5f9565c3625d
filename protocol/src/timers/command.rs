//! A command that changes a timer: what a client sends, what the server executes, and what a client keeps until it is
//! answered are this one type.

use super::{Action, ErrorCode, NewTimer};
use crate::id::{TagId, TimerId};

/// A command that changes a timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimerCommand {
    /// `timer.create`
    Create {
        /// What the timer is made from; its bounds are not checked yet.
        new: NewTimer,
        /// The tags to put on it.
        tag_ids: Vec<TagId>,
    },
    /// `timer.pause`, `timer.resume`, `timer.stop`, `timer.cancel`
    Act {
        /// The transition.
        action: Action,
        /// The timer to apply it to.
        timer_id: TimerId,
    },
}

impl TimerCommand {
    /// The code of the error when the command could not be done.
    pub fn failed(&self) -> ErrorCode {
        match self {
            Self::Create { .. } => ErrorCode::CreateFailed,
            Self::Act { action, .. } => (*action).into(),
        }
    }

    /// The timer that must exist; `None` for a new one.
    pub fn timer_id(&self) -> Option<TimerId> {
        match self {
            Self::Create { .. } => None,
            Self::Act { timer_id, .. } => Some(*timer_id),
        }
    }
}
