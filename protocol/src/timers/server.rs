//! Server messages (contract, WebSocket "Envelope", "Client to server", "Errors", "The camel dialect").

mod parse;

pub use parse::UnreadableMessage;

use super::{Action, DataKind, MessageType, Timer, WireError, payloads::Payload};
use crate::{
    id::{TimerId, UserId},
    listed::listed,
    socket::{Dialect, Rendering, envelope::Envelope, rendering::camelize},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A server message, independent of the receiver's rendering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerMessage {
    pub body: Body,
    /// When it was made; `elapsed_time` is computed for this moment.
    pub timestamp: Timestamp,
    /// The user who caused it.
    pub from_user: Option<UserId>,
    /// The event's number in its stream, from 1.
    pub seq: Option<u64>,
    /// The `id` of the client's message that it answers.
    pub reply_to: Option<String>,
    /// Whether the command had been applied before and this repeats its answer.
    pub replayed: bool,
}

/// The content of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// The first message of a connection.
    Connected {
        /// The connection's user.
        user_id: UserId,
        /// The newest event of the user.
        seq: u64,
        /// Changes when a new event log starts.
        epoch: String,
    },
    /// A timer was created or changed.
    Timer {
        /// The timer after the change.
        timer: Box<Timer>,
        /// The action that changed it.
        action: TimerAction,
    },
    /// A timer that another user shares with the receiver was created or changed.
    SharedTimer {
        /// The timer after the change.
        timer: Box<Timer>,
        /// The action that changed it.
        action: TimerAction,
    },
    /// A friend changed a timer.
    FriendActivity {
        friend_id: UserId,
        /// The friend's name.
        display_name: Option<String>,
        /// The friend's action.
        action: TimerAction,
        timer_id: TimerId,
        /// The title, if the friend shares titles.
        timer_title: Option<String>,
    },
    /// A timer was deleted.
    TimerDeleted { timer_id: TimerId },
    /// Data of the receiver changed: a hint to read it again over REST. Only connections that asked for it receive it, and
    /// it is no event: after a reconnect a client reads again anyway.
    DataChanged {
        /// In order, without duplicates.
        kinds: Vec<DataKind>,
    },
    /// A page of the requested timers, newest first.
    Sync {
        timers: Vec<Timer>,
        /// The start of the next page; `None` on the last one.
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
    /// A command failed; nothing was changed.
    Error(WireError),
}

impl Body {
    /// The timer in the message, if there is one.
    pub fn timer_mut(&mut self) -> Option<&mut Timer> {
        match self {
            Self::Timer { timer, .. } | Self::SharedTimer { timer, .. } => Some(timer),
            _ => None,
        }
    }
}

listed! {
    /// The action on a timer.
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
        /// Sent on request, or because of a change other than its status.
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
    /// A message that is neither a reply nor an event.
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

    /// The same message as a reply to the message with this `id`.
    pub fn in_reply_to(self, id: Option<String>) -> Self {
        Self { reply_to: id, ..self }
    }

    /// Writes the message in the given dialect and timezone.
    pub fn render(&self, rendering: &Rendering) -> String {
        let envelope = Envelope {
            kind: self.message_type().wire_name(rendering.dialect).into(),
            payload: Payload::new(&self.body, self.timestamp, rendering),
            timestamp: self.timestamp.websocket(rendering.zone.as_ref()),
            from_user: self.from_user.clone(),
            seq: self.seq,
            reply_to: self.reply_to.clone(),
            replayed: self.replayed,
        };
        match rendering.dialect {
            // Texts, numbers and structs of these: serialising cannot fail.
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
            Body::DataChanged { .. } => MessageType::DataChanged,
            Body::Sync { .. } => MessageType::SyncResult,
            Body::Pong => MessageType::Pong,
            Body::Renewed { .. } => MessageType::Renewed,
            Body::Error(_) => MessageType::Error,
        }
    }
}

#[cfg(test)]
mod tests;
