//! What names a stream of events.

use std::fmt;

/// A stream: a durable, consecutively numbered log of events with one kind of reader (DESIGN.md, idea 4). Stored as
/// `scope:key`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(String);

impl StreamId {
    /// The stream of a protocol or a part of it (`scope`, without a colon) with a key of its own.
    pub fn new(scope: &'static str, key: &str) -> Self {
        Self(format!("{scope}:{key}"))
    }

    pub(super) fn stored(text: String) -> Self {
        Self(text)
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key, where the stream is of this scope.
    pub fn key_in(&self, scope: &str) -> Option<&str> {
        self.0.strip_prefix(scope)?.strip_prefix(':')
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
