//! The bus between nodes: NATS core, a subject for every room, subscribed only while the node has somebody in it.

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

/// A connection that does not answer for three of these is taken for broken.
const PING: Duration = Duration::from_secs(5);
/// The most bytes that wait to be handed to the connection; beyond, frames are dropped and reported as lost.
const QUEUED_BYTES: usize = 64 * 1_024 * 1_024;

/// What subjects and the connection are called.
const NAME: &str = "hub";

/// Why there is no bus.
pub type NatsError = async_nats::ConnectError;

/// NATS.
pub struct NatsBus {
    shared: Arc<Shared>,
    orders: mpsc::UnboundedSender<Order>,
    barriers: AtomicU64,
}

/// What the connection's events, its driver and the hub have in common.
struct Shared {
    deliver: OnceLock<Deliver>,
    unacked: Mutex<UnackedPublishes>,
    status: watch::Sender<Status>,
    queued: AtomicUsize,
}

/// How far it is.
#[derive(Clone, Copy)]
struct Status {
    connected: bool,
    /// The last [`Order::Barrier`] that was answered.
    confirmed: u64,
}

impl NatsBus {
    /// Connects, and stays connected; `options` say as whom. `namespace` keeps apart what shares the servers: nodes of
    /// one namespace receive each other's frames.
    ///
    /// # Errors
    /// [`NatsError`], where none of the servers can be reached now. Later, a connection that breaks is made anew.
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
            // The hub has delivered on this node what it publishes.
            .no_echo()
            .ping_interval(PING)
            .request_timeout(Some(PING))
            .event_callback(move |event| {
                if let Some(shared) = events.upgrade() {
                    shared.on_event(&event);
                }
                if let Some(wake) = wake.upgrade() {
                    // An error says that the driver is gone, and with it the bus.
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
            // The sender is held here, so there is no error.
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
                // Whoever comes from now on waits for the new connection; who came before, or goes on, starts over.
                let back = lock(&self.unacked).connect();
                self.status.send_modify(|status| status.connected = true);
                if back {
                    tracing::info!("the bus between nodes is connected again");
                    self.deliver(Arrival::Lost(&Subject::Everyone));
                }
            }
            // It does not say whose.
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
