//! How what is published reaches the other nodes that hold a connection for it.

use bytes::Bytes;
use std::sync::Arc;

/// What a bus brings.
pub enum Arrival<'a> {
    /// A frame for a subject, from another node.
    Frame(&'a str, Bytes),
    /// Frames of this subject were lost, or came too late to be kept: whoever listens has to start over.
    Lost(&'a str),
}

/// Takes what arrives.
pub type Deliver = Arc<dyn Fn(Arrival<'_>) + Send + Sync>;

/// Carries frames to other nodes; the hub has delivered them on its own already. What is published by one caller
/// arrives in that order, or its subject is told as [`Arrival::Lost`].
pub trait Bus: Send + Sync + 'static {
    /// Whether there are other nodes: nothing is encoded for a bus that goes nowhere.
    fn has_peers(&self) -> bool;
    /// Names who takes what arrives; called once, by the hub.
    fn start(&self, deliver: Deliver);
    /// Sends a frame to every other node that subscribed. Never waits.
    fn publish(&self, subject: &str, frame: Bytes);
    /// This node wants the subject from now on.
    fn subscribe(&self, subject: &str);
    /// This node no longer wants the subject.
    fn unsubscribe(&self, subject: &str);
}

/// The bus of a single node: there is nobody else.
#[derive(Default)]
pub struct LocalBus;

impl Bus for LocalBus {
    fn has_peers(&self) -> bool {
        false
    }
    fn start(&self, _deliver: Deliver) {}
    fn publish(&self, _subject: &str, _frame: Bytes) {}
    fn subscribe(&self, _subject: &str) {}
    fn unsubscribe(&self, _subject: &str) {}
}
