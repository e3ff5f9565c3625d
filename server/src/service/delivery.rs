//! How the events of a user's timers reach that user's connections.

use crate::hub::{ConnectionId, Hub, Message, Render};
use protocol::{
    id::UserId,
    wire::{Rendering, ServerMessage},
};
use std::sync::Arc;

impl Render for ServerMessage {
    fn render(&self, rendering: &Rendering) -> String {
        ServerMessage::render(self, rendering)
    }

    fn encode(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(self).ok()
    }
}

/// The room of all of a user's connections.
pub fn user_room(user: &UserId) -> String {
    format!("user:{user}")
}

/// Publishes an event to its user's connections, but not to `except`, which gets it as its reply.
pub fn publish(hub: &Hub, user: &UserId, event: &ServerMessage, except: Option<ConnectionId>) {
    match event.seq {
        Some(seq) => hub.publish(&user_room(user), &Arc::new(Message::event(event.clone(), seq)), except),
        // The log numbers every event, so this must not happen.
        None => tracing::error!(%user, "an event has no number"),
    }
}

/// Reads what [`publish`] put on the bus.
pub fn decode(payload: &[u8]) -> Option<Message> {
    let event: ServerMessage = serde_json::from_slice(payload).ok()?;
    let seq = event.seq?;
    Some(Message::event(event, seq))
}
