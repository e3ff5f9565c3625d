//! Streams: subscriptions, gaps, duplicates, acknowledgements.

use super::support::*;
use crate::*;
use futures_util::future::BoxFuture;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::Notify;

fn stream() -> StreamId {
    StreamId::new(TEST, "log")
}

struct Text(String);

impl Render for Text {
    fn render(&self, _: &Format) -> Payload {
        Payload::Text(self.0.clone())
    }
}

fn event(seq: u64) -> Message {
    Message::event(Text(format!("event {seq}")), stream(), seq)
}

/// A log with events 1 to `head`.
#[derive(Clone, Default)]
struct Log {
    head: Arc<Mutex<u64>>,
    too_old: Arc<AtomicBool>,
}

impl Log {
    /// Commits an event without publishing it.
    fn commit(&self) -> u64 {
        let mut head = self.head.lock().unwrap();
        *head += 1;
        *head
    }

    fn publish(&self, hub: &Hub, seq: u64) {
        hub.to_room(stream().room(), &Arc::new(event(seq)), None);
    }
}

impl ScopeHandler for Log {
    fn fetch(&self, _: &StreamId, after: u64) -> BoxFuture<'static, Result<Vec<Message>, FetchError>> {
        let head = *self.head.lock().unwrap();
        let too_old = self.too_old.load(Ordering::Relaxed) || after > head;
        Box::pin(async move {
            if too_old {
                return Err(FetchError::TooOld);
            }
            Ok((after + 1..=head).map(event).collect())
        })
    }

    fn head(&self, _: &StreamId) -> BoxFuture<'static, Result<u64, FetchError>> {
        let head = *self.head.lock().unwrap();
        Box::pin(async move { Ok(head) })
    }
}

/// Subscribes with `since`.
struct Subscriber(Option<u64>);

impl Protocol for Subscriber {
    type Auth = ();

    async fn connected(&mut self, connection: &mut Connection) -> Result<(), CloseFrame> {
        let first = |_: &Snapshot, seq, missed: &Missed| {
            let missed = match missed {
                Missed::NotAsked => "not asked".to_owned(),
                Missed::Events(events) => format!("{} missed", events.len()),
                Missed::TooOld => "too old".to_owned(),
            };
            vec![Message::text(format!("subscribed at {seq}, {missed}"))]
        };
        let subscribed = connection.subscribe(&stream(), self.0, None, first).await;
        subscribed.map_err(|error| CloseFrame::new(CloseCode::POLICY, error.to_string()))
    }

    /// Acknowledges the event with this `seq`.
    async fn message(&mut self, connection: &mut Connection, message: Received) {
        if let Received::Text(seq) = message {
            let ack = Text(format!("ack {seq}"));
            connection.send(Message::ack(ack, stream(), seq.parse().unwrap()));
        }
    }
}

async fn subscribe(since: Option<u64>, events: u64) -> (Hub, Log, Client) {
    let log = Log::default();
    *log.head.lock().unwrap() = events;
    let (hub, _) = hub_with(LocalBus, log.clone());
    let client = Client::open(&hub, Accepts::Text, (), Subscriber(since)).await;
    (hub, log, client)
}

#[tokio::test]
async fn subscriber_gets_what_it_missed_then_every_event_once_in_order() {
    let (hub, log, mut client) = subscribe(Some(1), 3).await;
    assert_eq!(client.text().await, "subscribed at 3, 2 missed");
    assert_eq!(client.text().await, "event 2");
    assert_eq!(client.text().await, "event 3");
    let (fourth, fifth, sixth) = (log.commit(), log.commit(), log.commit());
    // The fourth is lost, the sixth comes twice, the fifth comes late.
    for seq in [sixth, sixth, fifth] {
        log.publish(&hub, seq);
    }
    let seventh = log.commit();
    log.publish(&hub, seventh);
    for seq in fourth..=seventh {
        assert_eq!(client.text().await, format!("event {seq}"));
    }
}

