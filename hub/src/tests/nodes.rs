//! Hubs of several nodes, over a bus that the test controls.

use super::support::*;
use crate::*;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

/// One node's end of a bus in memory, which delivers to the other nodes at once.
pub struct MemoryBus {
    network: Network,
    index: usize,
}

#[derive(Clone, Default)]
pub struct Network {
    nodes: Arc<Mutex<Vec<Arc<Node>>>>,
    /// Frames of these subjects are lost without a report.
    pub silent: Arc<Mutex<HashSet<Subject>>>,
}

#[derive(Default)]
pub struct Node {
    deliver: OnceLock<Deliver>,
    subscribed: Mutex<HashSet<Subject>>,
}

impl Network {
    /// A hub on a new node.
    pub fn node(&self, handler: impl ScopeHandler) -> Hub {
        let index = {
            let mut nodes = self.nodes.lock().unwrap();
            nodes.push(Arc::default());
            nodes.len() - 1
        };
        let network = self.clone();
        hub_with(MemoryBus { network, index }, handler).0
    }

    /// Delivers an arrival to a node.
    pub fn deliver(&self, node: usize, arrival: Arrival<'_>) {
        let node = self.nodes.lock().unwrap()[node].clone();
        node.deliver.get().unwrap()(arrival);
    }

    /// Disconnects a node from all others, as a crash does.
    pub fn cut(&self, node: usize) {
        self.nodes.lock().unwrap()[node] = Arc::default();
    }

    fn is_subscribed(&self, node: usize, subject: &Subject) -> bool {
        self.nodes.lock().unwrap()[node]
            .subscribed
            .lock()
            .unwrap()
            .contains(subject)
    }
}

