//! The bus over a real NATS server, and over connections to it that break.

use super::{test_server::NatsServer, *};
use std::net::SocketAddr;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinSet,
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// One node's end of the bus.
struct Node {
    bus: NatsBus,
    heard: UnboundedReceiver<String>,
}

impl Node {
    async fn of(address: SocketAddr, namespace: &str) -> Self {
        let server = format!("nats://{address}").parse().unwrap();
        let bus = NatsBus::connect(&[server], ConnectOptions::new(), namespace)
            .await
            .unwrap();
        let (tell, heard) = unbounded_channel();
        bus.start(Arc::new(move |arrival| {
            // The test may not listen any more.
            let _ = tell.send(match arrival {
                Arrival::Frame(subject, frame) => format!("{subject}: {}", String::from_utf8_lossy(&frame)),
                Arrival::Lost(subject) => format!("{subject} lost"),
            });
        }));
        Self { bus, heard }
    }

    async fn listening(address: SocketAddr, subject: &str) -> Self {
        let node = Self::of(address, "test").await;
        node.bus.subscribe(subject);
        node.bus.settled().await;
        node
    }

    fn say(&self, subject: &str, text: &str) {
        self.bus.publish(subject, Bytes::copy_from_slice(text.as_bytes()));
    }

    async fn hears(&mut self) -> String {
        timeout(PATIENCE, self.heard.recv())
            .await
            .expect("nothing is heard")
            .unwrap()
    }

    /// Waits until it knows whether it is connected.
    async fn knows(&self, connected: bool) {
        let mut status = self.bus.shared.status.subscribe();
        let known = status.wait_for(|status| status.connected == connected);
        timeout(PATIENCE, known).await.unwrap().unwrap();
    }
}

/// A way to the server that can be blocked and cut.
struct Way {
    address: SocketAddr,
    open: watch::Sender<bool>,
    connections: Arc<Mutex<JoinSet<()>>>,
}

impl Way {
    async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (open, is_open) = watch::channel(true);
        let connections = Arc::new(Mutex::new(JoinSet::new()));
        let accepted = connections.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                // A server that is away is a connection that ends.
                let Ok(far) = TcpStream::connect(server).await else {
                    continue;
                };
                lock(&accepted).spawn(carry(near, far, is_open.clone()));
            }
        });
        Self {
            address,
            open,
            connections,
        }
    }

    /// From now on nothing reaches the server, and nobody can tell.
    fn block(&self) {
        self.open.send_replace(false);
    }

    /// Ends the connections there are, with all that was on its way.
    async fn cut(&self) {
        let mut connections = std::mem::take(&mut *lock(&self.connections));
        connections.shutdown().await;
        self.open.send_replace(true);
    }
}

async fn carry(mut near: TcpStream, mut far: TcpStream, mut open: watch::Receiver<bool>) {
    let ((mut from_near, mut to_near), (mut from_far, mut to_far)) = (near.split(), far.split());
    let back = tokio::io::copy(&mut from_far, &mut to_near);
    let there = async {
        let mut buffer = [0; 4_096];
        loop {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            // The sender lives as long as the test.
            let _ = open.wait_for(|open| *open).await;
            match from_near.read(&mut buffer).await {
                Ok(count) if count > 0 && *open.borrow() => to_far.write_all(&buffer[..count]).await.unwrap_or(()),
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
async fn who_subscribed_hears_all_in_order_and_nobody_else_anything() {
    let Some(server) = NatsServer::start() else { return };
    let address = server.address;
    let mut ada = Node::listening(address, "user:ada ü.*>").await;
    let mut sender = Node::listening(address, "user:ada ü.*>").await;
    let mut eve = Node::listening(address, "user:eve").await;
    let mut stranger = Node::of(address, "another").await;
    stranger.bus.subscribe("user:ada ü.*>");
    stranger.bus.settled().await;
    for number in 0..1_000 {
        sender.say("user:ada ü.*>", &number.to_string());
    }
    sender.say("user:eve", "last");
    for number in 0..1_000 {
        assert_eq!(ada.hears().await, format!("user:ada ü.*>: {number}"));
    }
    assert_eq!(eve.hears().await, "user:eve: last");
    ada.bus.unsubscribe("user:ada ü.*>");
    ada.bus.subscribe("user:ada");
    ada.bus.settled().await;
    sender.say("user:ada ü.*>", "too late");
    sender.say("user:ada", "in time");
    assert_eq!(ada.hears().await, "user:ada: in time");
    sender.bus.settled().await;
    stranger.bus.settled().await;
    assert!(
        sender.heard.try_recv().is_err(),
        "the hub has delivered on the own node"
    );
    assert!(stranger.heard.try_recv().is_err());
}

#[tokio::test]
async fn a_subscription_that_settled_misses_nothing() {
    let Some(server) = NatsServer::start() else { return };
    let (sender, mut hearer) = (
        Node::of(server.address, "test").await,
        Node::of(server.address, "test").await,
    );
    for number in 0..300 {
        let subject = format!("room {number}");
        hearer.bus.subscribe(&subject);
        hearer.bus.settled().await;
        sender.say(&subject, "now");
        assert_eq!(hearer.hears().await, format!("{subject}: now"));
    }
}

#[tokio::test]
async fn what_was_on_its_way_when_a_connection_broke_is_told_as_lost() {
    let Some(server) = NatsServer::start() else { return };
    let way = Way::to(server.address).await;
    let mut hearer = Node::listening(server.address, "ada").await;
    hearer.bus.subscribe("eve");
    hearer.bus.subscribe("ida");
    hearer.bus.settled().await;
    let sender = Node::of(way.address, "test").await;
    sender.say("ada", "arrives");
    sender.bus.settled().await;
    assert_eq!(hearer.hears().await, "ada: arrives");

    way.block();
    sender.say("eve", "never arrives");
    let settled = sender.bus.settled();
    way.cut().await;
    sender.knows(false).await;
    timeout(PATIENCE, settled)
        .await
        .expect("nobody waits for a bus that is away");
    sender.knows(true).await;
    sender.say("ida", "after");
    let mut heard = vec![hearer.hears().await, hearer.hears().await];
    heard.sort();
    assert_eq!(
        heard,
        ["eve lost", "ida: after"],
        "and of ada nothing: that was confirmed"
    );
}

#[tokio::test]
async fn who_was_away_hears_that_everything_may_be_lost() {
    let Some(mut server) = NatsServer::start() else { return };
    let mut hearer = Node::listening(server.address, "ada").await;
    let sender = Node::of(server.address, "test").await;
    server.kill();
    for node in [&hearer, &sender] {
        node.knows(false).await;
        timeout(PATIENCE, node.bus.settled())
            .await
            .expect("nobody waits for a bus that is away");
    }
    // Asked of a bus that is away, done when it is back.
    hearer.bus.subscribe("eve");
    sender.say("eve", "never arrives");
    server.restart();
    assert_eq!(hearer.hears().await, format!("{EVERYBODY} lost"));
    sender.knows(true).await;
    // Which of them is back first is open: whoever missed the word was told of everything.
    hearer.bus.settled().await;
    sender.bus.settled().await;
    sender.say("eve", "after");
    let mut last = hearer.hears().await;
    while last == "eve lost" {
        last = hearer.hears().await;
    }
    assert_eq!(last, "eve: after");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_at_once() {
    let Some(mut server) = NatsServer::start() else { return };
    server.kill();
    let address = server.url().parse().unwrap();
    assert!(
        NatsBus::connect(&[address], ConnectOptions::new(), "test")
            .await
            .is_err()
    );
}
