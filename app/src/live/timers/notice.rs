//! What the page tells its reader about timers.

use crate::live::outbox::Pending;
use protocol::{
    id::TimerId,
    time::Timestamp,
    timers::{Action, TOLERANCE_MILLIS, TimerAction, TimerCommand, TimerStatus, WireError},
};

/// Something to tell the reader.
#[derive(Clone, Debug, PartialEq)]
pub enum TimerNotice {
    /// The server refused a command.
    Refused(WireError),
    /// Another device ended the timer first, at another time.
    EndedElsewhere(EndOffer),
    /// A timer was changed: its title and the action.
    Changed(Option<String>, TimerAction),
    /// So many commands were too old to be sent.
    Dropped(usize),
}

/// The offer to move a timer's end to the time at which it was stopped on this device (contract, WebSocket "What was
/// done offline happened when it was done").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndOffer {
    pub timer_id: TimerId,
    pub title: Option<String>,
    /// When it was stopped on this device.
    pub stopped_here: Timestamp,
    /// Its end now.
    pub ended_at: Timestamp,
}

impl TimerNotice {
    /// The notice of a refused command.
    pub fn of_refusal(error: WireError, command: &Pending<TimerCommand>) -> Self {
        match EndOffer::new(&error, command) {
            Some(offer) => Self::EndedElsewhere(offer),
            None => Self::Refused(error),
        }
    }
}

impl EndOffer {
    /// An offer if the command was a stop of a timer that another device has completed, at a time that can be corrected
    /// to that of the command.
    fn new(error: &WireError, command: &Pending<TimerCommand>) -> Option<Self> {
        let timer = error.timer.as_deref()?;
        let is_stop = matches!(
            command.command,
            TimerCommand::Act {
                action: Action::Stop,
                ..
            }
        );
        let ended_at = timer.ended_at?;
        let stopped_here = command.made_at;
        let last_change = timer.history.iter().rev().nth(1)?.at;
        let differs = ended_at.millis_since(stopped_here).abs() > TOLERANCE_MILLIS;
        let is_possible = timer.status == TimerStatus::Completed && stopped_here >= last_change;
        (is_stop && differs && is_possible).then(|| Self {
            timer_id: timer.id,
            title: timer.title.clone(),
            stopped_here,
            ended_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::timers::{NewTimer, Timer, TransitionError};
    use uuid::Uuid;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_000_000 + seconds * 1000)
    }

    /// A timer that another device paused at 10 s and ended, and this device stopped.
    fn notice(end: Action, ended: i64, stopped_here: i64) -> TimerNotice {
        let new = NewTimer {
            allocated_seconds: 1500,
            ..NewTimer::default()
        };
        let timer = Timer::create(TimerId(Uuid::nil()), "ada".into(), new, at(0)).unwrap();
        let timer = timer.apply(Action::Pause, at(10)).unwrap();
        let timer = timer.apply(end, at(ended)).unwrap();
        let refused = TransitionError::Status {
            action: Action::Stop,
            status: timer.status,
        };
        let error = WireError::refused(Action::Stop, &timer, refused.into());
        let command = Pending {
            id: "a".into(),
            order: 0,
            made_at: at(stopped_here),
            command: TimerCommand::Act {
                action: Action::Stop,
                timer_id: timer.id,
            },
        };
        TimerNotice::of_refusal(error, &command)
    }

    #[test]
    fn another_end_can_be_replaced_by_that_of_this_device() {
        let TimerNotice::EndedElsewhere(offer) = notice(Action::Stop, 60, 30) else {
            panic!("no offer");
        };
        assert_eq!((offer.stopped_here, offer.ended_at), (at(30), at(60)));
    }

    #[test]
    fn nothing_is_offered_where_nothing_can_be_corrected() {
        for (end, ended, stopped_here) in [(Action::Cancel, 60, 30), (Action::Stop, 60, 5), (Action::Stop, 60, 61)] {
            let notice = notice(end, ended, stopped_here);
            assert!(
                matches!(notice, TimerNotice::Refused(_)),
                "{end:?} {ended} {stopped_here}"
            );
        }
    }
}
