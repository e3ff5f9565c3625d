//! The end of a connection: how it is reported to the protocol, counted and answered.

use super::support::*;
use crate::{connection::MemberSettings, *};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::{io::AsyncWriteExt, sync::mpsc, time::timeout};
use tokio_tungstenite::tungstenite::{Message as Wire, protocol::CloseFrame as WireClose};

#[derive(Debug, PartialEq)]
enum Event {
    Connected,
    Message(String),
    Error(ConnectionError),
    Closed(CloseOutcome),
}

struct Recorder(mpsc::UnboundedSender<Event>);

impl Protocol for Recorder {
    type Auth = ();

    async fn connected(&mut self, connection: &mut Connection) -> Result<(), CloseFrame> {
        connection.join(&room("room")).unwrap();
        self.0.send(Event::Connected).unwrap();
        Ok(())
    }

    async fn message(&mut self, connection: &mut Connection, message: Received) {
        let Received::Text(text) = message else { return };
        match text.as_str() {
            "panic" => panic!("on request of the test"),
            "large" => connection.send(Message::text("x".repeat(16 * 1024 * 1024))),
            "many" => (0..20).for_each(|_| connection.send(Message::text("x"))),
            _ => {}
        }
        self.0.send(Event::Message(text)).unwrap();
    }

    async fn error(&mut self, _: &mut Connection, error: &ConnectionError) -> OnError {
        self.0.send(Event::Error(error.clone())).unwrap();
        OnError::Close
    }

    async fn closed(&mut self, connection: &mut Connection, outcome: &CloseOutcome) {
        // The connection is still in its rooms.
        let rooms = connection.rooms();
        connection.broadcast(Audience::Rooms(&rooms), Message::text("left"), false);
        self.0.send(Event::Closed(outcome.clone())).unwrap();
    }
}

struct Ending {
    client: Client,
    events: mpsc::UnboundedReceiver<Event>,
    witness: Connection,
    metrics: prometheus_client::registry::Registry,
    hub: Hub,
}

async fn connected(heartbeat_ticks: Option<u64>) -> Ending {
    let (hub, metrics) = hub();
    let (sender, mut events) = mpsc::unbounded_channel();
    let settings = MemberSettings {
        heartbeat_ticks,
        ..SETTINGS
    };
    let client = Client::open_with(&hub, Accepts::Text, settings, (), Recorder(sender)).await;
    assert_eq!(events.recv().await, Some(Event::Connected));
    Ending {
        client,
        events,
        witness: member(&hub, "room"),
        metrics,
        hub,
    }
}

impl Ending {
    /// Asserts that the connection ends with these events, and that the close is counted once.
    async fn assert_ends(mut self, error: Option<ConnectionError>, outcome: CloseOutcome, counted: &str) {
        let mut events = vec![];
        while !matches!(events.last(), Some(Event::Closed(_))) {
            let event = timeout(TIMEOUT, self.events.recv())
                .await
                .expect("an event in time")
                .unwrap();
            if !matches!(event, Event::Message(_)) {
                events.push(event);
            }
        }
        let expected: Vec<_> = error
            .map(Event::Error)
            .into_iter()
            .chain([Event::Closed(outcome)])
            .collect();
        assert_eq!(events, expected);
        let closes: Vec<_> = metrics(&self.metrics)
            .into_iter()
            .filter(|line| line.starts_with("closes"))
            .collect();
        assert_eq!(closes, [format!("closes_total{{{counted}}} 1")]);
        assert_eq!(
            received(&self.witness),
            ["left"],
            "`closed` can still send to the rooms"
        );
    }
}

fn server(code: CloseCode, reason: &'static str) -> CloseFrame {
    CloseFrame::new(code, reason)
}

