//! What a protocol hears of its connection's end, over real connections.

use super::*;
use crate::{
    hub::{Closing, ConnectionError, Ending, Hub, LocalBus, Protocol, Render, Who},
    socket::{Options, Upgrade},
};
use axum::{Router, routing::get};
use futures_util::{SinkExt, StreamExt};
use protocol::socket::Rendering;
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message as Wire, protocol::CloseFrame},
};

const PATIENCE: Duration = Duration::from_secs(30);
/// More than the kernel holds for who does not read.
const LARGE: usize = 16 * 1024 * 1024;
const OUTBOX: usize = 4;

#[derive(Debug, PartialEq)]
enum Event {
    Connected,
    Message(String),
    Error(ConnectionError),
    Closed(Ending),
}

struct Recorder(mpsc::UnboundedSender<Event>);

impl Recorder {
    fn note(&self, event: Event) {
        self.0.send(event).unwrap();
    }
}

struct Letters(usize);

impl Render for Letters {
    fn render(&self, _: &Rendering) -> String {
        "x".repeat(self.0)
    }
}

impl Protocol for Recorder {
    async fn connected(&mut self, _: &mut Connection) -> Result<Vec<Message>, Closing> {
        self.note(Event::Connected);
        Ok(vec![])
    }

    async fn message(&mut self, connection: &mut Connection, text: &str) {
        self.note(Event::Message(text.to_owned()));
        let send = |size| connection.handle().send(Arc::new(Message::reply(Letters(size))));
        match text {
            "panic" => panic!("as the test wants it"),
            "large" => send(LARGE),
            "many" => (0..=OUTBOX).for_each(|_| send(1)),
            _ => {}
        }
    }

    fn error(&mut self, error: &ConnectionError) {
        self.note(Event::Error(error.clone()));
    }

    fn closed(&mut self, ending: &Ending) {
        self.note(Event::Closed(ending.clone()));
    }
}

struct Server {
    hub: Hub,
    client: WebSocketStream<TcpStream>,
    events: mpsc::UnboundedReceiver<Event>,
}

