//! Carries out what the hub asks of NATS, in the order in which it asks.

use super::{Arrival, Shared};
use crate::hub::shards::lock;
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

/// Orders that are taken at once.
const BATCH: usize = 256;

/// What is asked.
pub(super) enum Order {
    Publish(Arc<str>, Bytes),
    Subscribe(Arc<str>),
    Unsubscribe(Arc<str>),
    /// Tells, by its number, that the server has taken all that was asked before.
    Mark(u64),
    /// Something may have to be told now.
    Look,
}

pub(super) struct Driver {
    client: Client,
    namespace: String,
    shared: Arc<Shared>,
    /// What stops each subscription, by subject.
    subscriptions: HashMap<Arc<str>, oneshot::Sender<()>>,
    /// The newest mark that somebody waits for.
    wanted: u64,
}

/// A mark that is under way.
struct Mark {
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

    /// Runs until nobody can order any more.
    pub(super) async fn run(mut self, mut waiting: mpsc::UnboundedReceiver<Order>) {
        let mut orders = Vec::with_capacity(BATCH);
        let mut mark: Option<Mark> = None;
        loop {
            let answered = async {
                match &mut mark {
                    Some(mark) => mark.answered.as_mut().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                count = waiting.recv_many(&mut orders, BATCH) => {
                    if count == 0 {
                        return;
                    }
                    for order in orders.drain(..) {
                        self.carry_out(order).await;
                    }
                    self.tell_lost().await;
                    // What was asked of a connection that broke is not answered.
                    mark = mark.filter(|mark| lock(&self.shared.ledger).stands(mark.generation));
                }
                answered = answered => if let Some(mark) = mark.take() {
                    self.marked(mark.number, mark.generation, answered).await;
                },
            }
            if mark.is_none() {
                mark = self.mark();
            }
        }
    }

    async fn carry_out(&mut self, order: Order) {
        match order {
            Order::Publish(subject, frame) => {
                let bytes = frame.len();
                self.publish(&subject, frame).await;
                self.shared.queued.fetch_sub(bytes, Ordering::Relaxed);
            }
            Order::Subscribe(subject) => self.subscribe(subject).await,
            // The other end of it sees that this one is gone.
            Order::Unsubscribe(subject) => drop(self.subscriptions.remove(&subject)),
            Order::Mark(number) => self.wanted = self.wanted.max(number),
            Order::Look => {}
        }
    }

    async fn publish(&self, subject: &Arc<str>, frame: Bytes) {
        if !lock(&self.shared.ledger).publish(subject) {
            return;
        }
        if let Err(error) = self.client.publish(self.subject(subject), frame).await {
            tracing::error!(%error, "a message cannot be published to other nodes");
            lock(&self.shared.ledger).lose(subject.clone());
        }
    }

    /// Tells other nodes of which subjects they missed something: a frame without content.
    async fn tell_lost(&self) {
        let lost = lock(&self.shared.ledger).take_lost();
        for subject in lost {
            self.publish(&subject, Bytes::new()).await;
        }
    }

    async fn subscribe(&mut self, subject: Arc<str>) {
        match self.client.subscribe(self.subject(&subject)).await {
            Ok(subscriber) => {
                let (stop, stopped) = oneshot::channel();
                tokio::spawn(forward(subscriber, subject.clone(), self.shared.clone(), stopped));
                self.subscriptions.insert(subject, stop);
            }
            Err(error) => tracing::error!(%error, "what other nodes publish cannot be heard"),
        }
    }

    /// Sends a mark, where one would tell something.
    fn mark(&self) -> Option<Mark> {
        let confirmed = self.shared.status.borrow().confirmed;
        let mut ledger = lock(&self.shared.ledger);
        if !ledger.is_connected() || (confirmed >= self.wanted && !ledger.has_unmarked()) {
            return None;
        }
        // Nobody answers it but the server, which says so at once, after all that came before.
        let (client, subject) = (self.client.clone(), format!("lockstep.{}.mark", self.namespace));
        let answered = async move {
            match client.request(subject, Bytes::new()).await {
                Ok(_) => true,
                Err(error) => error.kind() == RequestErrorKind::NoResponders,
            }
        };
        Some(Mark {
            number: self.wanted,
            generation: ledger.mark(),
            answered: answered.boxed(),
        })
    }

    async fn marked(&self, number: u64, generation: u64, answered: bool) {
        let stands = {
            let connections = self.client.statistics().connects.load(Ordering::Relaxed);
            let mut ledger = lock(&self.shared.ledger);
            if answered && ledger.confirm(generation, connections) {
                self.shared.status.send_modify(|status| status.confirmed = number);
            }
            ledger.stands(generation)
        };
        if !answered && stands {
            tracing::error!("the bus between nodes does not answer: connecting anew");
            // An error says that it is being done.
            let _ = self.client.force_reconnect().await;
        }
    }

    fn subject(&self, subject: &str) -> String {
        format!("lockstep.{}.room.{}", self.namespace, token(subject))
    }
}

/// Hands over what comes, until it is stopped.
async fn forward(
    mut subscriber: Subscriber,
    subject: Arc<str>,
    shared: Arc<Shared>,
    mut stopped: oneshot::Receiver<()>,
) {
    loop {
        tokio::select! {
            biased;
            // Dropped or not: it is to stop.
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

/// Any text as a part of a subject, in which dots, stars and blanks have a meaning, and which must not be long.
fn token(text: &str) -> String {
    if text.len() <= 96 {
        BASE64_URL_SAFE_NO_PAD.encode(text)
    } else {
        // No text of the other kind begins with this.
        format!("~{}", BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text)))
    }
}
