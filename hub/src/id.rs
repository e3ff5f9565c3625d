//! The names of scopes, rooms, streams, topics and connections.

use std::{fmt, sync::Arc};
use uuid::Uuid;

/// Maximum of bytes in a scope's name.
const SCOPE_BYTES: usize = 32;

/// A namespace of rooms and streams, usually one for each protocol: rooms of two protocols differ, even with equal keys.
/// A scope is a constant in the source, never taken from a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(&'static str);

impl Scope {
    /// A scope of 1 to 32 lowercase ASCII letters, digits and hyphens.
    ///
    /// # Panics
    /// For any other name; in a constant, this is a compile error.
    pub const fn new(name: &'static str) -> Self {
        let bytes = name.as_bytes();
        assert!(
            !bytes.is_empty() && bytes.len() <= SCOPE_BYTES,
            "a scope has 1 to 32 bytes"
        );
        let mut index = 0;
        while index < bytes.len() {
            let byte = bytes[index];
            assert!(
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-',
                "a scope has lowercase letters, digits and hyphens"
            );
            index += 1;
        }
        Self(name)
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// A room: a set of connections that receive the messages sent to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId {
    scope: Scope,
    key: Arc<str>,
}

impl RoomId {
    /// The room with this key in a scope. The key may be any text, such as a user's id.
    pub fn new(scope: Scope, key: impl Into<Arc<str>>) -> Self {
        Self { scope, key: key.into() }
    }

    /// The namespace.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// The name within the scope.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Display for RoomId {
    /// `scope:key`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scope.0, self.key)
    }
}

/// A durable log of events with consecutive numbers from 1. Its subscribers are the connections in the room of the same
/// scope and key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(RoomId);

impl StreamId {
    /// The stream with this key in a scope.
    pub fn new(scope: Scope, key: impl Into<Arc<str>>) -> Self {
        Self(RoomId::new(scope, key))
    }

    /// The room of its subscribers.
    pub fn room(&self) -> &RoomId {
        &self.0
    }

    /// The namespace.
    pub fn scope(&self) -> Scope {
        self.0.scope
    }

    /// The name within the scope.
    pub fn key(&self) -> &str {
        &self.0.key
    }
}

impl From<RoomId> for StreamId {
    /// The stream whose subscribers are in this room.
    fn from(room: RoomId) -> Self {
        Self(room)
    }
}

impl fmt::Display for StreamId {
    /// `scope:key`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A topic for messages between nodes rather than to connections, such as the invalidation of cached values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic(pub &'static str);

/// The id of a connection, unique over all nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct ConnectionId(pub(crate) Uuid);

impl ConnectionId {
    pub(crate) fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_of_two_scopes_differ_even_with_equal_keys() {
        const TIMERS: Scope = Scope::new("timers");
        const EVENTS: Scope = Scope::new("events");
        assert_ne!(RoomId::new(TIMERS, "ada"), RoomId::new(EVENTS, "ada"));
        assert_eq!(StreamId::new(TIMERS, "ada").room(), &RoomId::new(TIMERS, "ada"));
        assert_eq!(RoomId::new(TIMERS, "*:>").to_string(), "timers:*:>");
    }

    #[test]
    #[should_panic(expected = "lowercase")]
    fn scope_with_a_dot_is_refused() {
        Scope::new("timers.ada");
    }
}
