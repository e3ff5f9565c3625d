//! The hub alone: no socket, no timer.

use super::*;
use protocol::wire::Dialect;
use std::sync::atomic::{AtomicUsize, Ordering};

static RENDERED: AtomicUsize = AtomicUsize::new(0);

struct Text(String);

impl Render for Text {
    fn render(&self, rendering: &Rendering) -> String {
        RENDERED.fetch_add(1, Ordering::Relaxed);
        format!("{:?} {}", rendering.dialect, self.0)
    }
}

fn hub(outbox: usize) -> Hub {
    Hub::new(
        Arc::new(LocalBus::default()),
        |payload| Some(Message::event(Text(String::from_utf8(payload.to_vec()).ok()?), 1)),
        outbox,
    )
}

fn join(hub: &Hub, room: &str) -> Connection {
    hub.connect(vec![room.to_owned()], Rendering::default())
}

fn received(connection: &mut Connection) -> Vec<String> {
    let rendering = connection.rendering().clone();
    std::iter::from_fn(|| connection.try_next())
        .map(|message| String::from_utf8(message.text(&rendering).to_vec()).unwrap())
        .collect()
}

#[tokio::test]
async fn a_room_hears_what_is_published_and_nobody_else_does() {
    let hub = hub(8);
    let (mut phone, mut desk, mut other) = (join(&hub, "ada"), join(&hub, "ada"), join(&hub, "eve"));
    hub.publish("ada", b"one", None);
    hub.publish("ada", b"two", Some(desk.handle().id()));
    assert_eq!(received(&mut phone), ["Snake one", "Snake two"]);
    assert_eq!(received(&mut desk), ["Snake one"]);
    assert!(received(&mut other).is_empty());
}

#[tokio::test]
async fn a_message_is_written_once_for_each_rendering() {
    let hub = hub(8);
    let mut members: Vec<_> = (0..100)
        .map(|n| {
            let dialect = if n % 2 == 0 { Dialect::Snake } else { Dialect::Camel };
            hub.connect(vec!["room".into()], Rendering { dialect, zone: None })
        })
        .collect();
    RENDERED.store(0, Ordering::Relaxed);
    hub.publish("room", b"hello", None);
    assert!(members.iter_mut().all(|member| received(member).len() == 1));
    assert_eq!(RENDERED.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_full_outbox_ends_its_own_connection_only() {
    let hub = hub(2);
    let (slow, mut quick) = (join(&hub, "ada"), join(&hub, "ada"));
    for number in ["1", "2", "3"] {
        hub.publish("ada", number.as_bytes(), None);
        assert_eq!(received(&mut quick).len(), 1);
    }
    assert_eq!(slow.closed().await.code, CloseCode::SlowConsumer);
}

#[tokio::test]
async fn a_connection_that_ends_leaves_nothing_behind() {
    let hub = hub(2);
    let connection = join(&hub, "ada");
    assert_eq!(hub.connections(), 1);
    drop(connection);
    assert_eq!(hub.connections(), 0);
    assert!(hub.inner.rooms().is_empty());
}

#[tokio::test]
async fn closing_all_waits_for_the_last() {
    let hub = hub(2);
    let connection = join(&hub, "ada");
    let leaving = tokio::spawn(async move {
        let closing = connection.closed().await;
        drop(connection);
        closing
    });
    hub.close_all(CloseCode::Restart, "the server restarts").await;
    assert_eq!(hub.connections(), 0);
    assert_eq!(leaving.await.unwrap().code, CloseCode::Restart);
}