/// A server with one client.
async fn connected(heartbeat: Duration) -> Server {
    let hub = Hub::new(Arc::new(LocalBus), |_| None, OUTBOX, heartbeat);
    let (note, mut events) = mpsc::unbounded_channel();
    let serving = hub.clone();
    let accept = async move |upgrade: Upgrade| {
        let options = Options {
            max_message_bytes: 1_000,
            compression: None,
        };
        upgrade.accept(options, async move |socket| {
            let connection = serving.connect(Who::user("room"), Rendering::default());
            serving.serve(connection, Socket::new(socket), Recorder(note)).await;
        })
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().route("/", get(accept));
    tokio::spawn(axum::serve(listener, routes).into_future());
    let stream = TcpStream::connect(address).await.unwrap();
    let (client, _) = client_async(format!("ws://{address}/"), stream).await.unwrap();
    assert_eq!(events.recv().await, Some(Event::Connected));
    Server { hub, client, events }
}

impl Server {
    async fn say(&mut self, text: &str) {
        self.client.send(Wire::text(text)).await.unwrap();
        assert_eq!(self.events.recv().await, Some(Event::Message(text.to_owned())));
    }

    /// What comes until the end is this, and the close is counted once.
    async fn ends(mut self, error: Option<ConnectionError>, ending: Ending, counted: &str) {
        let mut events = vec![];
        while !matches!(events.last(), Some(Event::Closed(_))) {
            let event = timeout(PATIENCE, self.events.recv()).await.expect("an end in time");
            events.push(event.unwrap());
        }
        let expected: Vec<_> = error
            .map(Event::Error)
            .into_iter()
            .chain([Event::Closed(ending)])
            .collect();
        assert_eq!(events, expected);
        let metrics = self.hub.metrics();
        let counts: Vec<_> = metrics
            .lines()
            .filter(|line| line.starts_with("lockstep_closes_total") && !line.ends_with(" 0"))
            .collect();
        assert_eq!(counts, [format!("lockstep_closes_total{{{counted}}} 1")]);
    }
}

/// Nothing is pinged while a test runs.
const QUIET: Duration = Duration::from_secs(600);

fn ours(code: CloseCode, reason: &'static str) -> Closing {
    Closing { code, reason }
}

#[tokio::test]
async fn the_peers_code_and_reason_are_told_and_counted() {
    for (code, reason, counted) in [
        (4_001, "enough", "other"),
        (1_001, "", "1001"),
        (1_011, "a bug", "1011"),
    ] {
        let mut server = connected(QUIET).await;
        let frame = CloseFrame {
            code: code.into(),
            reason: reason.into(),
        };
        server.client.close(Some(frame)).await.unwrap();
        let Wire::Close(Some(answer)) = server.client.next().await.unwrap().unwrap() else {
            panic!("no close frame");
        };
        assert_eq!((u16::from(answer.code), &*answer.reason), (code, ""));
        assert!(server.client.next().await.is_none(), "there is only one");
        let said = Ending::Theirs(Some((code, reason.to_owned())));
        let counted = format!("by=\"client\",code=\"{counted}\"");
        server.ends(None, said, &counted).await;
    }
    let mut server = connected(QUIET).await;
    server.client.close(None).await.unwrap();
    assert!(matches!(server.client.next().await, Some(Ok(Wire::Close(None)))));
    assert!(server.client.next().await.is_none());
    server
        .ends(None, Ending::Theirs(None), r#"by="client",code="1005""#)
        .await;
}

#[tokio::test]
async fn a_goodbye_is_heard_even_when_something_is_to_be_sent() {
    let mut server = connected(QUIET).await;
    let stream = server.client.get_mut();
    stream
        .write_all(&[0x88, 0x85, 0, 0, 0, 0, 0x0f, 0xa1, b'b', b'y', b'e'])
        .await
        .unwrap();
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, [0x88, 2, 0x0f, 0xa1]);
    // The server waits for the end of the connection, and is woken.
    let late = Arc::new(Message::reply(Letters(1)));
    server.hub.publish("room", &late, None);
    let mut rest = vec![];
    stream.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, b"", "nothing comes after a close");
    let said = Ending::Theirs(Some((4_001, "bye".to_owned())));
    server.ends(None, said, r#"by="client",code="other""#).await;
}

#[tokio::test]
async fn a_peer_that_breaks_off_has_said_nothing() {
    let mut server = connected(QUIET).await;
    server.client.get_mut().shutdown().await.unwrap();
    let broken = Some(ConnectionError::Broken);
    server.ends(broken, Ending::Broken, r#"by="client",code="1006""#).await;
}

#[tokio::test]
async fn a_peer_that_breaks_the_protocol_is_named_with_its_fault() {
    let mut server = connected(QUIET).await;
    // Opcode 3 means nothing.
    server
        .client
        .get_mut()
        .write_all(&[0x83, 0x80, 0, 0, 0, 0])
        .await
        .unwrap();
    let Wire::Close(Some(frame)) = server.client.next().await.unwrap().unwrap() else {
        panic!("no close frame");
    };
    assert_eq!(u16::from(frame.code), 1002);
    let reason = "an unknown opcode";
    let fault = ours(CloseCode::Protocol, reason);
    assert_eq!(frame.reason, reason);
    let error = Some(ConnectionError::Fault(fault.clone()));
    drop(server.client.next().await);
    server
        .ends(error, Ending::Ours(fault), r#"by="server",code="1002""#)
        .await;
}

#[tokio::test]
async fn a_panic_is_told_to_who_panicked() {
    let mut server = connected(QUIET).await;
    server.say("panic").await;
    let closing = Ending::Ours(ours(CloseCode::Internal, "internal error"));
    let panic = Some(ConnectionError::Panic);
    server.ends(panic, closing, r#"by="server",code="1011""#).await;
}

#[tokio::test]
async fn pings_without_answers_are_told() {
    // The client reads nothing, so it answers nothing.
    let server = connected(Duration::from_millis(100)).await;
    let silent = Some(ConnectionError::Heartbeat);
    server.ends(silent, Ending::Broken, r#"by="client",code="1006""#).await;
}

#[tokio::test]
async fn a_write_that_nobody_takes_is_told() {
    let mut server = connected(QUIET).await;
    server.say("large").await;
    let stuck = Some(ConnectionError::WriteTimeout);
    server.ends(stuck, Ending::Broken, r#"by="client",code="1006""#).await;
}

#[tokio::test]
async fn a_full_outbox_is_told() {
    let mut server = connected(QUIET).await;
    server.say("many").await;
    let slow = ours(CloseCode::SlowConsumer, "too slow: reconnect and recover");
    let error = Some(ConnectionError::SlowConsumer(slow.clone()));
    server
        .ends(error, Ending::Ours(slow), r#"by="server",code="4008""#)
        .await;
}
