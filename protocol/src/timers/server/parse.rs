//! Reads what the server says; for clients.

use super::{Body, Envelope, MessageType, ServerMessage};
use crate::{
    time::Timestamp,
    timers::{ErrorCode, Reason, TimerView, UnreadableTimer, WireError},
};
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

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
            MessageType::TimerCreated | MessageType::TimerUpdated | MessageType::TimerCompleted => {
                let timer = member("timer");
                let is_shared = timer.get("is_shared") == Some(&Value::Bool(true));
                let timer = Box::new(serde_json::from_value::<TimerView>(timer)?.into_timer()?);
                let action = serde_json::from_value(member("action"))?;
                match is_shared {
                    true => Body::SharedTimer { timer, action },
                    false => Body::Timer { timer, action },
                }
            }
            MessageType::FriendActivity => Body::FriendActivity {
                friend_id: serde_json::from_value(member("friend_id"))?,
                display_name: serde_json::from_value(member("display_name"))?,
                action: serde_json::from_value(member("action"))?,
                timer_id: serde_json::from_value(member("timer_id"))?,
                timer_title: serde_json::from_value(member("timer_title"))?,
            },
            MessageType::TimerDeleted => Body::TimerDeleted {
                timer_id: serde_json::from_value(member("timer_id"))?,
            },
            MessageType::SyncResult => {
                let views: Vec<TimerView> = serde_json::from_value(member("timers"))?;
                Body::Sync {
                    timers: views.into_iter().map(TimerView::into_timer).collect::<Result<_, _>>()?,
                    next: serde_json::from_value(member("cursor"))?,
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
