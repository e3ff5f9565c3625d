//! The user's commands as the page shows them before the server answers, and as they are sent.

use crate::live::outbox::Pending;
use protocol::{
    id::{TimerId, UserId},
    time::Timestamp,
    timers::{ClientMessage, Command, Timer, TimerCommand},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A command that is sent within so many milliseconds happens when the server receives it.
const AT_ONCE_MILLIS: i64 = 300;

/// The message to send at `now`, on the server's clock. If the person acted earlier, such as while the server was away,
/// it says when, so that the page shows the same before and after (contract, WebSocket "What was done offline happened
/// when it was done").
pub fn message(pending: &Pending<TimerCommand>, now: Timestamp) -> ClientMessage {
    let is_late = now.millis_since(pending.made_at) > AT_ONCE_MILLIS;
    ClientMessage {
        id: Some(pending.id.clone()),
        command: Command::Timer {
            command: pending.command.clone(),
            occurred_at: is_late.then_some(pending.made_at),
        },
    }
}

/// The timer that a command changes; for a new one, the id that it has until the server assigns one: the command's own.
pub fn timer_id(pending: &Pending<TimerCommand>) -> TimerId {
    let provisional = || TimerId(Uuid::parse_str(&pending.id).unwrap_or_default());
    pending.command.timer_id().unwrap_or_else(provisional)
}

/// The state of a timer after a command, by the server's own rules; `None` when they refuse it, or when `timer` is
/// missing. The server's answer will give the reason.
pub fn applied(pending: &Pending<TimerCommand>, owner: &UserId, timer: Option<&Timer>) -> Option<Timer> {
    match &pending.command {
        TimerCommand::Create { new, .. } => {
            Timer::create(timer_id(pending), owner.clone(), new.clone(), pending.made_at).ok()
        }
        TimerCommand::Act { action, .. } => timer?.apply(*action, pending.made_at).ok(),
        TimerCommand::Correct { ended_at, .. } => timer?.correct(*ended_at, pending.made_at).ok(),
    }
}

/// A timer with the pending commands applied in order. `None` when there is none with this id.
pub fn with_pending(
    id: TimerId,
    confirmed: &BTreeMap<TimerId, Timer>,
    pending: &[Pending<TimerCommand>],
    owner: &UserId,
) -> Option<Timer> {
    let commands = pending.iter().filter(|command| timer_id(command) == id);
    commands.fold(confirmed.get(&id).cloned(), |timer, command| {
        applied(command, owner, timer.as_ref()).or(timer)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::timers::Action;

    #[test]
    fn a_command_that_waited_says_when_the_person_acted() {
        let made_at = Timestamp::from_millis(1_000_000);
        let pending = Pending {
            id: "a".into(),
            order: 0,
            made_at,
            command: TimerCommand::Act {
                action: Action::Pause,
                timer_id: TimerId(Uuid::nil()),
            },
        };
        let occurred_at = |later| match message(&pending, made_at.plus_millis(later)).command {
            Command::Timer { occurred_at, .. } => occurred_at,
            other => panic!("{other:?}"),
        };
        assert_eq!(occurred_at(0), None);
        assert_eq!(occurred_at(AT_ONCE_MILLIS), None);
        assert_eq!(occurred_at(1_000), Some(made_at));
        assert_eq!(occurred_at(3_600_000), Some(made_at));
    }
}
