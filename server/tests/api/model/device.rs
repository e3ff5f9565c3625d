//! A device: its connection, and its view, kept by applying what it hears as a client does.

use super::{steps::Step, voice::Voice};
use crate::support::{Client, User};
use protocol::{
    id::TimerId,
    timers::{Body, ServerMessage, Timer},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio_tungstenite::tungstenite::Message;

pub struct Device {
    pub voice: Voice,
    client: Client,
    seq: u64,
    /// What it was told of each timer last.
    timers: BTreeMap<String, Value>,
    /// The same as our own client keeps it, which speaks the default dialect.
    parsed: BTreeMap<TimerId, Timer>,
}

impl Device {
    pub async fn open(user: &User, voice: Voice) -> Self {
        let mut client = user.connect().query(&voice.query()).open().await.unwrap();
        assert_eq!(client.next_json().await["type"], "connected");
        let sync = client.next_json().await;
        assert_eq!(
            sync["type"],
            if voice.camel {
                "timer.synced"
            } else {
                "timer.sync_result"
            }
        );
        let (timers, parsed) = Default::default();
        Self {
            voice,
            client,
            seq: 0,
            timers,
            parsed,
        }
    }

    pub async fn say(&mut self, text: &str) {
        self.client.send_raw(Message::text(text)).await;
    }

    pub async fn hear(&mut self) -> Value {
        self.client.next_json().await
    }

    /// Reads until the answer to what was just sent; before it there may be the other device's event.
    pub async fn hear_answer(&mut self, id: Option<&str>) -> Vec<Value> {
        let mut heard = Vec::new();
        loop {
            heard.push(self.hear().await);
            if self.is_answer(&heard[heard.len() - 1], id) {
                return heard;
            }
        }
    }

    /// An event that is nobody's answer has a number and no `reply_to`. Without an id one's own looks the same, but
    /// then nobody else is sending.
    pub fn is_answer(&self, message: &Value, id: Option<&str>) -> bool {
        id.is_none() || message["seq"].is_null() || !self.reply_to(message).is_null()
    }

    /// All that was on its way.
    pub async fn barrier(&mut self) -> Vec<Value> {
        self.say(r#"{"type":"ping","id":"barrier"}"#).await;
        let mut heard = Vec::new();
        loop {
            let message = self.hear().await;
            if self.reply_to(&message) == "barrier" {
                return heard;
            }
            heard.push(message);
        }
    }

    pub fn reply_to(&self, message: &Value) -> Value {
        message[self.voice.key("reply_to")].clone()
    }

    /// The server's choices in a message: the moment, and the id of a timer.
    pub fn what(&self, message: &Value) -> (i64, Option<String>) {
        let at = self.voice.read(message["timestamp"].as_str().unwrap());
        (at, message["payload"]["timer"]["id"].as_str().map(str::to_owned))
    }

    /// Compares all members of all messages; a message for people where the model knows none is any.
    pub fn compare(&self, heard: &[Value], mut expected: Vec<Value>, step: &Step) {
        for (heard, expected) in heard.iter().zip(&mut expected) {
            if expected["payload"]["message"].is_null() && expected["type"] == "error" {
                assert!(
                    heard["payload"]["message"].as_str().is_some_and(|text| text.len() > 5),
                    "{heard}"
                );
                expected["payload"]["message"] = heard["payload"]["message"].clone();
            }
        }
        assert_eq!(json!(heard), json!(expected), "{:?} heard of {step:?}", self.voice);
    }

    /// Takes over what it heard. What is not newer than what it knows is an old answer, told again.
    pub fn apply(&mut self, heard: &[Value]) {
        for message in heard {
            if let Some(seq) = message["seq"].as_u64() {
                if seq <= self.seq {
                    assert_eq!(message["replayed"], true);
                    continue;
                }
                assert_eq!(seq, self.seq + 1, "no gap");
                self.seq = seq;
            }
            let timer = &message["payload"]["timer"];
            if let Some(id) = timer["id"].as_str() {
                self.timers.insert(id.to_owned(), timer.clone());
            }
            if !self.voice.camel
                && let Body::Timer { timer, .. } = parse(message).body
            {
                self.parsed.insert(timer.id, *timer);
            }
        }
    }

    /// Asks for all timers: of which moment the answer is, and the timers.
    pub async fn sync(&mut self) -> (i64, Vec<Value>) {
        self.say(r#"{"type":"timer.sync","payload":{"scope":"all"},"id":"sync"}"#)
            .await;
        let message = self.hear().await;
        assert_eq!(self.reply_to(&message), "sync", "{message}");
        if !self.voice.camel {
            let Body::Sync { timers, .. } = parse(&message).body else {
                panic!("{message}")
            };
            let synced: BTreeMap<_, _> = timers.into_iter().map(|timer| (timer.id, timer)).collect();
            assert_eq!(self.parsed, synced, "what our client keeps is not the server's");
        }
        (
            self.what(&message).0,
            message["payload"]["timers"].as_array().unwrap().clone(),
        )
    }

    /// Its own view is what the server tells; only what a running timer shows goes on by itself.
    pub fn agrees(&self, synced: &[Value]) {
        let still = |timer: &Value| {
            let mut timer = timer.clone();
            if timer["status"] == "RUNNING" {
                timer[self.voice.key("elapsed_time")] = Value::Null;
            }
            (timer["id"].as_str().unwrap().to_owned(), timer)
        };
        let synced: BTreeMap<_, _> = synced.iter().map(still).collect();
        let view: BTreeMap<_, _> = self.timers.values().map(still).collect();
        assert_eq!(view, synced, "the view of {:?} is not the server's", self.voice);
    }
}

fn parse(message: &Value) -> ServerMessage {
    ServerMessage::parse(&message.to_string()).unwrap()
}