impl Bus for MemoryBus {
    fn has_peers(&self) -> bool {
        true
    }
    fn start(&self, deliver: Deliver) {
        let node = self.network.nodes.lock().unwrap()[self.index].clone();
        assert!(node.deliver.set(deliver).is_ok());
    }
    fn publish(&self, subject: &Subject, frame: Bytes) {
        if self.network.silent.lock().unwrap().contains(subject) {
            return;
        }
        let nodes = self.network.nodes.lock().unwrap().clone();
        if nodes[self.index].deliver.get().is_none() {
            return;
        }
        for (index, node) in nodes.iter().enumerate() {
            let wanted = index != self.index && node.subscribed.lock().unwrap().contains(subject);
            if let (true, Some(deliver)) = (wanted, node.deliver.get()) {
                deliver(Arrival::Frame(subject, frame.clone()));
            }
        }
    }
    fn subscribe(&self, subject: &Subject) {
        let node = self.network.nodes.lock().unwrap()[self.index].clone();
        node.subscribed.lock().unwrap().insert(subject.clone());
    }
    fn unsubscribe(&self, subject: &Subject) {
        let node = self.network.nodes.lock().unwrap()[self.index].clone();
        node.subscribed.lock().unwrap().remove(subject);
    }
    fn settled(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

fn code(connection: &Connection) -> Option<CloseCode> {
    connection.handle().closing().map(|close| close.code)
}

#[tokio::test]
async fn messages_reach_the_rooms_of_other_nodes_once() {
    let network = Network::default();
    let (first, second) = (network.node(PlainScope), network.node(PlainScope));
    let (local, mut remote, other) = (member(&first, "ada"), member(&second, "ada"), member(&second, "eve"));
    first.to_room(&room("ada"), &text("hi"), Some(local.id()));
    assert_eq!((received(&local), received(&remote)), (vec![], vec!["hi".to_owned()]));
    remote.join(&room("eve")).unwrap();
    first.broadcast(Audience::Rooms(&[room("ada"), room("eve")]), &text("rooms"), None);
    first.broadcast(Audience::Everyone(TEST), &text("all"), None);
    for connection in [&local, &remote, &other] {
        assert_eq!(received(connection), ["rooms", "all"]);
    }
    drop((remote, other));
    assert!(
        !network.is_subscribed(1, &Subject::Room(room("ada"))),
        "an empty room is not subscribed"
    );
}

#[tokio::test]
async fn eviction_applies_to_all_nodes() {
    let network = Network::default();
    let (first, second) = (network.node(PlainScope), network.node(PlainScope));
    let mut remote = member(&second, "note");
    remote.identify("ada");
    first.evict(&room("note"), "ada");
    assert!(remote.rooms().is_empty());
}

#[tokio::test]
async fn loss_in_a_room_closes_the_connections_of_that_room() {
    let network = Network::default();
    let hub = network.node(PlainScope);
    let (ada, eve) = (member(&hub, "ada"), member(&hub, "eve"));
    network.deliver(0, Arrival::Lost(&Subject::Room(room("ada"))));
    assert_eq!((code(&ada), code(&eve)), (Some(CloseCode::SLOW_CONSUMER), None));
    network.deliver(
        0,
        Arrival::Frame(&Subject::Room(room("eve")), Bytes::from_static(b"\x01short")),
    );
    assert_eq!(
        code(&eve),
        Some(CloseCode::SLOW_CONSUMER),
        "an undecodable frame counts as a loss"
    );
}

/// A message that [`PlainScope`] cannot decode.
struct Foreign;

impl Render for Foreign {
    fn render(&self, _: &Format) -> Payload {
        Payload::Text("foreign".to_owned())
    }
    fn encode(&self) -> Option<Vec<u8>> {
        Some(b"?".to_vec())
    }
}

#[tokio::test]
async fn message_of_an_unknown_protocol_closes_nothing() {
    const OTHER: Scope = Scope::new("other");
    let network = Network::default();
    let (first, second) = (network.node(PlainScope), network.node(PlainScope));
    let ada = member(&second, "ada");
    first.broadcast(Audience::Everyone(OTHER), &Arc::new(Message::new(Foreign)), None);
    first.broadcast(Audience::Everyone(TEST), &text("readable"), None);
    assert_eq!((received(&ada), code(&ada)), (vec!["readable".to_owned()], None));
}

#[tokio::test(start_paused = true)]
async fn loss_of_everything_closes_connections_spread_over_five_seconds() {
    let network = Network::default();
    let hub = network.node(PlainScope);
    let connections: Vec<_> = (0..100).map(|_| member(&hub, "ada")).collect();
    let closed = || {
        connections
            .iter()
            .filter(|connection| code(connection).is_some())
            .count()
    };
    network.deliver(0, Arrival::Lost(&Subject::Everyone));
    tokio::time::sleep(Duration::from_millis(2_450)).await;
    assert!(
        (40..60).contains(&closed()),
        "{} of 100 after half of the time",
        closed()
    );
    tokio::time::sleep(Duration::from_millis(2_600)).await;
    assert_eq!(closed(), 100);
}

#[tokio::test]
async fn topic_events_reach_subscribers_and_no_connection() {
    const NAMES: Topic = Topic("names");
    let network = Network::default();
    let (first, second) = (network.node(PlainScope), network.node(PlainScope));
    let events = Arc::new(Mutex::new(vec![]));
    let recorded = events.clone();
    second.subscribe_topic(NAMES, move |event| {
        recorded.lock().unwrap().push(match event {
            TopicEvent::Message(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            TopicEvent::Lost => "lost".to_owned(),
        });
    });
    let connection = member(&second, "names");
    first.publish_topic(NAMES, || b"ada".to_vec());
    network.deliver(1, Arrival::Lost(&Subject::Topic(NAMES)));
    assert!(
        connection.handle().closing().is_none(),
        "a room of the same name is another subject"
    );
    network.deliver(1, Arrival::Lost(&Subject::Everyone));
    assert_eq!(*events.lock().unwrap(), ["ada", "lost", "lost"]);
    hub()
        .0
        .publish_topic(NAMES, || panic!("encoded although there are no other nodes"));
}
