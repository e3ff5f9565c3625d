//! How what is published reaches the nodes that hold a connection for it.

use bytes::Bytes;
use std::sync::{Arc, OnceLock};

/// Takes what arrives for a subject.
pub type Deliver = Arc<dyn Fn(&str, Bytes) + Send + Sync>;

/// Carries frames between nodes. What is published by one caller arrives in that order.
pub trait Bus: Send + Sync + 'static {
    /// Names who takes what arrives; called once, by the hub.
    fn start(&self, deliver: Deliver);
    /// Sends a frame to every node that subscribed, this one included. Never waits.
    fn publish(&self, subject: &str, frame: Bytes);
    /// This node wants the subject from now on.
    fn subscribe(&self, subject: &str);
    /// This node no longer wants the subject.
    fn unsubscribe(&self, subject: &str);
}

/// The bus of a single node: what is published is delivered on the spot.
#[derive(Default)]
pub struct LocalBus {
    deliver: OnceLock<Deliver>,
}

impl Bus for LocalBus {
    fn start(&self, deliver: Deliver) {
        // A bus serves one hub; a second one would get nothing.
        let _ = self.deliver.set(deliver);
    }

    fn publish(&self, subject: &str, frame: Bytes) {
        if let Some(deliver) = self.deliver.get() {
            deliver(subject, frame);
        }
    }

    // The hub looks its rooms up itself: there is nobody else to keep frames from.
    fn subscribe(&self, _subject: &str) {}
    fn unsubscribe(&self, _subject: &str) {}
}
