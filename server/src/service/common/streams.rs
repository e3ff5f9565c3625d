//! The streams and rooms of the hub, and how the hub reads their events.

use super::delivery::{SharedMessage, TimerMessage};
use crate::{
    service::{sharing::Reader, timers},
    store::Store,
};
use futures_util::future::BoxFuture;
use hub::{FetchError, Message, RoomId, Scope, ScopeHandler, StreamId};
use protocol::{id::UserId, timers::ServerMessage};

/// The events of users' timers: one stream per user.
pub const TIMERS: Scope = Scope::new("timers");

/// Resources that others share: one room per kind of audience.
pub const SHARED: Scope = Scope::new("shared");

/// Hints that data has changed, for connections that asked for them: one room per kind of audience, with the keys of
/// [`SHARED`].
pub const CHANGES: Scope = Scope::new("changes");

/// The room for a user by id: of friends, or of listed friends.
pub fn shared_with_user(user: &UserId) -> RoomId {
    RoomId::new(SHARED, format!("user:{user}"))
}

/// The room for a user's verified address, in lower case.
pub fn shared_with_email(email: &str) -> RoomId {
    RoomId::new(SHARED, format!("email:{email}"))
}

/// The room for all addresses of a domain, in lower case.
pub fn shared_with_domain(domain: &str) -> RoomId {
    RoomId::new(SHARED, format!("domain:{domain}"))
}

/// The room for public resources.
pub fn shared_with_everyone() -> RoomId {
    RoomId::new(SHARED, "public")
}

/// The rooms in which a reader receives shared resources.
pub fn rooms_of(reader: &Reader) -> Vec<RoomId> {
    let by_address = reader.email.as_deref().map(shared_with_email);
    let by_domain = reader.domain().map(shared_with_domain);
    let always = [shared_with_user(&reader.user), shared_with_everyone()];
    always.into_iter().chain(by_address).chain(by_domain).collect()
}

/// The room of hints for a user.
pub fn changes_of(user: &UserId) -> RoomId {
    RoomId::new(CHANGES, shared_with_user(user).key())
}

/// The room of hints for the audience of a room of [`SHARED`]; `None` for public resources, whose readers are unbounded.
pub fn hints_beside(shared: &RoomId) -> Option<RoomId> {
    (*shared != shared_with_everyone()).then(|| RoomId::new(CHANGES, shared.key()))
}

/// Decodes messages of [`SHARED`] and [`CHANGES`]. They are not events of a stream: missed ones are recovered by reading the list
/// again.
pub struct SharedRooms;

impl ScopeHandler for SharedRooms {
    fn decode(&self, _: Option<&RoomId>, payload: &[u8]) -> Option<Message> {
        let message: SharedMessage = serde_json::from_slice(payload).ok()?;
        Some(Message::new(message))
    }
}

/// The stream of a user's timers.
pub fn timers_of(user: &UserId) -> StreamId {
    StreamId::new(TIMERS, user.as_str())
}

/// The user of a stream of [`TIMERS`].
pub fn user_of(stream: &StreamId) -> UserId {
    UserId::from(stream.key())
}

/// Decodes and fetches events of [`TIMERS`].
pub struct TimerStreams {
    /// The store with the events.
    pub store: Store,
}

impl ScopeHandler for TimerStreams {
    fn decode(&self, room: Option<&RoomId>, payload: &[u8]) -> Option<Message> {
        let message: ServerMessage = serde_json::from_slice(payload).ok()?;
        Some(match (room, message.seq) {
            (Some(room), Some(seq)) => Message::event(TimerMessage(message), room.clone().into(), seq),
            // Friends' activity is not an event of the receiver's stream.
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
