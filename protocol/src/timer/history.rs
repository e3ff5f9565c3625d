//! What happened to a timer, and how the timer follows from it.

use super::{Action, Timer, TimerStatus};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// What an entry of the pause history records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum HistoryAction {
    /// The timer was created, RUNNING.
    Start,
    /// RUNNING to PAUSED.
    Pause,
    /// PAUSED to RUNNING.
    Resume,
    /// To COMPLETED.
    Stop,
    /// To CANCELLED.
    Cancel,
}

impl HistoryAction {
    /// The word of the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Cancel => "cancel",
        }
    }

    fn action(self) -> Option<Action> {
        match self {
            Self::Start => None,
            Self::Pause => Some(Action::Pause),
            Self::Resume => Some(Action::Resume),
            Self::Stop => Some(Action::Stop),
            Self::Cancel => Some(Action::Cancel),
        }
    }
}

impl fmt::Display for HistoryAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One entry of the pause history, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// What happened.
    pub action: HistoryAction,
    /// When.
    pub at: Timestamp,
    /// Whole seconds elapsed until then; on pause, stop and cancel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed: Option<i64>,
}

/// A history that no timer can have.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReplayError {
    /// The first entry is not a start.
    #[error("a history must begin with a start")]
    NoStart,
    /// An entry does not follow from the ones before.
    #[error("entry {index} ({action}) cannot follow a timer that is {status}")]
    Impossible {
        /// Its place in the history, from 0.
        index: usize,
        /// What it records.
        action: HistoryAction,
        /// Where the timer stood before it.
        status: TimerStatus,
    },
}

impl Timer {
    /// The same timer with its state derived from its history alone, to the millisecond: clients get whole seconds of
    /// `elapsed_time`, and the history with exact instants.
    ///
    /// # Errors
    /// [`ReplayError`] when the history is not one that a timer can have.
    pub fn replay(self) -> Result<Self, ReplayError> {
        let mut entries = self.history.iter().copied().enumerate();
        let Some((
            _,
            start @ HistoryEntry {
                action: HistoryAction::Start,
                ..
            },
        )) = entries.next()
        else {
            return Err(ReplayError::NoStart);
        };
        let mut timer = Self {
            elapsed_millis: 0,
            status: TimerStatus::Running,
            started_at: start.at,
            paused_at: None,
            ended_at: None,
            history: vec![start],
            ..self.clone()
        };
        for (index, entry) in entries {
            let impossible = ReplayError::Impossible {
                index,
                action: entry.action,
                status: timer.status,
            };
            let Some(action) = entry.action.action() else {
                return Err(impossible);
            };
            timer = timer.apply(action, entry.at).map_err(|_| impossible)?;
        }
        timer.updated_at = self.updated_at;
        Ok(timer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::TimerId, timer::NewTimer};
    use uuid::Uuid;

    #[test]
    fn a_history_that_cannot_be_is_refused() {
        let new = NewTimer {
            allocated_seconds: 60,
            ..NewTimer::default()
        };
        let timer = Timer::create(TimerId(Uuid::nil()), "ada".into(), new, Timestamp::default()).unwrap();
        let empty = Timer {
            history: vec![],
            ..timer.clone()
        };
        assert_eq!(empty.replay(), Err(ReplayError::NoStart));
        let mut twice = timer;
        twice.history.push(twice.history[0]);
        assert!(matches!(twice.replay(), Err(ReplayError::Impossible { index: 1, .. })));
    }
}
