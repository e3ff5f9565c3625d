//! Executes the hub's orders on NATS, in order.

use super::{Arrival, NAME, Shared, Subject};
use crate::sync::lock;
use async_nats::{Client, RequestErrorKind, Subscriber};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, future::BoxFuture};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
};
use tokio::sync::{mpsc, oneshot};

/// Maximum of orders that are executed in one batch.
const BATCH: usize = 256;

/// An order of the hub.
pub(super) enum Order {
    Publish(Subject, Bytes),
    Subscribe(Subject),
    Unsubscribe(Subject),
    /// Confirms, by its number, that the server has processed all earlier orders.
    Barrier(u64),
    /// A loss may have to be reported.
    Report,
}

pub(super) struct Driver {
    client: Client,
    namespace: String,
    shared: Arc<Shared>,
    /// The stop signal of each subscription, by subject.
    subscriptions: HashMap<Subject, oneshot::Sender<()>>,
    /// The newest barrier with a waiter.
    wanted: u64,
}

/// A barrier that is in flight.
struct Barrier {
    number: u64,
    generation: u64,
    answered: BoxFuture<'static, bool>,
}

impl Driver {
    pub(super) fn new(client: Client, namespace: &str, shared: Arc<Shared>) -> Self {
        Self {
            client,
            namespace: token(namespace),
            shared,
            subscriptions: HashMap::new(),
            wanted: 0,
        }
    }

    /// Runs until the bus is dropped.
    pub(super) async fn run(mut self, mut waiting: mpsc::UnboundedReceiver<Order>) {
        let mut orders = Vec::with_capacity(BATCH);
        let mut barrier: Option<Barrier> = None;
        loop {
            let answered = async {
                match &mut barrier {
                    Some(barrier) => barrier.answered.as_mut().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                count = waiting.recv_many(&mut orders, BATCH) => {
                    if count == 0 {
                        return;
                    }
                    for order in orders.drain(..) {
                        self.execute(order).await;
                    }
                    self.report_losses().await;
                    // A request on a broken connection is not answered.
                    barrier = barrier.filter(|barrier| lock(&self.shared.unacked).is_current(barrier.generation));
                }
                answered = answered => if let Some(barrier) = barrier.take() {
                    self.on_barrier(barrier.number, barrier.generation, answered).await;
                },
            }
            if barrier.is_none() {
                barrier = self.send_barrier();
            }
        }
    }

    async fn execute(&mut self, order: Order) {
        match order {
            Order::Publish(subject, frame) => {
                let bytes = frame.len();
                self.publish(&subject, frame).await;
                self.shared.queued.fetch_sub(bytes, Ordering::Relaxed);
            }
            Order::Subscribe(subject) => self.subscribe(subject).await,
            // Dropping it ends the task that forwards the subscription.
            Order::Unsubscribe(subject) => drop(self.subscriptions.remove(&subject)),
            Order::Barrier(number) => self.wanted = self.wanted.max(number),
            Order::Report => {}
        }
    }

    async fn publish(&self, subject: &Subject, frame: Bytes) {
        if !lock(&self.shared.unacked).publish(subject) {
            return;
        }
        if let Err(error) = self.client.publish(self.subject(subject), frame).await {
            tracing::error!(%error, "a message cannot be published to other nodes");
            lock(&self.shared.unacked).record_loss(subject.clone());
        }
    }

    /// Publishes the losses of this node: an empty frame on each subject.
    async fn report_losses(&self) {
        let lost = lock(&self.shared.unacked).take_lost();
        for subject in lost {
            self.publish(&subject, Bytes::new()).await;
        }
    }

    async fn subscribe(&mut self, subject: Subject) {
        match self.client.subscribe(self.subject(&subject)).await {
            Ok(subscriber) => {
                let (stop, stopped) = oneshot::channel();
                tokio::spawn(forward(subscriber, subject.clone(), self.shared.clone(), stopped));
                self.subscriptions.insert(subject, stop);
            }
            Err(error) => tracing::error!(%error, "cannot subscribe to what other nodes publish"),
        }
    }

    /// Sends a barrier if there is something for it to acknowledge.
    fn send_barrier(&self) -> Option<Barrier> {
        let confirmed = self.shared.status.borrow().confirmed;
        let mut unacked = lock(&self.shared.unacked);
        if !unacked.is_connected() || (confirmed >= self.wanted && !unacked.needs_barrier()) {
            return None;
        }
        // No client responds to the subject: the server answers so at once, after all earlier frames.
        let (client, subject) = (self.client.clone(), format!("{NAME}.{}.barrier", self.namespace));
        let answered = async move {
            match client.request(subject, Bytes::new()).await {
                Ok(_) => true,
                Err(error) => error.kind() == RequestErrorKind::NoResponders,
            }
        };
        Some(Barrier {
            number: self.wanted,
            generation: unacked.barrier(),
            answered: answered.boxed(),
        })
    }

    async fn on_barrier(&self, number: u64, generation: u64, answered: bool) {
        let current = {
            let connections = self.client.statistics().connects.load(Ordering::Relaxed);
            let mut unacked = lock(&self.shared.unacked);
            if answered && unacked.ack(generation, connections) {
                self.shared.status.send_modify(|status| status.confirmed = number);
            }
            unacked.is_current(generation)
        };
        if !answered && current {
            tracing::error!("the bus between nodes does not answer: connecting anew");
            // An error means that a reconnect is in progress.
            let _ = self.client.force_reconnect().await;
        }
    }

    /// The NATS subject.
    fn subject(&self, subject: &Subject) -> String {
        let namespace = &self.namespace;
        match subject {
            Subject::Everyone => format!("{NAME}.{namespace}.everyone"),
            Subject::Presence => format!("{NAME}.{namespace}.presence"),
            Subject::Topic(topic) => format!("{NAME}.{namespace}.topic.{}", token(topic.0)),
            Subject::Room(room) => format!("{NAME}.{namespace}.room.{}.{}", room.scope().name(), token(room.key())),
        }
    }
}

/// Forwards the messages of a subscription until it is stopped.
async fn forward(
    mut subscriber: Subscriber,
    subject: Subject,
    shared: Arc<Shared>,
    mut stopped: oneshot::Receiver<()>,
) {
    loop {
        tokio::select! {
            biased;
            // Sent or dropped: both stop the subscription.
            _ = &mut stopped => break,
            message = subscriber.next() => match message {
                Some(message) if message.payload.is_empty() => shared.deliver(Arrival::Lost(&subject)),
                Some(message) => shared.deliver(Arrival::Frame(&subject, message.payload)),
                None => return,
            },
        }
    }
    if let Err(error) = subscriber.unsubscribe().await {
        tracing::debug!(%error, "a subscription has ended already");
    }
}

/// Encodes any text as a token of a subject, in which dots, stars and blanks have a meaning, with a bounded length.
fn token(text: &str) -> String {
    if text.len() <= 96 {
        BASE64_URL_SAFE_NO_PAD.encode(text)
    } else {
        // No token of the other kind begins with this.
        format!("~{}", BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text)))
    }
}
