//! The state machine: actions on a timer, and when they are refused.

use super::{HistoryAction, HistoryEntry, Moment, OccurredAtError, Timer, TimerStatus};
use crate::{limits, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// An action on an existing timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// RUNNING to PAUSED.
    Pause,
    /// PAUSED to RUNNING.
    Resume,
    /// RUNNING or PAUSED to COMPLETED.
    Stop,
    /// RUNNING or PAUSED to CANCELLED.
    Cancel,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 4] = [Self::Pause, Self::Resume, Self::Stop, Self::Cancel];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Cancel => "cancel",
        }
    }

    /// The status that the action leads to; `None` if it is not allowed.
    pub fn target(self, from: TimerStatus) -> Option<TimerStatus> {
        match (self, from) {
            (Self::Pause, TimerStatus::Running) => Some(TimerStatus::Paused),
            (Self::Resume, TimerStatus::Paused) => Some(TimerStatus::Running),
            (Self::Stop, status) if status.is_active() => Some(TimerStatus::Completed),
            (Self::Cancel, status) if status.is_active() => Some(TimerStatus::Cancelled),
            _ => None,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why an action is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TransitionError {
    /// The timer's status does not allow it.
    #[error("Cannot {action} timer with status {status}")]
    Status { action: Action, status: TimerStatus },
    /// The history has its maximum of [`limits::HISTORY_ENTRIES`] entries.
    #[error(
        "Cannot {action} timer: its history has the maximum of {max} entries; it can still be stopped or cancelled",
        max = limits::HISTORY_ENTRIES
    )]
    HistoryFull {
        /// A pause or a resume.
        action: Action,
    },
}

impl TransitionError {
    /// The refused action.
    pub fn action(self) -> Action {
        match self {
            Self::Status { action, .. } | Self::HistoryFull { action } => action,
        }
    }
}

