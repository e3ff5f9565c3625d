//! Commands that change a timer: one type for sending, executing and queueing them.

use super::{Action, ErrorCode, NewTimer};
use crate::{
    id::{TagId, TimerId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A command that changes a timer. Its JSON is the browser's, for commands that wait to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimerCommand {
    /// `timer.create`
    Create {
        /// The new timer; its bounds are not checked yet.
        new: NewTimer,
        /// The timer's tags.
        #[serde(default)]
        tag_ids: Vec<TagId>,
    },
    /// `timer.pause`, `timer.resume`, `timer.stop`, `timer.cancel`
    Act { action: Action, timer_id: TimerId },
    /// `timer.correct`
    Correct {
        timer_id: TimerId,
        /// The new end.
        ended_at: Timestamp,
    },
}

impl TimerCommand {
    /// The error code for this command's failure.
    pub fn failed(&self) -> ErrorCode {
        match self {
            Self::Create { .. } => ErrorCode::CreateFailed,
            Self::Act { action, .. } => (*action).into(),
            Self::Correct { .. } => ErrorCode::CorrectFailed,
        }
    }

    /// The timer that must exist; `None` for a new one.
    pub fn timer_id(&self) -> Option<TimerId> {
        match self {
            Self::Create { .. } => None,
            Self::Act { timer_id, .. } | Self::Correct { timer_id, .. } => Some(*timer_id),
        }
    }
}
