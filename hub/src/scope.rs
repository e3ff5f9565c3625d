//! What the hub asks a protocol about its rooms and streams.

use crate::{Message, PresenceDiff, RoomId, StreamId};
use futures_util::future::BoxFuture;

/// Why a stream's events cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The stream no longer reaches back so far, or has not come so far.
    #[error("the stream does not reach back so far")]
    TooOld,
    /// It cannot be read now, such as when the database does not answer.
    #[error("the stream cannot be read now")]
    Unavailable,
}

/// Answers for the rooms and streams of one [`crate::Scope`]. The defaults are those of a scope whose messages are
/// [`Message::text`], [`Message::binary`] or [`Message::json`], and that keeps no streams.
pub trait ScopeHandler: Send + Sync + 'static {
    /// Makes a message of what [`crate::Render::encode`] wrote on another node, for the room that it was sent to, where that
    /// is one. `None`: it cannot be read, and counts as lost.
    fn decode(&self, _room: Option<&RoomId>, payload: &[u8]) -> Option<Message> {
        Message::decode_fixed(payload)
    }

    /// The events of a stream after number `after`, oldest first, without gaps. Whoever is told of an event may fetch it,
    /// so it must be committed before it is published.
    ///
    /// # Errors
    /// [`FetchError`].
    fn fetch(&self, _stream: &StreamId, _after: u64) -> BoxFuture<'static, Result<Vec<Message>, FetchError>> {
        Box::pin(std::future::ready(Err(FetchError::TooOld)))
    }

    /// The number of a stream's newest event; 0 before the first.
    ///
    /// # Errors
    /// [`FetchError::Unavailable`].
    fn head(&self, _stream: &StreamId) -> BoxFuture<'static, Result<u64, FetchError>> {
        Box::pin(std::future::ready(Ok(0)))
    }

    /// What a room is told when a device comes or goes; `None`: nothing. It is sent to the members on each node.
    fn presence_changed(&self, _room: &RoomId, _diff: &PresenceDiff) -> Option<Message> {
        None
    }
}

/// A scope with the defaults.
pub struct PlainScope;

impl ScopeHandler for PlainScope {}
