//! The bus between nodes: NATS core, a subject for every room, subscribed only while the node has somebody in it.

mod driver;

use super::{Arrival, Bus, Deliver, ledger::Ledger};
use crate::hub::{EVERYBODY, shards::lock};
use async_nats::{ConnectOptions, Event, ServerAddr};
use bytes::Bytes;
use driver::{Driver, Order};
use futures_util::future::BoxFuture;
use std::{
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::{mpsc, watch};

/// A connection that does not answer for three of these is taken for broken.
const PING: Duration = Duration::from_secs(5);
/// The most bytes that wait to be handed to the connection; beyond, frames are lost, and told as lost.
const QUEUED_BYTES: usize = 64 * 1_024 * 1_024;

/// Why there is no bus.
pub type NatsError = async_nats::ConnectError;

/// NATS.
pub struct NatsBus {
    shared: Arc<Shared>,
    orders: mpsc::UnboundedSender<Order>,
    asked: AtomicU64,
}

/// What the connection's events, its driver and the hub have in common.
struct Shared {
    deliver: OnceLock<Deliver>,
    ledger: Mutex<Ledger>,
    status: watch::Sender<Status>,
    queued: AtomicUsize,
}

/// How far it is.
#[derive(Clone, Copy)]
struct Status {
    connected: bool,
    /// The last [`Order::Mark`] that was answered.
    confirmed: u64,
}

impl NatsBus {
    /// Connects, and stays connected; `options` say as whom. `namespace` keeps apart what shares the servers: nodes of
    /// one namespace hear each other.
    ///
    /// # Errors
    /// [`NatsError`], where none of the servers can be reached now. Later, a connection that breaks is made anew.
    pub async fn connect(servers: &[ServerAddr], options: ConnectOptions, namespace: &str) -> Result<Self, NatsError> {
        let (orders, waiting) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            deliver: OnceLock::new(),
            ledger: Mutex::new(Ledger::connected()),
            status: watch::Sender::new(Status {
                connected: true,
                confirmed: 0,
            }),
            queued: AtomicUsize::new(0),
        });
        let (events, wake) = (Arc::downgrade(&shared), orders.downgrade());
        let options = options
            .name("lockstep")
            // The hub has delivered on this node what it publishes.
            .no_echo()
            .ping_interval(PING)
            .request_timeout(Some(PING))
            .event_callback(move |event| {
                if let Some(shared) = events.upgrade() {
                    shared.happened(&event);
                }
                if let Some(wake) = wake.upgrade() {
                    // An error says that the driver is gone, and with it the bus.
                    let _ = wake.send(Order::Look);
                }
                std::future::ready(())
            });
        let client = options.connect(servers).await?;
        tokio::spawn(Driver::new(client, namespace, shared.clone()).run(waiting));
        Ok(Self {
            shared,
            orders,
            asked: AtomicU64::new(0),
        })
    }

    fn order(&self, order: Order) {
        // The driver ends after this, so it is there.
        let _ = self.orders.send(order);
    }
}

impl Bus for NatsBus {
    fn has_peers(&self) -> bool {
        true
    }

    fn start(&self, deliver: Deliver) {
        // Called once.
        let _ = self.shared.deliver.set(deliver);
    }

    fn publish(&self, subject: &str, frame: Bytes) {
        let subject: Arc<str> = subject.into();
        let bytes = frame.len();
        let full = self.shared.queued.fetch_add(bytes, Ordering::Relaxed) > QUEUED_BYTES;
        if full {
            self.shared.queued.fetch_sub(bytes, Ordering::Relaxed);
            lock(&self.shared.ledger).lose(subject);
        } else {
            self.order(Order::Publish(subject, frame));
        }
    }

    fn subscribe(&self, subject: &str) {
        self.order(Order::Subscribe(subject.into()));
    }

    fn unsubscribe(&self, subject: &str) {
        self.order(Order::Unsubscribe(subject.into()));
    }

    fn settled(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let mut status = self.shared.status.subscribe();
            let mark = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            self.order(Order::Mark(mark));
            // The sender is held here, so there is no error.
            let _ = status
                .wait_for(|status| !status.connected || status.confirmed >= mark)
                .await;
        })
    }
}

impl Shared {
    fn deliver(&self, arrival: Arrival<'_>) {
        if let Some(deliver) = self.deliver.get() {
            deliver(arrival);
        }
    }

    fn happened(&self, event: &Event) {
        match event {
            Event::Disconnected => {
                tracing::error!("the bus between nodes is away: what happens on other nodes is heard late");
                lock(&self.ledger).disconnect();
                self.status.send_modify(|status| status.connected = false);
            }
            Event::Connected => {
                // Whoever comes from now on waits for the new connection; who came before, or goes on, starts over.
                let back = lock(&self.ledger).connect();
                self.status.send_modify(|status| status.connected = true);
                if back {
                    tracing::info!("the bus between nodes is back");
                    self.deliver(Arrival::Lost(EVERYBODY));
                }
            }
            // It does not say whose.
            Event::SlowConsumer(_) => self.deliver(Arrival::Lost(EVERYBODY)),
            Event::ServerError(error) => tracing::error!(%error, "the bus between nodes refuses something"),
            Event::LameDuckMode | Event::Draining | Event::Closed | Event::ClientError(_) => {
                tracing::warn!(%event, "the bus between nodes");
            }
        }
    }
}

// Shared with the tests over sockets.
#[cfg(test)]
#[path = "../../../tests/api/support/nats.rs"]
mod test_server;

#[cfg(test)]
mod tests;
