//! Commands that the server has not answered yet.

use protocol::{
    id::{TagId, TimerId, UserId},
    time::Timestamp,
    timers::{Action, ClientMessage, Command, NewTimer, TOLERANCE_MILLIS, Timer, TimerCommand},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The server forgets a command's id after 24 hours (contract "Idempotence"); from then on sending it again could
/// apply it twice.
const MAX_AGE_MILLIS: i64 = 23 * 60 * 60 * 1000;

/// The user's command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Intent {
    Create {
        /// The timer's id until the server has assigned one.
        provisional: TimerId,
        new: NewTimer,
        #[serde(default)]
        tag_ids: Vec<TagId>,
    },
    /// An action on a timer.
    Act { action: Action, timer_id: TimerId },
}

impl Intent {
    /// The timer that the command changes.
    pub fn timer_id(&self) -> TimerId {
        match self {
            Self::Create { provisional, .. } => *provisional,
            Self::Act { timer_id, .. } => *timer_id,
        }
    }
}

/// A command without an answer. Sent again with the same id it is applied once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub id: String,
    /// Its position among the user's commands.
    pub order: i64,
    /// When it was created, on the server's clock.
    pub made_at: Timestamp,
    pub intent: Intent,
}

impl Pending {
    /// The message to send at `now`, on the server's clock. If the person acted earlier, such as while the server was away,
    /// it says when (contract, WebSocket "What was done offline happened when it was done").
    pub fn message(&self, now: Timestamp) -> ClientMessage {
        let command = match &self.intent {
            Intent::Create { new, tag_ids, .. } => TimerCommand::Create {
                new: new.clone(),
                tag_ids: tag_ids.clone(),
            },
            Intent::Act { action, timer_id } => TimerCommand::Act {
                action: *action,
                timer_id: *timer_id,
            },
        };
        ClientMessage {
            id: Some(self.id.clone()),
            command: Command::Timer {
                command,
                occurred_at: (now.millis_since(self.made_at) > TOLERANCE_MILLIS).then_some(self.made_at),
            },
        }
    }

    /// Whether it is too old to be sent.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now.millis_since(self.made_at) > MAX_AGE_MILLIS
    }

    /// Applies the command by the server's own rules. A command that they refuse changes nothing; the server's answer
    /// will give the reason.
    pub fn apply(&self, owner: &UserId, timers: &mut BTreeMap<TimerId, Timer>) {
        let result = match &self.intent {
            Intent::Create { provisional, new, .. } => {
                Timer::create(*provisional, owner.clone(), new.clone(), self.made_at).ok()
            }
            Intent::Act { action, timer_id } => timers
                .get(timer_id)
                .and_then(|timer| timer.apply(*action, self.made_at).ok()),
        };
        if let Some(timer) = result {
            timers.insert(timer.id, timer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_waited_says_when_the_person_acted() {
        let made_at = Timestamp::from_millis(1_000_000);
        let pending = Pending {
            id: "a".into(),
            order: 0,
            made_at,
            intent: Intent::Act {
                action: Action::Pause,
                timer_id: TimerId(uuid::Uuid::nil()),
            },
        };
        let occurred_at = |later| match pending.message(made_at.plus_millis(later)).command {
            Command::Timer { occurred_at, .. } => occurred_at,
            other => panic!("{other:?}"),
        };
        assert_eq!(occurred_at(0), None);
        assert_eq!(occurred_at(TOLERANCE_MILLIS), None);
        assert_eq!(occurred_at(3_600_000), Some(made_at));
    }
}