/// Why a command on a timer is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ActError {
    /// The timer's state does not allow it.
    #[error(transparent)]
    Transition(#[from] TransitionError),
    /// It cannot have happened at that moment.
    #[error(transparent)]
    OccurredAt(#[from] OccurredAtError),
}

impl Timer {
    /// The timer after a command that arrives at `now` and says when the person acted; `None`: now. The state is checked
    /// first: on a timer that has ended meanwhile, that is the reason, whatever the moment.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn act(&self, action: Action, occurred_at: Option<Timestamp>, now: Timestamp) -> Result<Self, ActError> {
        let latest = self.history.last().map(|entry| entry.at);
        match Moment::of(occurred_at, latest, now) {
            Ok(moment) => Ok(self.apply(action, moment)?),
            Err(error) => {
                self.apply(action, now)?;
                Err(error.into())
            }
        }
    }

    /// The timer after `action`, which happens now or happened at a moment. If that is before the timer's latest change,
    /// such as when the clock was set back, no time has elapsed, so that elapsed time never shrinks. The bound on the history applies to pause and resume only, which can alternate without end: a timer can
    /// always be stopped.
    ///
    /// # Errors
    /// [`TransitionError`].
    pub fn apply(&self, action: Action, moment: impl Into<Moment>) -> Result<Self, TransitionError> {
        let mut next = self.clone();
        // The status is checked first: it is the more helpful error.
        next.transition(action, moment.into())?;
        self.check_bound(action)?;
        Ok(next)
    }

    /// Checks the bound on the history.
    fn check_bound(&self, action: Action) -> Result<(), TransitionError> {
        match action {
            Action::Pause | Action::Resume if self.history.len() >= limits::HISTORY_ENTRIES => {
                Err(TransitionError::HistoryFull { action })
            }
            _ => Ok(()),
        }
    }

    /// Changes the state without checking the bound on the history.
    pub(super) fn transition(&mut self, action: Action, moment: Moment) -> Result<(), TransitionError> {
        let status = action.target(self.status).ok_or(TransitionError::Status {
            action,
            status: self.status,
        })?;
        let now = self.history.last().map_or(moment.at, |last| moment.at.max(last.at));
        self.elapsed_millis = self.elapsed_millis_at(now);
        self.status = status;
        self.updated_at = moment.received_at.unwrap_or(now).max(self.updated_at);
        let elapsed = Some(self.elapsed_millis / 1000);
        let (recorded, elapsed) = match action {
            Action::Pause => {
                self.paused_at = Some(now);
                (HistoryAction::Pause, elapsed)
            }
            Action::Resume => {
                self.started_at = now;
                self.paused_at = None;
                (HistoryAction::Resume, None)
            }
            Action::Stop => {
                self.ended_at = Some(now);
                (HistoryAction::Stop, elapsed)
            }
            Action::Cancel => {
                self.ended_at = Some(now);
                (HistoryAction::Cancel, elapsed)
            }
        };
        self.history.push(HistoryEntry {
            action: recorded,
            at: now,
            elapsed,
            received_at: moment.received_at,
            corrected_from: None,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::TimerId, timers::NewTimer};
    use uuid::Uuid;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_000_000 + millis)
    }

    fn timer() -> Timer {
        let new = NewTimer {
            allocated_seconds: 1500,
            title: Some("Write".into()),
            ..NewTimer::default()
        };
        Timer::create(TimerId(Uuid::nil()), "ada".into(), new, at(0)).unwrap()
    }

    #[test]
    fn a_paused_timer_keeps_its_elapsed_time_until_resumed() {
        let paused = timer().apply(Action::Pause, at(1_700)).unwrap();
        assert_eq!(paused.elapsed_seconds_at(at(9_000)), 1);
        assert_eq!((paused.paused_at, paused.started_at), (Some(at(1_700)), at(0)));
        let resumed = paused.apply(Action::Resume, at(10_000)).unwrap();
        assert_eq!((resumed.paused_at, resumed.started_at), (None, at(10_000)));
        assert_eq!(resumed.elapsed_millis_at(at(10_300)), 2_000, "700 ms are not lost");
        let stopped = resumed.apply(Action::Stop, at(11_000)).unwrap();
        assert_eq!((stopped.elapsed_millis, stopped.ended_at), (2_700, Some(at(11_000))));
    }

    #[test]
    fn a_stop_keeps_paused_at() {
        let stopped = timer()
            .apply(Action::Pause, at(5))
            .unwrap()
            .apply(Action::Stop, at(9))
            .unwrap();
        assert_eq!(
            (stopped.paused_at, stopped.status),
            (Some(at(5)), TimerStatus::Completed)
        );
    }

    #[test]
    fn forbidden_transitions_are_refused_with_action_and_status() {
        let stopped = timer().apply(Action::Stop, at(1)).unwrap();
        let refused = stopped.apply(Action::Pause, at(2)).unwrap_err();
        assert_eq!(refused.to_string(), "Cannot pause timer with status COMPLETED");
        let allowed = Action::ALL
            .iter()
            .flat_map(|a| TimerStatus::ALL.iter().map(|s| a.target(*s)))
            .flatten()
            .count();
        assert_eq!(allowed, 6);
    }

    #[test]
    fn a_full_history_refuses_pause_and_resume_but_not_stop_or_cancel() {
        let mut full = timer();
        for millis in 1..limits::HISTORY_ENTRIES as i64 {
            let action = match full.status {
                TimerStatus::Running => Action::Pause,
                _ => Action::Resume,
            };
            assert_eq!(full.check_bound(action), Ok(()));
            full.transition(action, at(millis).into()).unwrap();
        }
        assert_eq!(full.history.len(), limits::HISTORY_ENTRIES);
        let refused = |timer: &Timer, action| timer.apply(action, at(99_999)).unwrap_err();
        assert_eq!(full.status, TimerStatus::Paused);
        assert_eq!(
            refused(&full, Action::Resume),
            TransitionError::HistoryFull { action: Action::Resume }
        );
        assert!(
            matches!(refused(&full, Action::Pause), TransitionError::Status { .. }),
            "the status is the first reason for a refusal"
        );
        let mut running = full.clone();
        running.transition(Action::Resume, at(99_999).into()).unwrap();
        let error = refused(&running, Action::Pause).to_string();
        assert!(
            error.contains("10000 entries") && error.contains("stopped or cancelled"),
            "{error}"
        );
        for action in [Action::Stop, Action::Cancel] {
            for timer in [&full, &running] {
                let ended = timer.apply(action, at(99_999)).unwrap();
                assert_eq!(ended.history.len(), timer.history.len() + 1);
                assert_eq!(ended.clone().replay(), Ok(ended), "a longer history can be read");
            }
        }
    }

    #[test]
    fn a_clock_set_back_does_not_shrink_elapsed_time() {
        let paused = timer().apply(Action::Pause, at(5_000)).unwrap();
        let resumed = paused.apply(Action::Resume, at(-60_000)).unwrap();
        assert_eq!((resumed.started_at, resumed.elapsed_millis), (at(5_000), 5_000));
    }

    #[test]
    fn a_command_that_arrives_late_happened_when_the_person_acted() {
        let hour = 3_600_000;
        let paused = timer().act(Action::Pause, Some(at(60_000)), at(hour)).unwrap();
        assert_eq!((paused.elapsed_millis, paused.paused_at), (60_000, Some(at(60_000))));
        let last = paused.history.last().unwrap();
        assert_eq!((last.at, last.received_at), (at(60_000), Some(at(hour))));
        assert_eq!(paused.updated_at, at(hour), "the record changed when it was received");
        let resumed = paused.act(Action::Resume, Some(at(90_000)), at(hour)).unwrap();
        assert_eq!(resumed.elapsed_millis_at(at(hour)), 60_000 + hour - 90_000);
        assert_eq!(resumed.clone().replay(), Ok(resumed));
    }

    #[test]
    fn the_state_is_checked_before_the_moment() {
        let stopped = timer().apply(Action::Stop, at(60_000)).unwrap();
        let late = stopped.act(Action::Stop, Some(at(30_000)), at(90_000));
        assert!(
            matches!(late, Err(ActError::Transition(TransitionError::Status { .. }))),
            "{late:?}"
        );
        let paused = timer().apply(Action::Pause, at(60_000)).unwrap();
        let early = paused.act(Action::Stop, Some(at(30_000)), at(90_000));
        assert!(matches!(early, Err(ActError::OccurredAt(_))), "{early:?}");
    }

    #[test]
    fn the_shown_second_changes_at_the_predicted_time() {
        let timer = timer();
        let wait = timer.millis_to_next_second(at(1_250)).unwrap();
        assert_eq!(wait, 750);
        assert_eq!(timer.elapsed_seconds_at(at(1_250 + wait - 1)), 1);
        assert_eq!(timer.elapsed_seconds_at(at(1_250 + wait)), 2);
        assert_eq!(
            timer.millis_to_next_second(at(-200)),
            Some(1_200),
            "the server's clock is ahead"
        );
    }
}
