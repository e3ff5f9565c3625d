//! The bus over a real NATS server, and over connections that break.

use super::*;
use crate::{RoomId, Scope};
use std::net::SocketAddr;
use testkit::NatsServer;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinSet,
    time::timeout,
};

const TIMEOUT: Duration = Duration::from_secs(20);

fn room(key: &str) -> Subject {
    Subject::Room(RoomId::new(Scope::new("test"), key))
}

fn key(subject: &Subject) -> String {
    match subject {
        Subject::Room(room) => room.key().to_owned(),
        other => other.to_string(),
    }
}

/// One node's end of the bus.
struct Node {
    bus: NatsBus,
    arrivals: UnboundedReceiver<String>,
}

impl Node {
    async fn of(address: SocketAddr, namespace: &str) -> Self {
        let server = format!("nats://{address}").parse().unwrap();
        let bus = NatsBus::connect(&[server], ConnectOptions::new(), namespace)
            .await
            .unwrap();
        let (sender, arrivals) = unbounded_channel();
        bus.start(Arc::new(move |arrival| {
            // The receiver is dropped when the test ends.
            let _ = sender.send(match arrival {
                Arrival::Frame(subject, frame) => format!("{}: {}", key(subject), String::from_utf8_lossy(&frame)),
                Arrival::Lost(subject) => format!("{} lost", key(subject)),
            });
        }));
        Self { bus, arrivals }
    }

    async fn subscribed(address: SocketAddr, subject: &str) -> Self {
        let node = Self::of(address, "test").await;
        node.bus.subscribe(&room(subject));
        node.bus.settled().await;
        node
    }

    fn publish(&self, subject: &str, text: &str) {
        self.bus
            .publish(&room(subject), Bytes::copy_from_slice(text.as_bytes()));
    }

    async fn next(&mut self) -> String {
        timeout(TIMEOUT, self.arrivals.recv())
            .await
            .expect("nothing arrived")
            .unwrap()
    }

    /// Waits until the connection to NATS is up (`true`) or down (`false`).
    async fn wait_connected(&self, connected: bool) {
        let mut status = self.bus.shared.status.subscribe();
        let known = status.wait_for(|status| status.connected == connected);
        timeout(TIMEOUT, known).await.unwrap().unwrap();
    }
}

/// A proxy to the server that can be blocked and cut.
struct Proxy {
    address: SocketAddr,
    open: watch::Sender<bool>,
    connections: Arc<Mutex<JoinSet<()>>>,
}

impl Proxy {
    async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (open, is_open) = watch::channel(true);
        let connections = Arc::new(Mutex::new(JoinSet::new()));
        let accepted = connections.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // If the server is unreachable, the connection ends.
                let Ok(server) = TcpStream::connect(server).await else {
                    continue;
                };
                lock(&accepted).spawn(forward(client, server, is_open.clone()));
            }
        });
        Self {
            address,
            open,
            connections,
        }
    }

    /// Discards everything sent to the server from now on, unnoticed by both sides.
    fn block(&self) {
        self.open.send_replace(false);
    }

    /// Closes the open connections with everything in flight, and unblocks new ones.
    async fn cut(&self) {
        let mut connections = std::mem::take(&mut *lock(&self.connections));
        connections.shutdown().await;
        self.open.send_replace(true);
    }
}

async fn forward(mut client: TcpStream, mut server: TcpStream, mut open: watch::Receiver<bool>) {
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) = (client.split(), server.split());
    let back = tokio::io::copy(&mut from_server, &mut to_client);
    let there = async {
        let mut buffer = [0; 4_096];
        loop {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            // The sender lives as long as the test.
            let _ = open.wait_for(|open| *open).await;
            match from_client.read(&mut buffer).await {
                Ok(count) if count > 0 && *open.borrow() => to_server.write_all(&buffer[..count]).await.unwrap_or(()),
                Ok(count) if count > 0 => {}
                _ => return,
            }
        }
    };
    tokio::select! {
        _ = back => {}
        () = there => {}
    }
}

