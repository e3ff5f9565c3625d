//! Commands that the server has not answered yet.

use protocol::{
    id::{TagId, TimerId, UserId},
    time::Timestamp,
    timers::{Action, ClientMessage, NewTimer, Timer, TimerCommand},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// After this long the server no longer knows a command's id (24 hours, contract "Idempotence"), so that sending it
/// again could apply it twice.
const KEPT_MILLIS: i64 = 23 * 60 * 60 * 1000;

/// What the person asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Intent {
    Create {
        /// The id it is shown under until the server has named it.
        provisional: TimerId,
        /// What it is made from.
        new: NewTimer,
        /// The tags it gets.
        #[serde(default)]
        tag_ids: Vec<TagId>,
    },
    /// An action on a timer.
    Act { action: Action, timer_id: TimerId },
}

impl Intent {
    /// The timer that is shown differently because of it.
    pub fn timer_id(&self) -> TimerId {
        match self {
            Self::Create { provisional, .. } => *provisional,
            Self::Act { timer_id, .. } => *timer_id,
        }
    }
}

/// A command that waits for its answer. Sent again with the same id it is applied once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub id: String,
    /// Its place among the person's commands.
    pub order: i64,
    /// When it was made, on the server's clock.
    pub made_at: Timestamp,
    /// What was asked for.
    pub intent: Intent,
}

impl Pending {
    /// What goes over the wire.
    pub fn message(&self) -> ClientMessage {
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
            command: command.into(),
        }
    }

    /// Whether it may no longer be sent.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now.millis_since(self.made_at) > KEPT_MILLIS
    }

    /// What it will do, by the server's own rules. What they refuse stays as it is: the server's answer will say why.
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
