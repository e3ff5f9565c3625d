//! How the events of a user's timers reach that user's connections.

use crate::{
    hub::{ConnectionId, Hub, Message, Render},
    store::StoreError,
};
use protocol::{
    id::UserId,
    wire::{Rendering, ServerMessage},
};
use tokio::sync::oneshot;

impl Render for ServerMessage {
    fn render(&self, rendering: &Rendering) -> String {
        ServerMessage::render(self, rendering)
    }
}

/// The room of all of a user's connections.
pub fn user_room(user: &UserId) -> String {
    format!("user:{user}")
}

/// Publishes an event to its user's connections, but not to `except`, which gets it as its reply.
pub fn publish(hub: &Hub, user: &UserId, event: &ServerMessage, except: Option<ConnectionId>) {
    match serde_json::to_vec(event) {
        Ok(payload) => hub.publish(&user_room(user), &payload, except),
        // The log has the event, so the connections recover it; but this must not happen.
        Err(error) => tracing::error!(%error, "an event cannot be written for the bus"),
    }
}

/// Publishes a message that is no event to all connections of some users; it is written once.
pub fn publish_to_each<'u>(hub: &Hub, users: impl Iterator<Item = &'u UserId>, message: &ServerMessage) {
    match serde_json::to_vec(message) {
        Ok(payload) => users.for_each(|user| hub.publish(&user_room(user), &payload, None)),
        Err(error) => tracing::error!(%error, "a message cannot be written for the bus"),
    }
}

/// Reads what [`publish`] put on the bus.
pub fn decode(payload: &[u8]) -> Option<Message> {
    let event: ServerMessage = serde_json::from_slice(payload).ok()?;
    Some(match event.seq {
        Some(seq) => Message::event(event, seq),
        // What friends do is no event of the receiver's log.
        None => Message::reply(event),
    })
}

/// What a write returns, and what its user's connections are told of it.
pub struct Told<T> {
    /// For whoever asked.
    pub value: T,
    /// Events of the user's log, in their order.
    pub events: Vec<ServerMessage>,
}

impl<T> From<T> for Told<T> {
    /// Nothing that timers show.
    fn from(value: T) -> Self {
        Self { value, events: vec![] }
    }
}

/// What comes after a write, for the writer: publish to all of the user's connections, then answer. And the answer.
pub fn telling<T, E>(
    hub: Hub,
    user: UserId,
) -> (
    impl FnOnce(Result<Told<T>, E>) + Send + 'static,
    impl Future<Output = Result<T, E>>,
)
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let after = move |result: Result<Told<T>, E>| {
        let result = result.map(|told| {
            for event in &told.events {
                publish(&hub, &user, event, None);
            }
            told.value
        });
        // The caller may have gone meanwhile; the work is done all the same.
        drop(sender.send(result));
    };
    let answer = async { receiver.await.unwrap_or_else(|_| Err(StoreError::Closed.into())) };
    (after, answer)
}
