//! Derives a timer's state from its history.

use super::{HistoryAction, HistoryEntry, Moment, Timer, TimerStatus};
use thiserror::Error;

/// A history that no sequence of actions produces.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReplayError {
    /// The first entry is not a start.
    #[error("a history must begin with a start")]
    NoStart,
    /// An entry does not follow from the ones before.
    #[error("entry {index} ({action}) cannot follow a timer that is {status}")]
    Impossible {
        /// The index in the history, from 0.
        index: usize,
        action: HistoryAction,
        /// The timer's status before it.
        status: TimerStatus,
    },
}

impl Timer {
    /// The same timer with its state derived from its history alone, exact to the millisecond: `elapsed_time` is only
    /// whole seconds, but the history has exact instants.
    ///
    /// # Errors
    /// [`ReplayError`] when the history is not valid.
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
            history: vec![start].into(),
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
            // Without the bound on new entries, which histories of earlier releases may exceed. In place, so that the
            // time is linear in the number of entries.
            let moment = Moment {
                at: entry.at,
                received_at: entry.received_at,
            };
            timer.transition(action, moment).map_err(|_| impossible)?;
            if entry.corrected_from.is_some() {
                timer.set_corrected_from(entry.corrected_from);
            }
        }
        timer.updated_at = self.updated_at;
        Ok(timer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::TimerId, time::Timestamp, timers::NewTimer};
    use uuid::Uuid;

    #[test]
    fn an_impossible_history_is_refused() {
        let new = NewTimer {
            allocated_seconds: 60,
            ..NewTimer::default()
        };
        let timer = Timer::create(TimerId(Uuid::nil()), "ada".into(), new, Timestamp::default()).unwrap();
        let empty = Timer {
            history: vec![].into(),
            ..timer.clone()
        };
        assert_eq!(empty.replay(), Err(ReplayError::NoStart));
        let mut twice = timer;
        twice.history.push(twice.history[0]);
        assert!(matches!(twice.replay(), Err(ReplayError::Impossible { index: 1, .. })));
    }
}
