//! What the server says (contract, WebSocket "Envelope", "Client to server", "Errors", "The camel dialect").

mod parse;

pub use parse::UnreadableMessage;

use super::{Action, MessageType, Timer, WireError, payloads::Payload};
use crate::{
    id::{TimerId, UserId},
    listed::listed,
    socket::{Dialect, Rendering, envelope::Envelope, rendering::camelize},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A message to one or many connections, not yet written for any of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerMessage {
    /// What it says.
    pub body: Body,
    /// When it was made; `elapsed_time` in it is of this moment.
    pub timestamp: Timestamp,
    /// Who caused it.
    pub from_user: Option<UserId>,
    /// Its place among the receiver's events, from 1.
    pub seq: Option<u64>,
    /// The `id` of the message that it answers.
    pub reply_to: Option<String>,
    /// The answer had been given before: the command was applied then.
    pub replayed: bool,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// The first message of a connection.
    Connected {
        /// Who is connected.
        user_id: UserId,
        /// The newest event of the user.
        seq: u64,
        /// Changes when the event log was begun anew.
        epoch: String,
    },
    /// A timer came to be or changed.
    Timer {
        /// As it is now.
        timer: Box<Timer>,
        /// What was done to it.
        action: TimerAction,
    },
    /// A timer of somebody else's that is shared with the receiver came to be or changed.
    SharedTimer {
        /// As it is now.
        timer: Box<Timer>,
        /// What was done to it.
        action: TimerAction,
    },
    /// A friend did something to a timer.
    FriendActivity {
        /// Who.
        friend_id: UserId,
        /// What they are called.
        display_name: Option<String>,
        /// What they did.
        action: TimerAction,
        /// To which.
        timer_id: TimerId,
        /// Its title, where the friend shows titles.
        timer_title: Option<String>,
    },
    /// A timer is gone.
    TimerDeleted {
        /// Which.
        timer_id: TimerId,
    },
    /// A page of the timers asked for, newest first.
    Sync {
        /// The timers.
        timers: Vec<Timer>,
        /// Where the next page begins; `None`: this is the last one.
        #[serde(default)]
        next: Option<String>,
    },
    /// The answer to `ping`.
    Pong,
    /// The answer to `auth.renew`.
    Renewed {
        /// When the new token expires.
        expires_at: Timestamp,
    },
    /// Something could not be done; nothing was changed.
    Error(WireError),
}

impl Body {
    /// The timer that the message is about, where it carries one.
    pub fn timer_mut(&mut self) -> Option<&mut Timer> {
        match self {
            Self::Timer { timer, .. } | Self::SharedTimer { timer, .. } => Some(timer),
            _ => None,
        }
    }
}

listed! {
    /// What was done to a timer.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
    pub enum TimerAction {
        /// Created.
        Start,
        /// Paused.
        Pause,
        /// Resumed.
        Resume,
        /// Stopped.
        Stop,
        /// Cancelled.
        Cancel,
        /// Sent as it is, on request or because something else of it changed.
        Sync,
    }
}

impl From<Action> for TimerAction {
    fn from(action: Action) -> Self {
        match action {
            Action::Pause => Self::Pause,
            Action::Resume => Self::Resume,
            Action::Stop => Self::Stop,
            Action::Cancel => Self::Cancel,
        }
    }
}

impl ServerMessage {
    /// A message that answers nothing and is no event.
    pub fn new(body: Body, timestamp: Timestamp) -> Self {
        Self {
            body,
            timestamp,
            from_user: None,
            seq: None,
            reply_to: None,
            replayed: false,
        }
    }

    /// The same message as the answer to a message's `id`.
    pub fn in_reply_to(self, id: Option<String>) -> Self {
        Self { reply_to: id, ..self }
    }

    /// Writes the message in a connection's dialect and timezone.
    pub fn render(&self, rendering: &Rendering) -> String {
        let envelope = Envelope {
            kind: self.message_type().word(rendering.dialect).into(),
            payload: Payload::new(&self.body, self.timestamp, rendering),
            timestamp: self.timestamp.websocket(rendering.zone.as_ref()),
            from_user: self.from_user.clone(),
            seq: self.seq,
            reply_to: self.reply_to.clone(),
            replayed: self.replayed,
        };
        match rendering.dialect {
            // Texts, numbers and what is made of them: nothing here can fail to be written.
            Dialect::Snake => serde_json::to_string(&envelope).unwrap_or_default(),
            Dialect::Camel => camelize(json!(envelope)).to_string(),
        }
    }

    /// The message's type.
    pub fn message_type(&self) -> MessageType {
        match &self.body {
            Body::Connected { .. } => MessageType::Connected,
            Body::Timer { action, .. } => match action {
                TimerAction::Start => MessageType::TimerCreated,
                TimerAction::Stop => MessageType::TimerCompleted,
                _ => MessageType::TimerUpdated,
            },
            Body::SharedTimer { .. } => MessageType::TimerUpdated,
            Body::FriendActivity { .. } => MessageType::FriendActivity,
            Body::TimerDeleted { .. } => MessageType::TimerDeleted,
            Body::Sync { .. } => MessageType::SyncResult,
            Body::Pong => MessageType::Pong,
            Body::Renewed { .. } => MessageType::Renewed,
            Body::Error(_) => MessageType::Error,
        }
    }
}

#[cfg(test)]
mod tests;
