//! How messages reach the other nodes that hold a connection for them.

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

/// What a frame on the bus is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// All connections of all nodes.
    Everyone,
    /// The connections of a room.
    Room(RoomId),
    /// The listeners of a topic.
    Topic(Topic),
    /// What nodes tell each other of presence.
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

/// What a bus brings.
pub enum Arrival<'a> {
    /// A frame of another node.
    Frame(&'a Subject, Bytes),
    /// Frames of this subject were lost, or came too late to be kept: whatever depends on them has to recover. For
    /// [`Subject::Everyone`], of any subject.
    Lost(&'a Subject),
}

/// Takes what arrives.
pub type Deliver = Arc<dyn Fn(Arrival<'_>) + Send + Sync>;

/// Carries frames to other nodes; the hub has delivered them on its own node already. What one caller publishes on a
/// subject arrives in that order, or is reported as [`Arrival::Lost`].
pub trait Bus: Send + Sync + 'static {
    /// Whether there may be other nodes: nothing is encoded for a bus that goes nowhere.
    fn has_peers(&self) -> bool;
    /// Sets what takes arrivals; called once, by the hub.
    fn start(&self, deliver: Deliver);
    /// Sends a frame to every other node that subscribed, without waiting.
    fn publish(&self, subject: &Subject, frame: Bytes);
    /// This node wants the subject from now on.
    fn subscribe(&self, subject: &Subject);
    /// This node no longer wants the subject.
    fn unsubscribe(&self, subject: &Subject);
    /// Resolves when all earlier publishes are flushed and all earlier subscriptions are active; or at once while the bus
    /// is disconnected, since its return is reported as a loss of everything.
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
