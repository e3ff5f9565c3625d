//! How the events of a user's timers reach that user's connections.

use crate::hub::{ConnectionId, Hub, Message, Render};
use protocol::{
    id::UserId,
    wire::{Rendering, ServerMessage},
};

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

/// Reads what [`publish`] put on the bus.
pub fn decode(payload: &[u8]) -> Option<Message> {
    let event: ServerMessage = serde_json::from_slice(payload).ok()?;
    let seq = event.seq?;
    Some(Message::event(event, seq))
}