#[tokio::test]
async fn subscriber_with_a_too_old_position_is_notified() {
    let (_, _, mut client) = subscribe(Some(9), 3).await;
    assert_eq!(client.text().await, "subscribed at 3, too old");
    let (_, _, mut client) = subscribe(None, 3).await;
    assert_eq!(client.text().await, "subscribed at 3, not asked");
}

#[tokio::test]
async fn watermark_makes_a_subscriber_fetch_missing_events() {
    let (hub, log, mut client) = subscribe(None, 0).await;
    client.text().await;
    log.commit();
    let second = log.commit();
    let watermark = Arc::new(Message::watermark(stream(), second));
    hub.to_room(stream().room(), &watermark, None);
    hub.to_room(stream().room(), &watermark, None);
    hub.to_room(stream().room(), &text("end"), None);
    for expected in ["event 1", "event 2", "end"] {
        assert_eq!(client.text().await, expected);
    }
}

#[tokio::test]
async fn acknowledgement_replaces_its_event_and_is_always_sent() {
    let (hub, log, mut client) = subscribe(None, 0).await;
    client.text().await;
    let (first, second) = (log.commit(), log.commit());
    client.send(&second.to_string()).await;
    assert_eq!(client.text().await, format!("event {first}"));
    assert_eq!(client.text().await, format!("ack {second}"));
    log.publish(&hub, second);
    // Acknowledged again, as a replayed command is.
    client.send(&second.to_string()).await;
    assert_eq!(client.text().await, format!("ack {second}"));
}

#[tokio::test]
async fn client_is_closed_with_4008_if_missing_events_cannot_be_read() {
    let (hub, log, mut client) = subscribe(None, 0).await;
    client.text().await;
    log.too_old.store(true, Ordering::Relaxed);
    log.publish(&hub, 7);
    assert_eq!(client.closed().await.0, 4008);
}

/// Reads its snapshot when the test allows it.
struct Paused(Log, Arc<Notify>, Arc<Notify>);

impl Protocol for Paused {
    type Auth = ();

    async fn connected(&mut self, connection: &mut Connection) -> Result<(), CloseFrame> {
        let subscription = connection.begin_subscription(&stream()).await.unwrap();
        self.1.notify_one();
        self.2.notified().await;
        let seq = *self.0.head.lock().unwrap();
        subscription.start(Start {
            seq: seq - 1,
            messages: vec![Message::text(format!("snapshot {}", seq - 1))],
        });
        Ok(())
    }

    async fn message(&mut self, _: &mut Connection, _: Received) {}
}

#[tokio::test]
async fn events_during_the_snapshot_follow_it() {
    let log = Log::default();
    let (hub, _) = hub_with(LocalBus, log.clone());
    let (subscribed, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let paused = Paused(log.clone(), subscribed.clone(), go.clone());
    let mut client = Client::open(&hub, Accepts::Text, (), paused).await;
    subscribed.notified().await;
    for _ in 0..3 {
        let seq = log.commit();
        log.publish(&hub, seq);
    }
    hub.to_room(stream().room(), &text("before the subscription"), None);
    go.notify_one();
    // Of these, only event 3 is newer than the snapshot.
    assert_eq!(client.text().await, "snapshot 2");
    assert_eq!(client.text().await, "event 3");
    let fourth = log.commit();
    log.publish(&hub, fourth);
    assert_eq!(client.text().await, "event 4");
}

#[tokio::test]
async fn connection_that_leaves_the_room_no_longer_follows_the_stream() {
    let (hub, log, mut client) = subscribe(None, 0).await;
    client.text().await;
    for handle in hub.handles() {
        assert!(handle.leave(stream().room()));
        assert_eq!(handle.delivered(&stream()), None);
    }
    let first = log.commit();
    log.publish(&hub, first);
    hub.broadcast(Audience::Everyone(TEST), &text("end"), None);
    assert_eq!(client.text().await, "end");
}
