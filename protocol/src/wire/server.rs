//! What the server says (contract, WebSocket "Envelope", "Client to server", "Errors", "The camel dialect").

use super::{
    Dialect, ErrorCode, MessageType, Reason, Rendering, TimerView, WireError, listed::listed, rendering::camelize,
    timer_view::UnreadableTimer,
};
use crate::{
    id::{TimerId, UserId},
    time::{TimeStyle, Timestamp},
    timer::{Action, Timer},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;

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
    /// A timer is gone.
    TimerDeleted {
        /// Which.
        timer_id: TimerId,
    },
    /// The timers asked for, newest first.
    Sync {
        /// The timers.
        timers: Vec<Timer>,
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

/// The envelope as it stands on the wire.
#[derive(Serialize, Deserialize)]
struct Envelope<P> {
    #[serde(rename = "type")]
    kind: String,
    payload: P,
    timestamp: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from_user: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply_to: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    replayed: bool,
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
            kind: self.message_type().word(rendering.dialect).to_owned(),
            payload: self.payload(rendering),
            timestamp: self.timestamp.websocket(rendering.zone.as_ref()),
            from_user: self.from_user.clone(),
            seq: self.seq,
            reply_to: self.reply_to.clone(),
            replayed: self.replayed,
        };
        let value = json!(envelope);
        match rendering.dialect {
            Dialect::Snake => value.to_string(),
            Dialect::Camel => camelize(value).to_string(),
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
            Body::TimerDeleted { .. } => MessageType::TimerDeleted,
            Body::Sync { .. } => MessageType::SyncResult,
            Body::Pong => MessageType::Pong,
            Body::Renewed { .. } => MessageType::Renewed,
            Body::Error(_) => MessageType::Error,
        }
    }

    fn payload(&self, rendering: &Rendering) -> Value {
        let zone = rendering.zone.as_ref();
        let view = |timer: &Timer| TimerView::new(timer, self.timestamp, TimeStyle::WebSocket, zone);
        match &self.body {
            Body::Connected { user_id, seq, epoch } => json!({ "user_id": user_id, "seq": seq, "epoch": epoch }),
            Body::Timer {
                timer,
                action: TimerAction::Stop,
            } if rendering.dialect == Dialect::Camel => {
                json!({ "timer": view(timer) })
            }
            Body::Timer { timer, action } => json!({ "timer": view(timer), "action": action }),
            Body::TimerDeleted { timer_id } => json!({ "timer_id": timer_id }),
            Body::Sync { timers } => json!({ "timers": timers.iter().map(view).collect::<Vec<_>>() }),
            Body::Pong => json!({}),
            Body::Renewed { expires_at } => json!({ "expires_at": expires_at.websocket(zone) }),
            Body::Error(error) => {
                let code = match rendering.dialect {
                    Dialect::Snake => json!(error.code),
                    Dialect::Camel => json!(error.reason),
                };
                let mut details = json!({ "reason": error.reason });
                if let Some(seconds) = error.retry_after {
                    details["retry_after"] = json!(seconds);
                }
                json!({ "code": code, "message": error.message, "details": details })
            }
        }
    }
}

/// A message that a client of the default dialect cannot read. It is to be logged and ignored, so that a newer server
/// may say more.
#[derive(Debug, Error)]
pub enum UnreadableMessage {
    /// Not JSON, or not of the shape.
    #[error("unreadable message: {0}")]
    Shape(#[from] serde_json::Error),
    /// A timer that is none.
    #[error("unreadable timer: {0}")]
    Timer(#[from] UnreadableTimer),
    /// A time that is none.
    #[error("{0:?} is not a time")]
    Time(String),
    /// A type this client does not know.
    #[error("unknown message type {0:?}")]
    Type(String),
}

impl ServerMessage {
    /// Reads what [`ServerMessage::render`] writes in the default dialect; for clients.
    ///
    /// # Errors
    /// [`UnreadableMessage`], of which only the log needs to hear.
    pub fn parse(text: &str) -> Result<Self, UnreadableMessage> {
        #[derive(Deserialize)]
        struct ErrorPayload {
            code: ErrorCode,
            message: String,
            details: ErrorDetails,
        }
        #[derive(Deserialize)]
        struct ErrorDetails {
            reason: Reason,
            retry_after: Option<u64>,
        }
        let time = |text: &str| Timestamp::parse_iso(text).ok_or_else(|| UnreadableMessage::Time(text.to_owned()));
        let envelope: Envelope<Value> = serde_json::from_str(text)?;
        let mut payload = envelope.payload;
        let mut member = |name: &str| payload.get_mut(name).map(Value::take).unwrap_or_default();
        let Some(kind) = MessageType::parse(&envelope.kind) else {
            return Err(UnreadableMessage::Type(envelope.kind));
        };
        let body = match kind {
            MessageType::Connected => Body::Connected {
                user_id: serde_json::from_value(member("user_id"))?,
                seq: serde_json::from_value(member("seq"))?,
                epoch: serde_json::from_value(member("epoch"))?,
            },
            MessageType::TimerCreated | MessageType::TimerUpdated | MessageType::TimerCompleted => Body::Timer {
                timer: Box::new(serde_json::from_value::<TimerView>(member("timer"))?.into_timer()?),
                action: serde_json::from_value(member("action"))?,
            },
            MessageType::TimerDeleted => Body::TimerDeleted {
                timer_id: serde_json::from_value(member("timer_id"))?,
            },
            MessageType::SyncResult => {
                let views: Vec<TimerView> = serde_json::from_value(member("timers"))?;
                Body::Sync {
                    timers: views.into_iter().map(TimerView::into_timer).collect::<Result<_, _>>()?,
                }
            }
            MessageType::Pong => Body::Pong,
            MessageType::Renewed => {
                let expires_at: String = serde_json::from_value(member("expires_at"))?;
                Body::Renewed {
                    expires_at: time(&expires_at)?,
                }
            }
            MessageType::Error => {
                let error: ErrorPayload = serde_json::from_value(payload)?;
                Body::Error(WireError {
                    code: error.code,
                    message: error.message,
                    reason: error.details.reason,
                    retry_after: error.details.retry_after,
                })
            }
        };
        Ok(Self {
            body,
            timestamp: time(&envelope.timestamp)?,
            from_user: envelope.from_user,
            seq: envelope.seq,
            reply_to: envelope.reply_to,
            replayed: envelope.replayed,
        })
    }
}

#[cfg(test)]
mod tests;