#[tokio::test]
async fn close_of_the_peer_is_answered_and_reported_with_code_and_reason() {
    for (code, reason, counted) in [
        (4_001, "enough", "other"),
        (1_001, "", "1001"),
        (1_011, "a bug", "1011"),
    ] {
        let mut ending = connected(None).await;
        let frame = WireClose {
            code: code.into(),
            reason: reason.into(),
        };
        ending.client.socket.close(Some(frame)).await.unwrap();
        assert_eq!(ending.client.closed().await, (code, String::new()));
        assert!(
            ending.client.socket.next().await.is_none(),
            "there is only one Close frame"
        );
        let outcome = CloseOutcome::Peer(Some((code, reason.to_owned())));
        ending
            .assert_ends(None, outcome, &format!("by=\"client\",code=\"{counted}\""))
            .await;
    }
    let mut ending = connected(None).await;
    ending.client.socket.close(None).await.unwrap();
    assert!(matches!(ending.client.next().await, Wire::Close(None)));
    ending
        .assert_ends(None, CloseOutcome::Peer(None), r#"by="client",code="1005""#)
        .await;
}

#[tokio::test]
async fn broken_connection_is_reported_as_an_error() {
    let mut ending = connected(None).await;
    ending.client.socket.get_mut().shutdown().await.unwrap();
    let error = Some(ConnectionError::Disconnected);
    ending
        .assert_ends(error, CloseOutcome::Disconnected, r#"by="client",code="1006""#)
        .await;
}

#[tokio::test]
async fn protocol_error_is_closed_and_reported_with_its_fault() {
    let mut ending = connected(None).await;
    // Opcode 3 is reserved.
    ending
        .client
        .socket
        .get_mut()
        .write_all(&[0x83, 0x80, 0, 0, 0, 0])
        .await
        .unwrap();
    assert_eq!(ending.client.closed().await, (1002, "an unknown opcode".to_owned()));
    drop(ending.client.socket.next().await);
    let fault = server(CloseCode::PROTOCOL, "an unknown opcode");
    let error = Some(ConnectionError::Fault(fault.clone()));
    ending
        .assert_ends(error, CloseOutcome::Server(fault), r#"by="server",code="1002""#)
        .await;
}

#[tokio::test]
async fn panic_is_reported_to_the_protocol_that_panicked() {
    let mut ending = connected(None).await;
    ending.client.send("panic").await;
    let outcome = CloseOutcome::Server(server(CloseCode::INTERNAL, "internal error"));
    ending
        .assert_ends(Some(ConnectionError::Panic), outcome, r#"by="server",code="1011""#)
        .await;
}

#[tokio::test(start_paused = true)]
async fn unanswered_pings_are_reported() {
    // The client reads nothing, so it answers nothing.
    let ending = connected(Some(1)).await;
    let error = Some(ConnectionError::Heartbeat);
    ending
        .assert_ends(error, CloseOutcome::Disconnected, r#"by="client",code="1006""#)
        .await;
}

#[tokio::test(start_paused = true)]
async fn write_timeout_is_reported() {
    let mut ending = connected(None).await;
    ending.client.send("large").await;
    tokio::time::sleep(Duration::from_secs(40)).await;
    let error = Some(ConnectionError::WriteTimeout);
    ending
        .assert_ends(error, CloseOutcome::Disconnected, r#"by="client",code="1006""#)
        .await;
}

#[tokio::test]
async fn outbox_overflow_is_reported() {
    let mut ending = connected(None).await;
    ending.client.socket.send(Wire::text("many")).await.unwrap();
    let slow = server(CloseCode::SLOW_CONSUMER, "too slow: reconnect and recover");
    let error = Some(ConnectionError::SlowConsumer(slow.clone()));
    ending
        .assert_ends(error, CloseOutcome::Server(slow), r#"by="server",code="4008""#)
        .await;
}

#[tokio::test]
async fn cut_connection_ends_without_a_close_frame() {
    let mut ending = connected(None).await;
    let handles = ending.hub.handles_in(&room("room"));
    // The witness has no socket, and stays.
    let witness = ending.witness.id();
    for handle in handles.iter().filter(|handle| handle.id() != witness) {
        handle.cut();
    }
    let end = timeout(TIMEOUT, ending.client.socket.next())
        .await
        .expect("the end in time");
    assert!(!matches!(end, Some(Ok(_))), "no frame is sent: {end:?}");
    ending
        .assert_ends(None, CloseOutcome::Disconnected, "by=\"client\",code=\"1006\"")
        .await;
}
