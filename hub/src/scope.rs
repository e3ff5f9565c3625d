//! What the hub requires of a protocol's rooms and streams.

use crate::{Message, PresenceDiff, RoomId, StreamId};
use futures_util::future::BoxFuture;

/// Why a stream's events cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The stream does not reach back so far, or has not reached the position.
    #[error("the stream does not reach back so far")]
    TooOld,
    /// It cannot be read now, such as when the database does not answer.
    #[error("the stream cannot be read now")]
    Unavailable,
}

/// The handler of the rooms and streams of one [`crate::Scope`]. The defaults are for scopes whose messages are
/// [`Message::text`], [`Message::binary`] or [`Message::json`], without streams.
pub trait ScopeHandler: Send + Sync + 'static {
    /// Decodes a message that [`crate::Render::encode`] wrote on another node. `room` is the room that it was sent to, if
    /// any. `None`: it is invalid and counts as lost.
    fn decode(&self, _room: Option<&RoomId>, payload: &[u8]) -> Option<Message> {
        Message::decode_fixed(payload)
    }

    /// The events of a stream after number `after`, oldest first, without gaps. An event must be committed before it is
    /// published, since receivers may fetch it at once.
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

    /// The message for a room's members on each node when a device enters or leaves; `None`: no message.
    fn presence_changed(&self, _room: &RoomId, _diff: &PresenceDiff) -> Option<Message> {
        None
    }
}

/// A scope with the defaults.
pub struct PlainScope;

impl ScopeHandler for PlainScope {}
