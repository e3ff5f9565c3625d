//! Parses server messages, for clients.

use super::{Body, MessageType, ServerMessage};
use crate::{
    json::{self, Unreadable},
    socket::envelope::Envelope,
    time::Timestamp,
    timers::{
        UnreadableTimer, WireError,
        payloads::{
            Connected, DataChanged, ErrorPayload, FriendActivityPayload, Renewed, SyncResult, TimerChanged,
            TimerRemoved,
        },
    },
};
use serde_json::Value;
use thiserror::Error;

/// A message that a client of the default dialect cannot parse. Clients should log and ignore it, so that a newer
/// server may send more types.
#[derive(Debug, Error)]
pub enum UnreadableMessage {
    /// Not JSON, or not of the expected shape.
    #[error("unreadable message: {0}")]
    Shape(#[from] Unreadable),
    /// An invalid timer.
    #[error("unreadable timer: {0}")]
    Timer(#[from] UnreadableTimer),
    /// An invalid time.
    #[error("{0:?} is not a time")]
    Time(String),
    /// A type this client does not know.
    #[error("unknown message type {0:?}")]
    Type(String),
}

impl ServerMessage {
    /// Parses a message in the default dialect, as [`ServerMessage::render`] writes it.
    ///
    /// # Errors
    /// [`UnreadableMessage`], to be logged.
    pub fn parse(text: &str) -> Result<Self, UnreadableMessage> {
        let envelope: Envelope<'_, Value> = json::parse(text)?;
        let Some(kind) = MessageType::parse(&envelope.kind) else {
            return Err(UnreadableMessage::Type(envelope.kind.into_owned()));
        };
        Ok(Self {
            body: Body::parse(kind, envelope.payload)?,
            timestamp: time(&envelope.timestamp)?,
            from_user: envelope.from_user,
            seq: envelope.seq,
            reply_to: envelope.reply_to,
            replayed: envelope.replayed,
        })
    }
}

impl Body {
    fn parse(kind: MessageType, payload: Value) -> Result<Self, UnreadableMessage> {
        Ok(match kind {
            MessageType::Connected => {
                let Connected {
                    user_id, seq, epoch, ..
                } = json::from_value(payload)?;
                Self::Connected { user_id, seq, epoch }
            }
            MessageType::TimerCreated | MessageType::TimerUpdated | MessageType::TimerCompleted => {
                let TimerChanged { timer, action } = json::from_value(payload)?;
                let is_shared = timer.is_shared;
                let timer = Box::new(timer.into_timer()?);
                match is_shared {
                    true => Self::SharedTimer { timer, action },
                    false => Self::Timer { timer, action },
                }
            }
            MessageType::FriendActivity => {
                let activity: FriendActivityPayload = json::from_value(payload)?;
                Self::FriendActivity {
                    friend_id: activity.friend_id,
                    display_name: activity.display_name,
                    action: activity.action,
                    timer_id: activity.timer_id,
                    timer_title: activity.timer_title,
                }
            }
            MessageType::TimerDeleted => {
                let TimerRemoved { timer_id } = json::from_value(payload)?;
                Self::TimerDeleted { timer_id }
            }
            MessageType::DataChanged => {
                let DataChanged { kinds } = json::from_value(payload)?;
                Self::DataChanged { kinds }
            }
            MessageType::SyncResult => {
                let SyncResult { timers, cursor, .. } = json::from_value(payload)?;
                let timers = timers.into_iter().map(|timer| timer.into_timer());
                Self::Sync {
                    timers: timers.collect::<Result<_, _>>()?,
                    next: cursor,
                }
            }
            MessageType::Pong => Self::Pong,
            MessageType::Renewed => {
                let Renewed { expires_at } = json::from_value(payload)?;
                Self::Renewed {
                    expires_at: time(&expires_at)?,
                }
            }
            MessageType::Error => {
                let ErrorPayload { code, message, details } = json::from_value(payload)?;
                Self::Error(WireError {
                    code,
                    message,
                    reason: details.reason,
                    retry_after: details.retry_after,
                    accepted: match (details.earliest, details.latest) {
                        (Some(earliest), Some(latest)) => Some((time(&earliest)?, time(&latest)?)),
                        _ => None,
                    },
                    timer: match details.timer {
                        Some(timer) => Some(Box::new(timer.into_timer()?)),
                        None => None,
                    },
                })
            }
        })
    }
}

fn time(text: &str) -> Result<Timestamp, UnreadableMessage> {
    Timestamp::parse_iso(text).ok_or_else(|| UnreadableMessage::Time(text.to_owned()))
}