#[tokio::test]
async fn subscribers_get_all_frames_in_order_and_no_others() {
    let Some(server) = NatsServer::start() else { return };
    let address = server.address;
    let mut ada = Node::subscribed(address, "user:ada ü.*>").await;
    let mut sender = Node::subscribed(address, "user:ada ü.*>").await;
    let mut eve = Node::subscribed(address, "user:eve").await;
    let mut stranger = Node::of(address, "another").await;
    stranger.bus.subscribe(&room("user:ada ü.*>"));
    stranger.bus.settled().await;
    for number in 0..1_000 {
        sender.publish("user:ada ü.*>", &number.to_string());
    }
    sender.publish("user:eve", "last");
    for number in 0..1_000 {
        assert_eq!(ada.next().await, format!("user:ada ü.*>: {number}"));
    }
    assert_eq!(eve.next().await, "user:eve: last");
    ada.bus.unsubscribe(&room("user:ada ü.*>"));
    ada.bus.subscribe(&room("user:ada"));
    ada.bus.settled().await;
    sender.publish("user:ada ü.*>", "too late");
    sender.publish("user:ada", "in time");
    assert_eq!(ada.next().await, "user:ada: in time");
    sender.bus.settled().await;
    stranger.bus.settled().await;
    assert!(
        sender.arrivals.try_recv().is_err(),
        "a node does not receive its own frames"
    );
    assert!(stranger.arrivals.try_recv().is_err());
}

#[tokio::test]
async fn settled_subscription_misses_nothing() {
    let Some(server) = NatsServer::start() else { return };
    let (sender, mut receiver) = (
        Node::of(server.address, "test").await,
        Node::of(server.address, "test").await,
    );
    for number in 0..300 {
        let subject = format!("room {number}");
        receiver.bus.subscribe(&room(&subject));
        receiver.bus.settled().await;
        sender.publish(&subject, "now");
        assert_eq!(receiver.next().await, format!("{subject}: now"));
    }
}

#[tokio::test]
async fn frames_in_flight_when_a_connection_breaks_are_reported_as_lost() {
    let Some(server) = NatsServer::start() else { return };
    let proxy = Proxy::to(server.address).await;
    let mut receiver = Node::subscribed(server.address, "ada").await;
    receiver.bus.subscribe(&room("eve"));
    receiver.bus.subscribe(&room("ida"));
    receiver.bus.settled().await;
    let sender = Node::of(proxy.address, "test").await;
    sender.publish("ada", "arrives");
    sender.bus.settled().await;
    assert_eq!(receiver.next().await, "ada: arrives");

    proxy.block();
    sender.publish("eve", "never arrives");
    let settled = sender.bus.settled();
    proxy.cut().await;
    sender.wait_connected(false).await;
    timeout(TIMEOUT, settled)
        .await
        .expect("nothing waits for a disconnected bus");
    sender.wait_connected(true).await;
    sender.publish("ida", "after");
    let mut received = vec![receiver.next().await, receiver.next().await];
    received.sort();
    assert_eq!(
        received,
        ["eve lost", "ida: after"],
        "the acknowledged frame in ada is not reported as lost"
    );
}

#[tokio::test]
async fn disconnected_node_gets_a_loss_of_everything_when_it_is_back() {
    let Some(mut server) = NatsServer::start() else { return };
    let mut receiver = Node::subscribed(server.address, "ada").await;
    let sender = Node::of(server.address, "test").await;
    server.kill();
    for node in [&receiver, &sender] {
        node.wait_connected(false).await;
        timeout(TIMEOUT, node.bus.settled())
            .await
            .expect("nothing waits for a disconnected bus");
    }
    // Requested while disconnected, executed once connected.
    receiver.bus.subscribe(&room("eve"));
    sender.publish("eve", "never arrives");
    server.restart();
    assert_eq!(receiver.next().await, "everyone lost");
    sender.wait_connected(true).await;
    // Either node may connect first; a node that missed the other's report of a loss got `Everyone` lost.
    receiver.bus.settled().await;
    sender.bus.settled().await;
    sender.publish("eve", "after");
    let mut last = receiver.next().await;
    while last == "eve lost" {
        last = receiver.next().await;
    }
    assert_eq!(last, "eve: after");
}

#[tokio::test]
async fn connecting_to_an_unreachable_server_fails_at_once() {
    let Some(mut server) = NatsServer::start() else { return };
    server.kill();
    let address = server.url().parse().unwrap();
    assert!(
        NatsBus::connect(&[address], ConnectOptions::new(), "test")
            .await
            .is_err()
    );
}
