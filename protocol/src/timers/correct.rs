//! Corrects the end of a timer (contract, WebSocket "What was done offline happened when it was done").

use super::{Action, Moment, ReplayError, TOLERANCE_MILLIS, Timer, TimerStatus};
use crate::time::Timestamp;
use thiserror::Error;

/// Why an end cannot be corrected.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CorrectError {
    /// Only a COMPLETED timer has an end that can be moved.
    #[error("Cannot correct timer with status {0}")]
    Status(TimerStatus),
    /// The end is not in the accepted range.
    #[error("ended_at must be from {} to {}: between the timer's last start or pause and now",
        .earliest.iso_utc(), .latest.iso_utc())]
    Range {
        /// The last start, pause or resume.
        earliest: Timestamp,
        /// The present.
        latest: Timestamp,
    },
    /// The timer's stored history is invalid.
    #[error(transparent)]
    History(#[from] ReplayError),
}

impl Timer {
    /// The COMPLETED timer with another end: elapsed time follows from it, and the history's last entry keeps the end that
    /// it replaces. An end that is later than `now` by at most [`TOLERANCE_MILLIS`] counts as `now`.
    ///
    /// # Errors
    /// [`CorrectError`].
    pub fn correct(&self, ended_at: Timestamp, now: Timestamp) -> Result<Self, CorrectError> {
        let [.., before, end] = &*self.history else {
            return Err(CorrectError::Status(self.status));
        };
        if self.status != TimerStatus::Completed {
            return Err(CorrectError::Status(self.status));
        }
        let (earliest, latest) = (before.at, now.max(before.at));
        if ended_at < earliest || ended_at.millis_since(latest) > TOLERANCE_MILLIS {
            return Err(CorrectError::Range { earliest, latest });
        }
        let open = Self {
            history: self.history.prefix(self.history.len() - 1).unwrap_or_default(),
            ..self.clone()
        };
        let mut corrected = open.replay()?;
        // It was active before its last entry, which is a stop.
        let moment = Moment::received(ended_at.min(latest), now);
        let replay = |_| CorrectError::Status(self.status);
        corrected.transition(Action::Stop, moment).map_err(replay)?;
        corrected.set_corrected_from(Some(end.at));
        corrected.updated_at = now.max(self.updated_at);
        Ok(corrected)
    }

    /// Sets the replaced end in the history's last entry.
    pub(super) fn set_corrected_from(&mut self, end: Option<Timestamp>) {
        if let Some(last) = self.history.last().copied() {
            self.history.replace_last(super::HistoryEntry {
                corrected_from: end,
                ..last
            });
        }
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
            ..NewTimer::default()
        };
        Timer::create(TimerId(Uuid::nil()), "ada".into(), new, at(0)).unwrap()
    }

    #[test]
    fn another_end_changes_the_elapsed_time_and_keeps_the_old_end() {
        let stopped = timer().apply(Action::Stop, at(60_000)).unwrap();
        let corrected = stopped.correct(at(20_000), at(90_000)).unwrap();
        assert_eq!(
            (corrected.elapsed_millis, corrected.ended_at),
            (20_000, Some(at(20_000)))
        );
        let last = corrected.history.last().unwrap();
        assert_eq!(
            (last.corrected_from, last.received_at),
            (Some(at(60_000)), Some(at(90_000)))
        );
        assert_eq!((last.elapsed, corrected.updated_at), (Some(20), at(90_000)));
        assert_eq!(corrected.clone().replay(), Ok(corrected.clone()));
        assert_eq!(
            stopped.history.last().unwrap().corrected_from,
            None,
            "the earlier state is as it was"
        );
        let again = corrected.correct(at(30_000), at(95_000)).unwrap();
        assert_eq!(again.history.last().unwrap().corrected_from, Some(at(20_000)));
        assert_eq!((again.elapsed_millis, again.history.len()), (30_000, 2));
    }

    #[test]
    fn the_end_of_a_paused_timer_moves_without_elapsed_time() {
        let paused = timer().apply(Action::Pause, at(5_000)).unwrap();
        let stopped = paused.apply(Action::Stop, at(60_000)).unwrap();
        let corrected = stopped.correct(at(5_000), at(61_000)).unwrap();
        assert_eq!(
            (corrected.elapsed_millis, corrected.paused_at),
            (5_000, Some(at(5_000)))
        );
    }

    #[test]
    fn ends_before_the_last_change_or_in_the_future_are_refused() {
        let resumed = timer()
            .apply(Action::Pause, at(5_000))
            .unwrap()
            .apply(Action::Resume, at(9_000))
            .unwrap();
        let stopped = resumed.apply(Action::Stop, at(60_000)).unwrap();
        let range = CorrectError::Range {
            earliest: at(9_000),
            latest: at(70_000),
        };
        assert_eq!(stopped.correct(at(8_999), at(70_000)), Err(range.clone()));
        assert_eq!(stopped.correct(at(72_001), at(70_000)), Err(range));
        assert_eq!(
            stopped.correct(at(72_000), at(70_000)).unwrap().ended_at,
            Some(at(70_000))
        );
    }

    #[test]
    fn only_completed_timers_are_corrected() {
        let cancelled = timer().apply(Action::Cancel, at(1)).unwrap();
        for timer in [timer(), cancelled] {
            let refused = timer.correct(at(1), at(2));
            assert_eq!(refused, Err(CorrectError::Status(timer.status)));
        }
    }
}
