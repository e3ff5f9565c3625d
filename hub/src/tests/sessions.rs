//! Sessions: handlers, panics, heartbeats, JSON.

use super::support::*;
use crate::*;
use futures_util::{SinkExt, StreamExt};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::Notify;
use tokio_tungstenite::tungstenite::Message as Wire;

/// Sends every message back.
struct Echo;

impl Protocol for Echo {
    type Auth = ();

    async fn connected(&mut self, connection: &mut Connection) -> Result<(), CloseFrame> {
        connection.send(Message::text("hello"));
        Ok(())
    }

    async fn message(&mut self, connection: &mut Connection, message: Received) {
        match message {
            Received::Text(text) => {
                assert_ne!(text, "panic", "on request of the test");
                connection.send(Message::text(text));
            }
            Received::Binary(bytes) => connection.send(Message::binary(bytes)),
            Received::Json(json) => connection.send(Message::json(&json).unwrap()),
        }
    }
}

#[tokio::test]
async fn messages_of_both_types_are_answered() {
    let (hub, registry) = hub();
    let mut client = Client::open(&hub, Accepts::TextAndBinary, (), Echo).await;
    assert_eq!(client.text().await, "hello");
    client.send("größe").await;
    assert_eq!(client.text().await, "größe");
    client.socket.send(Wire::binary(vec![0, 255])).await.unwrap();
    assert_eq!(client.next().await, Wire::binary(vec![0, 255]));
    let metrics = metrics(&registry);
    for line in ["messages_in_total 2", "messages_out_total 3", "handler_seconds_count 2"] {
        assert!(metrics.contains(&line.to_owned()), "{line}: {metrics:?}");
    }
}

#[tokio::test]
async fn panic_closes_its_own_connection_only() {
    let (hub, registry) = hub();
    let mut clients = Vec::new();
    for _ in 0..2 {
        let mut client = Client::open(&hub, Accepts::Text, (), Echo).await;
        client.text().await;
        clients.push(client);
    }
    clients[0].send("panic").await;
    assert_eq!(clients[0].closed().await, (1011, "internal error".to_owned()));
    clients[1].send("still there").await;
    assert_eq!(clients[1].text().await, "still there");
    assert!(metrics(&registry).contains(&"handler_panics_total 1".to_owned()));
}

#[tokio::test]
async fn unaccepted_message_type_is_closed_with_1003() {
    let (hub, _) = hub();
    for (accepts, message) in [
        (Accepts::Text, Wire::binary(vec![1])),
        (Accepts::Json, Wire::binary(vec![1])),
        (Accepts::Binary, Wire::text("text")),
    ] {
        let mut client = Client::open(&hub, accepts, (), Echo).await;
        client.text().await;
        client.socket.send(message).await.unwrap();
        assert_eq!(client.closed().await.0, 1003);
    }
}

/// Continues after invalid JSON.
struct Tolerant;

impl Protocol for Tolerant {
    type Auth = ();

    async fn message(&mut self, connection: &mut Connection, message: Received) {
        if let Received::Json(json) = message {
            connection.send(Message::json(&json["n"]).unwrap());
        }
    }

    async fn error(&mut self, connection: &mut Connection, error: &ConnectionError) -> OnError {
        connection.send(Message::text(
            matches!(error, ConnectionError::InvalidJson(_)).to_string(),
        ));
        OnError::Continue
    }
}

#[tokio::test]
async fn invalid_json_is_closed_with_1007_unless_handled() {
    let (hub, _) = hub();
    let mut client = Client::open(&hub, Accepts::Json, (), Tolerant).await;
    client.send("{").await;
    assert_eq!(client.text().await, "true");
    client.send(r#"{"n": 7}"#).await;
    assert_eq!(client.text().await, "7");

    let mut client = Client::open(&hub, Accepts::Json, (), Echo).await;
    client.text().await;
    client.send("{").await;
    assert_eq!(client.closed().await.0, 1007);
}

/// Waits for a notification before it answers, and records controls.
struct Slow(Arc<Notify>, Arc<Mutex<Vec<String>>>);

impl Protocol for Slow {
    type Auth = ();

    async fn message(&mut self, connection: &mut Connection, _: Received) {
        connection.send(Message::text("begun"));
        self.0.notified().await;
        connection.send(Message::text("done"));
    }

    async fn control(&mut self, _: &mut Connection, control: Control) {
        if let Control::Custom(control) = control {
            self.1.lock().unwrap().push(*control.downcast::<String>().unwrap());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn slow_handler_delays_neither_messages_nor_pings() {
    let (hub, _) = hub();
    let (go, controls) = (Arc::new(Notify::new()), Arc::default());
    let mut client = Client::open(&hub, Accepts::Text, (), Slow(go.clone(), Arc::clone(&controls))).await;
    client.send("work").await;
    assert_eq!(client.text().await, "begun");
    hub.broadcast(Audience::Everyone(TEST), &text("meanwhile"), None);
    assert_eq!(client.text().await, "meanwhile");
    client.socket.send(Wire::Ping(b"?".to_vec().into())).await.unwrap();
    let pong = client.socket.next().await.unwrap().unwrap();
    assert_eq!(pong, Wire::Pong(b"?".to_vec().into()));
    // Longer than a silent client is tolerated: the client answers pings if they come.
    let mut pings = 0;
    let reading = async {
        while let Some(Ok(message)) = client.socket.next().await {
            assert!(message.is_ping(), "{message:?}");
            client.socket.flush().await.unwrap();
            pings += 1;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(300), reading).await.is_err());
    assert!(pings > 5, "{pings}");
    for handle in hub.handles() {
        handle.control("for the protocol".to_owned());
    }
    go.notify_one();
    assert_eq!(client.text().await, "done");
    client.send("more").await;
    assert_eq!(client.text().await, "begun");
    assert_eq!(*controls.lock().unwrap(), ["for the protocol"]);
}

#[tokio::test(start_paused = true)]
async fn slow_handler_delays_the_close_by_its_grace_at_most() {
    let (hub, _) = hub();
    let mut client = Client::open(&hub, Accepts::Text, (), Slow(Arc::new(Notify::new()), Arc::default())).await;
    client.send("work").await;
    assert_eq!(client.text().await, "begun");
    let start = tokio::time::Instant::now();
    let draining = tokio::spawn({
        let hub = hub.clone();
        async move { hub.drain(Duration::ZERO).await }
    });
    assert_eq!(client.closed().await.0, 1012);
    assert!(start.elapsed() < Duration::from_secs(3));
    drop(client);
    draining.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn two_unanswered_pings_close_a_connection() {
    let (hub, registry) = hub();
    let client = Client::open(&hub, Accepts::Text, (), Echo).await;
    // Nothing polls the client, so it answers no pings.
    while hub.connections() > 0 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    drop(client);
    let closes = r#"closes_total{by="client",code="1006"} 1"#;
    assert!(metrics(&registry).contains(&closes.to_owned()));
}
