//! The bus over core NATS: one subject per room, subscribed only while the node has a connection in the room.

mod driver;

use super::{Arrival, Bus, Deliver, Subject, unacked::UnackedPublishes};
use crate::sync::lock;
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

/// A connection that does not answer for three of these intervals is considered broken.
const PING: Duration = Duration::from_secs(5);
/// Maximum of bytes that wait to be handed to the connection; further frames are dropped and reported as lost.
const QUEUED_BYTES: usize = 64 * 1_024 * 1_024;

/// The prefix of subjects and the name of the connection.
const NAME: &str = "hub";

/// Why the bus could not be connected.
pub type NatsError = async_nats::ConnectError;

/// A bus over NATS.
pub struct NatsBus {
    shared: Arc<Shared>,
    orders: mpsc::UnboundedSender<Order>,
    barriers: AtomicU64,
}

/// State shared by the connection's event callback, the driver and the hub.
struct Shared {
    deliver: OnceLock<Deliver>,
    unacked: Mutex<UnackedPublishes>,
    status: watch::Sender<Status>,
    queued: AtomicUsize,
}

/// The state of the connection and of the orders.
#[derive(Clone, Copy)]
struct Status {
    connected: bool,
    /// The last [`Order::Barrier`] that was answered.
    confirmed: u64,
}

impl NatsBus {
    /// Connects, and stays connected. `options` hold the credentials. `namespace` separates deployments that share the
    /// servers: only nodes of one namespace receive each other's frames.
    ///
    /// # Errors
    /// [`NatsError`] if no server can be reached now. A connection that breaks later is re-established.
    pub async fn connect(servers: &[ServerAddr], options: ConnectOptions, namespace: &str) -> Result<Self, NatsError> {
        let (orders, waiting) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            deliver: OnceLock::new(),
            unacked: Mutex::new(UnackedPublishes::connected()),
            status: watch::Sender::new(Status {
                connected: true,
                confirmed: 0,
            }),
            queued: AtomicUsize::new(0),
        });
        let (events, wake) = (Arc::downgrade(&shared), orders.downgrade());
        let options = options
            .name(NAME)
            // The hub has already delivered on this node what it publishes.
            .no_echo()
            .ping_interval(PING)
            .request_timeout(Some(PING))
            .event_callback(move |event| {
                if let Some(shared) = events.upgrade() {
                    shared.on_event(&event);
                }
                if let Some(wake) = wake.upgrade() {
                    // An error means that the driver, and with it the bus, has ended.
                    let _ = wake.send(Order::Report);
                }
                std::future::ready(())
            });
        let client = options.connect(servers).await?;
        tokio::spawn(Driver::new(client, namespace, shared.clone()).run(waiting));
        Ok(Self {
            shared,
            orders,
            barriers: AtomicU64::new(0),
        })
    }

    fn order(&self, order: Order) {
        // The driver runs until `orders` is dropped, so there is no error.
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

    fn publish(&self, subject: &Subject, frame: Bytes) {
        let bytes = frame.len();
        let full = self.shared.queued.fetch_add(bytes, Ordering::Relaxed) > QUEUED_BYTES;
        if full {
            self.shared.queued.fetch_sub(bytes, Ordering::Relaxed);
            lock(&self.shared.unacked).record_loss(subject.clone());
        } else {
            self.order(Order::Publish(subject.clone(), frame));
        }
    }

    fn subscribe(&self, subject: &Subject) {
        self.order(Order::Subscribe(subject.clone()));
    }

    fn unsubscribe(&self, subject: &Subject) {
        self.order(Order::Unsubscribe(subject.clone()));
    }

    fn settled(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let mut status = self.shared.status.subscribe();
            let barrier = self.barriers.fetch_add(1, Ordering::SeqCst) + 1;
            self.order(Order::Barrier(barrier));
            // `self` holds the sender, so there is no error.
            let _ = status
                .wait_for(|status| !status.connected || status.confirmed >= barrier)
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

    fn on_event(&self, event: &Event) {
        match event {
            Event::Disconnected => {
                tracing::error!("the bus between nodes is disconnected: events of other nodes come late");
                lock(&self.unacked).disconnect();
                self.status.send_modify(|status| status.connected = false);
            }
            Event::Connected => {
                // Later callers wait for the new connection; earlier and current ones start over.
                let back = lock(&self.unacked).connect();
                self.status.send_modify(|status| status.connected = true);
                if back {
                    tracing::info!("the bus between nodes is connected again");
                    self.deliver(Arrival::Lost(&Subject::Everyone));
                }
            }
            // NATS does not name the subscription.
            Event::SlowConsumer(_) => self.deliver(Arrival::Lost(&Subject::Everyone)),
            Event::ServerError(error) => tracing::error!(%error, "the bus between nodes refuses something"),
            Event::LameDuckMode | Event::Draining | Event::Closed | Event::ClientError(_) => {
                tracing::warn!(%event, "the bus between nodes");
            }
        }
    }
}

#[cfg(test)]
mod tests;
