//! A device: its connection, and its state, which it keeps by applying messages as a client does.

use super::{client_format::ClientFormat, steps::Step};
use crate::support::{Client, User};
use protocol::{
    id::TimerId,
    timers::{Body, ServerMessage, Timer},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio_tungstenite::tungstenite::Message;

pub struct Device {
    pub format: ClientFormat,
    client: Client,
    seq: u64,
    /// The newest JSON of each timer.
    timers: BTreeMap<String, Value>,
    /// The same as our own client keeps it; only in the default dialect.
    parsed: BTreeMap<TimerId, Timer>,
}

impl Device {
    pub async fn open(user: &User, format: ClientFormat) -> Self {
        let mut client = user.connect().query(&format.query()).open().await.unwrap();
        assert_eq!(client.next_json().await["type"], "connected");
        let sync = client.next_json().await;
        assert_eq!(
            sync["type"],
            if format.camel {
                "timer.synced"
            } else {
                "timer.sync_result"
            }
        );
        let (timers, parsed) = Default::default();
        Self {
            format,
            client,
            seq: 0,
            timers,
            parsed,
        }
    }

    pub async fn send(&mut self, text: &str) {
        self.client.send_raw(Message::text(text)).await;
    }

    pub async fn next(&mut self) -> Value {
        self.client.next_json().await
    }

    /// Reads up to the answer to the last request. An event of the user's other device may come before it.
    pub async fn read_until_answer(&mut self, id: Option<&str>) -> Vec<Value> {
        let mut received = Vec::new();
        loop {
            received.push(self.next().await);
            if self.is_answer(&received[received.len() - 1], id) {
                return received;
            }
        }
    }

    /// An event has a `seq` and no `reply_to`. An answer to a request without an id looks the same, but then no other
    /// device is sending.
    pub fn is_answer(&self, message: &Value, id: Option<&str>) -> bool {
        id.is_none() || message["seq"].is_null() || !self.reply_to(message).is_null()
    }

    /// Sends a ping and returns all messages before its pong.
    pub async fn barrier(&mut self) -> Vec<Value> {
        self.send(r#"{"type":"ping","id":"barrier"}"#).await;
        let mut received = Vec::new();
        loop {
            let message = self.next().await;
            if self.reply_to(&message) == "barrier" {
                return received;
            }
            received.push(message);
        }
    }

    pub fn reply_to(&self, message: &Value) -> Value {
        message[self.format.key("reply_to")].clone()
    }

    /// The values in a message that the server chose: the instant, and the id of a timer.
    pub fn server_choices(&self, message: &Value) -> (i64, Option<String>) {
        let at = self.format.read(message["timestamp"].as_str().unwrap());
        (at, message["payload"]["timer"]["id"].as_str().map(str::to_owned))
    }

    /// Compares all members of all messages. An error's `message` may be any text if the model predicts none.
    pub fn assert_received(&self, received: &[Value], mut expected: Vec<Value>, step: &Step) {
        for (received, expected) in received.iter().zip(&mut expected) {
            if expected["payload"]["message"].is_null() && expected["type"] == "error" {
                assert!(
                    received["payload"]["message"]
                        .as_str()
                        .is_some_and(|text| text.len() > 5),
                    "{received}"
                );
                expected["payload"]["message"] = received["payload"]["message"].clone();
            }
        }
        assert_eq!(
            json!(received),
            json!(expected),
            "{:?} received after {step:?}",
            self.format
        );
    }

    /// Applies messages. One with a known `seq` must be a replayed answer.
    pub fn apply(&mut self, received: &[Value]) {
        for message in received {
            if let Some(seq) = message["seq"].as_u64() {
                if seq <= self.seq {
                    assert_eq!(message["replayed"], true);
                    continue;
                }
                assert_eq!(seq, self.seq + 1, "gap in seq");
                self.seq = seq;
            }
            let timer = &message["payload"]["timer"];
            if let Some(id) = timer["id"].as_str() {
                self.timers.insert(id.to_owned(), timer.clone());
            }
            if !self.format.camel
                && let Body::Timer { timer, .. } = parse(message).body
            {
                self.parsed.insert(timer.id, *timer);
            }
        }
    }

    /// Requests all timers; returns the instant of the answer, and the timers.
    pub async fn sync(&mut self) -> (i64, Vec<Value>) {
        self.send(r#"{"type":"timer.sync","payload":{"scope":"all"},"id":"sync"}"#)
            .await;
        let message = self.next().await;
        assert_eq!(self.reply_to(&message), "sync", "{message}");
        if !self.format.camel {
            let Body::Sync { timers, .. } = parse(&message).body else {
                panic!("{message}")
            };
            let synced: BTreeMap<_, _> = timers.into_iter().map(|timer| (timer.id, timer)).collect();
            assert_eq!(self.parsed, synced, "the state of our client differs from the server");
        }
        (
            self.server_choices(&message).0,
            message["payload"]["timers"].as_array().unwrap().clone(),
        )
    }

    /// Asserts that the device's state equals a sync, except for the elapsed time of running timers.
    pub fn assert_state_matches(&self, synced: &[Value]) {
        let without_elapsed = |timer: &Value| {
            let mut timer = timer.clone();
            if timer["status"] == "RUNNING" {
                timer[self.format.key("elapsed_time")] = Value::Null;
            }
            (timer["id"].as_str().unwrap().to_owned(), timer)
        };
        let synced: BTreeMap<_, _> = synced.iter().map(without_elapsed).collect();
        let state: BTreeMap<_, _> = self.timers.values().map(without_elapsed).collect();
        assert_eq!(state, synced, "the state of {:?} differs from the server", self.format);
    }
}

fn parse(message: &Value) -> ServerMessage {
    ServerMessage::parse(&message.to_string()).unwrap()
}
