//! The streams and rooms of the hub, and what the hub asks about them.

use super::delivery::TimerMessage;
use crate::{service::timers, store::Store};
use futures_util::future::BoxFuture;
use hub::{FetchError, Message, RoomId, Scope, ScopeHandler, StreamId};
use protocol::{id::UserId, timers::ServerMessage};

/// The events of users' timers: one stream a user.
pub const TIMERS: Scope = Scope::new("timers");

/// The stream of a user's timers.
pub fn timers_of(user: &UserId) -> StreamId {
    StreamId::new(TIMERS, user.as_str())
}

/// The user of a stream of [`TIMERS`].
pub fn user_of(stream: &StreamId) -> UserId {
    UserId::from(stream.key())
}

/// Answers for [`TIMERS`].
pub struct TimerStreams {
    /// Where the events are.
    pub store: Store,
}

impl ScopeHandler for TimerStreams {
    fn decode(&self, room: Option<&RoomId>, payload: &[u8]) -> Option<Message> {
        let message: ServerMessage = serde_json::from_slice(payload).ok()?;
        Some(match (room, message.seq) {
            (Some(room), Some(seq)) => Message::event(TimerMessage(message), room.clone().into(), seq),
            // What friends do is not an event of the receiver's stream.
            _ => Message::new(TimerMessage(message)),
        })
    }

    fn fetch(&self, stream: &StreamId, after: u64) -> BoxFuture<'static, Result<Vec<Message>, FetchError>> {
        let (store, stream) = (self.store.clone(), stream.clone());
        Box::pin(async move {
            let events = timers::committed_since(&store, &user_of(&stream), after).await;
            let events = events.map_err(|error| {
                tracing::error!(%error, %stream, "events cannot be read");
                FetchError::Unavailable
            })?;
            let events = events.ok_or(FetchError::TooOld)?.into_iter();
            let numbered = events.filter_map(|event| Some((event.seq?, event)));
            Ok(numbered
                .map(|(seq, event)| Message::event(TimerMessage(event), stream.clone(), seq))
                .collect())
        })
    }

    fn head(&self, stream: &StreamId) -> BoxFuture<'static, Result<u64, FetchError>> {
        let (store, user) = (self.store.clone(), user_of(stream));
        Box::pin(async move {
            let head = store
                .read_for(&user, async |conn| timers::event_log::head(conn, &user).await)
                .await;
            head.map_err(|error| {
                tracing::error!(%error, %user, "a stream's newest event cannot be read");
                FetchError::Unavailable
            })
        })
    }
}
