//! Payloads of server messages. Times are text, written in the connection's zone.

use crate::{
    id::{TimerId, UserId},
    socket::{Dialect, Rendering},
    time::{TimeStyle, Timestamp, Zone},
    timers::{Body, DataKind, ErrorCode, Reason, Timer, TimerAction, TimerView, WireError},
};
use serde::{Deserialize, Deserializer, Serialize};

/// `connected`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Connected {
    /// The connection's user.
    pub user_id: UserId,
    /// A message for people.
    #[serde(default)]
    pub message: String,
    /// The newest event of the user.
    pub seq: u64,
    /// Changes when a new event log starts.
    pub epoch: String,
}

/// `timer.created`, `timer.updated`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TimerChanged {
    /// The timer after the change.
    pub timer: TimerView,
    /// The action that changed it.
    pub action: TimerAction,
}

/// `timer.completed` of the camel dialect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TimerCompleted {
    /// The timer after the change.
    pub timer: TimerView,
}

/// `timer.deleted`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TimerRemoved {
    /// The timer that was deleted.
    pub timer_id: TimerId,
}

/// `data.changed`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DataChanged {
    /// What to read again over REST, without duplicates. Clients ignore kinds that they do not know.
    #[serde(deserialize_with = "known_kinds")]
    pub kinds: Vec<DataKind>,
}

/// The kinds that this build knows: a newer server may name more.
fn known_kinds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<DataKind>, D::Error> {
    let kinds = Vec::<serde_json::Value>::deserialize(deserializer)?;
    Ok(kinds
        .into_iter()
        .filter_map(|kind| DataKind::deserialize(kind).ok())
        .collect())
}

/// `timer.friend_activity`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FriendActivityPayload {
    /// The friend.
    pub friend_id: UserId,
    /// The friend's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The friend's action.
    pub action: TimerAction,
    /// The timer.
    pub timer_id: TimerId,
    /// The title, if the friend shares titles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timer_title: Option<String>,
}

/// `timer.sync_result`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SyncResult {
    /// Newest first.
    pub timers: Vec<TimerView>,
    /// The number of timers in this message.
    pub count: usize,
    /// Whether there are more: timer.sync with the cursor requests the next page.
    pub has_more: bool,
    /// The start of the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// `auth.renewed`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Renewed {
    /// When the new token expires.
    pub expires_at: String,
}

/// `error`; in the camel dialect the code is a [`Reason`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ErrorPayload {
    /// What failed.
    pub code: ErrorCode,
    /// A message for people.
    pub message: String,
    /// Why it failed.
    pub details: ErrorDetails,
}

#[derive(Serialize)]
pub struct CamelErrorPayload {
    code: Reason,
    message: String,
    details: ErrorDetails,
}

/// `details` of an `error`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ErrorDetails {
    /// The reason, the same in both dialects.
    pub reason: Reason,
    /// Seconds to wait before trying again; only on RATE_LIMIT_EXCEEDED.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The earliest accepted moment; only with OCCURRED_AT_INVALID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<String>,
    /// The latest accepted moment; only with OCCURRED_AT_INVALID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<String>,
    /// The ended timer; only with TIMER_ALREADY_COMPLETED.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timer: Option<Box<TimerView>>,
}

/// Any server payload.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Payload {
    Connected(Connected),
    Changed(Box<TimerChanged>),
    Completed(Box<TimerCompleted>),
    Removed(TimerRemoved),
    Friend(FriendActivityPayload),
    DataChanged(DataChanged),
    Sync(SyncResult),
    Pong(super::Empty),
    Renewed(Renewed),
    Error(ErrorPayload),
    CamelError(CamelErrorPayload),
}

impl Payload {
    /// The payload of a message at its time, for a connection with the given rendering.
    pub fn new(body: &Body, now: Timestamp, rendering: &Rendering) -> Self {
        let zone = rendering.zone.as_ref();
        let view = |timer: &Timer, is_shared| TimerView::new(timer, is_shared, now, TimeStyle::WebSocket, zone);
        let changed = |timer: &Timer, is_shared, action| {
            let timer = view(timer, is_shared);
            Self::Changed(Box::new(TimerChanged { timer, action }))
        };
        match body {
            Body::Connected { user_id, seq, epoch } => Self::Connected(Connected {
                user_id: user_id.clone(),
                message: "Connected to timer WebSocket".to_owned(),
                seq: *seq,
                epoch: epoch.clone(),
            }),
            Body::Timer {
                timer,
                action: TimerAction::Stop,
            } if rendering.dialect == Dialect::Camel => Self::Completed(Box::new(TimerCompleted {
                timer: view(timer, false),
            })),
            Body::Timer { timer, action } => changed(timer, false, *action),
            Body::SharedTimer { timer, action } => changed(timer, true, *action),
            Body::FriendActivity {
                friend_id,
                display_name,
                action,
                timer_id,
                timer_title,
            } => Self::Friend(FriendActivityPayload {
                friend_id: friend_id.clone(),
                display_name: display_name.clone(),
                action: *action,
                timer_id: *timer_id,
                timer_title: timer_title.clone(),
            }),
            Body::TimerDeleted { timer_id } => Self::Removed(TimerRemoved { timer_id: *timer_id }),
            Body::DataChanged { kinds } => Self::DataChanged(DataChanged { kinds: kinds.clone() }),
            Body::Sync { timers, next } => Self::Sync(SyncResult {
                timers: timers.iter().map(|timer| view(timer, false)).collect(),
                count: timers.len(),
                has_more: next.is_some(),
                cursor: next.clone(),
            }),
            Body::Pong => Self::Pong(super::Empty {}),
            Body::Renewed { expires_at } => Self::Renewed(Renewed {
                expires_at: expires_at.websocket(zone),
            }),
            Body::Error(error) => {
                let (message, details) = (error.message.clone(), error.details(now, zone));
                match rendering.dialect {
                    Dialect::Snake => Self::Error(ErrorPayload {
                        code: error.code,
                        message,
                        details,
                    }),
                    Dialect::Camel => Self::CamelError(CamelErrorPayload {
                        code: error.reason.camel_code(),
                        message,
                        details,
                    }),
                }
            }
        }
    }
}

impl WireError {
    fn details(&self, now: Timestamp, zone: Option<&Zone>) -> ErrorDetails {
        let view = |timer: &Timer| Box::new(TimerView::new(timer, false, now, TimeStyle::WebSocket, zone));
        ErrorDetails {
            reason: self.reason,
            retry_after: self.retry_after,
            earliest: self.accepted.map(|(earliest, _)| earliest.websocket(zone)),
            latest: self.accepted.map(|(_, latest)| latest.websocket(zone)),
            timer: self.timer.as_deref().map(view),
        }
    }
}
