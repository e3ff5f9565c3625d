//! The bus: carries messages to the other nodes that have receivers for them.

#[cfg(feature = "nats")]
mod nats;
#[cfg(feature = "nats")]
mod unacked;

#[cfg(feature = "nats")]
pub use nats::{NatsBus, NatsError};

use crate::{RoomId, Topic};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::{fmt, sync::Arc};

/// The destination of a frame on the bus.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// All connections of all nodes.
    Everyone,
    /// The connections of a room.
    Room(RoomId),
    /// The subscribers of a topic.
    Topic(Topic),
    /// The presence protocol between nodes.
    Presence,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("everyone"),
            Self::Room(room) => write!(f, "room {room}"),
            Self::Topic(topic) => write!(f, "topic {}", topic.0),
            Self::Presence => f.write_str("presence"),
        }
    }
}

/// An arrival from the bus.
pub enum Arrival<'a> {
    /// A frame of another node.
    Frame(&'a Subject, Bytes),
    /// Frames of this subject were lost, or arrived too late to be stored: dependents have to recover. For
    /// [`Subject::Everyone`]: frames of any subject.
    Lost(&'a Subject),
}

/// Handles arrivals.
pub type Deliver = Arc<dyn Fn(Arrival<'_>) + Send + Sync>;

/// Carries frames to other nodes, after the hub has delivered them on its own node. Frames that one caller publishes on
/// a subject arrive in that order, or are reported as [`Arrival::Lost`].
pub trait Bus: Send + Sync + 'static {
    /// Whether there may be other nodes. If not, nothing is encoded for the bus.
    fn has_peers(&self) -> bool;
    /// Sets the handler of arrivals; called once, by the hub.
    fn start(&self, deliver: Deliver);
    /// Sends a frame to every other node that subscribed, without waiting.
    fn publish(&self, subject: &Subject, frame: Bytes);
    /// Starts to receive the frames of a subject.
    fn subscribe(&self, subject: &Subject);
    /// Stops receiving the frames of a subject.
    fn unsubscribe(&self, subject: &Subject);
    /// Resolves when all earlier publishes are flushed and all earlier subscriptions are active; or at once while the bus
    /// is disconnected, since a reconnect is reported as a loss of everything.
    fn settled(&self) -> BoxFuture<'_, ()>;
}

/// The bus of a single node.
#[derive(Default)]
pub struct LocalBus;

impl Bus for LocalBus {
    fn has_peers(&self) -> bool {
        false
    }
    fn start(&self, _deliver: Deliver) {}
    fn publish(&self, _subject: &Subject, _frame: Bytes) {}
    fn subscribe(&self, _subject: &Subject) {}
    fn unsubscribe(&self, _subject: &Subject) {}
    fn settled(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
