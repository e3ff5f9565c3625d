//! How what is published reaches the other nodes that hold a connection for it.

mod ledger;
mod nats;

pub use nats::{NatsBus, NatsError};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// What a bus brings.
pub enum Arrival<'a> {
    /// A frame for a subject, from another node.
    Frame(&'a str, Bytes),
    /// Frames of this subject were lost, or came too late to be kept: whoever listens has to start over. Of the
    /// subject for everybody: of any subject.
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
    /// Returns once what was published so far is on its way and what was subscribed so far is heard; or once the bus
    /// is away, since its return is told as a loss of everything.
    fn settled(&self) -> BoxFuture<'_, ()>;
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
    fn settled(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
