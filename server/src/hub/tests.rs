//! The hub alone: no network, no timer.

mod nodes;
mod sessions;

use super::*;
use crate::socket::Encoding;
use protocol::socket::Dialect;
use std::{
    collections::HashSet,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

struct Text(String, Arc<AtomicUsize>);

impl Render for Text {
    fn render(&self, rendering: &Rendering) -> String {
        self.1.fetch_add(1, Ordering::Relaxed);
        format!("{:?} {}", rendering.dialect, self.0)
    }

    fn encode(&self) -> Option<Vec<u8>> {
        Some(self.0.clone().into_bytes())
    }
}

fn text(text: &str) -> Arc<Message> {
    Arc::new(Message::event(Text(text.to_owned(), Arc::default()), 1))
}

fn decode(payload: &[u8]) -> Option<Message> {
    let text = String::from_utf8(payload.to_vec()).ok()?;
    Some(Message::event(Text(text, Arc::default()), 1))
}

fn hub(outbox: usize) -> Hub {
    Hub::new(Arc::new(LocalBus), decode, outbox, Duration::from_secs(30))
}

fn join(hub: &Hub, room: &str) -> Connection {
    hub.connect(Who::user(room), Rendering::default())
}

fn received(connection: &mut Connection) -> Vec<String> {
    let rendering = connection.rendering().clone();
    std::iter::from_fn(|| connection.try_next())
        .map(|message| String::from_utf8(message.text(&rendering).to_vec()).unwrap())
        .collect()
}

struct Weight(usize);

impl Render for Weight {
    fn render(&self, _: &Rendering) -> String {
        String::new()
    }

    fn weigh(&self) -> usize {
        self.0
    }
}

#[tokio::test]
async fn an_outbox_of_too_many_bytes_ends_its_connection() {
    let hub = hub(256);
    let mut connection = join(&hub, "ada");
    let mib = |count: usize| Arc::new(Message::reply(Weight(count << 20)));
    connection.handle().send(mib(9));
    assert!(connection.try_next().is_some(), "a single message may be larger");
    for _ in 0..4 {
        connection.handle().send(mib(1));
    }
    assert_eq!(connection.closing(), None);
    let waiting = connection.take_waiting();
    connection.put_back(waiting);
    connection.try_next();
    connection.handle().send(mib(1));
    assert_eq!(connection.closing(), None, "what is read makes room");
    connection.handle().send(mib(1));
    assert_eq!(
        connection.closing().map(|closing| closing.code),
        Some(CloseCode::SlowConsumer)
    );
}

#[tokio::test]
async fn a_room_hears_what_is_published_and_nobody_else_does() {
    let hub = hub(8);
    let (mut phone, mut desk, mut other) = (join(&hub, "ada"), join(&hub, "ada"), join(&hub, "eve"));
    hub.publish("ada", &text("one"), None);
    hub.publish("ada", &text("two"), Some(desk.handle().id()));
    assert_eq!(received(&mut phone), ["Snake one", "Snake two"]);
    assert_eq!(received(&mut desk), ["Snake one"]);
    assert!(received(&mut other).is_empty());
}

#[tokio::test]
async fn rooms_are_joined_and_left_while_connected_and_vanish_when_empty() {
    let hub = hub(8);
    let mut ada = join(&hub, "ada");
    ada.join("chat");
    ada.join("chat");
    hub.publish_to_rooms(&["ada", "chat"], &text("once"), None);
    assert_eq!(received(&mut ada), ["Snake once"]);
    assert_eq!(hub.members("chat"), [ada.handle().id()]);
    ada.leave("chat");
    hub.publish("chat", &text("gone"), None);
    hub.publish_to_all(&text("all"), None);
    assert!(hub.send(ada.handle().id(), text("you")));
    assert_eq!(received(&mut ada), ["Snake all", "Snake you"]);
    assert_eq!(hub.inner.rooms.len(), 1);
}

#[tokio::test]
async fn a_room_of_a_thousand_gets_one_frame_for_each_rendering_and_encoding() {
    let hub = hub(8);
    let deflate = |window_bits| Encoding::Deflate {
        window_bits,
        threshold: 100,
    };
    let encodings = [Encoding::Plain, deflate(15), deflate(10)];
    let mut members: Vec<_> = (0..1_000)
        .map(|n| {
            let dialect = if n % 2 == 0 { Dialect::Snake } else { Dialect::Camel };
            let connection = hub.connect(Who::user("room"), Rendering { dialect, zone: None });
            (connection, encodings[n % 3])
        })
        .collect();
    // Short of the threshold nothing is compressed.
    for (text, frames_of_all) in [("hello".repeat(100), 6), ("hello".to_owned(), 2)] {
        let rendered = Arc::new(AtomicUsize::new(0));
        let message = Arc::new(Message::event(Text(text, rendered.clone()), 1));
        hub.publish("room", &message, None);
        // All are kept, so two that are at one address are one.
        let frames: Vec<_> = members
            .iter_mut()
            .map(|(member, encoding)| member.try_next().unwrap().frame(member.rendering(), *encoding))
            .collect();
        let made: HashSet<_> = frames.iter().map(|frame| frame.bytes().as_ptr()).collect();
        assert_eq!((frames.len(), made.len()), (1_000, frames_of_all));
        assert_eq!(rendered.load(Ordering::Relaxed), 2);
    }
}

#[tokio::test]
async fn a_full_outbox_ends_its_own_connection_only() {
    let hub = hub(2);
    let (slow, mut quick) = (join(&hub, "ada"), join(&hub, "ada"));
    for number in ["1", "2", "3"] {
        hub.publish("ada", &text(number), None);
        assert_eq!(received(&mut quick).len(), 1);
    }
    assert_eq!(slow.closed().await.code, CloseCode::SlowConsumer);
    assert!(hub.metrics().contains("lockstep_outbox_overflows_total 1\n"));
}

#[tokio::test]
async fn a_connection_that_ends_leaves_nothing_behind() {
    let hub = hub(2);
    let connection = join(&hub, "ada");
    assert_eq!(hub.connections(), 1);
    drop(connection);
    assert_eq!(
        (hub.connections(), hub.inner.rooms.len(), hub.inner.everybody.len()),
        (0, 0, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn closing_all_waits_for_the_last() {
    let hub = hub(2);
    let leaving: Vec<_> = (0..10)
        .map(|_| {
            let connection = join(&hub, "ada");
            tokio::spawn(async move { connection.closed().await.code })
        })
        .collect();
    let start = tokio::time::Instant::now();
    hub.close_all(CloseCode::Restart, "the server restarts", Duration::from_secs(1))
        .await;
    assert_eq!(hub.connections(), 0);
    assert_eq!(start.elapsed(), Duration::from_millis(900), "ten batches, 100 ms apart");
    for closed in leaving {
        assert_eq!(closed.await.unwrap(), CloseCode::Restart);
    }
    assert_eq!(join(&hub, "late").closing().unwrap().code, CloseCode::Restart);
}

#[tokio::test(start_paused = true)]
async fn deadlines_are_kept_without_a_timer_each_and_may_be_moved() {
    let hub = hub(2);
    let (ada, eve) = (join(&hub, "ada"), join(&hub, "eve"));
    let start = tokio::time::Instant::now();
    for connection in [&ada, &eve] {
        hub.end_after(connection.handle(), Duration::from_secs(120), "too late");
    }
    hub.end_after(eve.handle(), Duration::from_secs(1), "sooner");
    assert_eq!(eve.closed().await.reason, "sooner");
    assert!((1_000..1_300).contains(&start.elapsed().as_millis()));
    assert_eq!(ada.closed().await.code, CloseCode::Policy);
    assert!((120_000..120_300).contains(&start.elapsed().as_millis()));
}

#[test]
fn the_hub_knows_no_protocol() {
    let mut sources = vec![include_str!("../hub.rs").to_owned()];
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/hub"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.to_string_lossy().contains("hub/tests") {
                sources.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    assert!(sources.len() > 5);
    for source in sources {
        for forbidden in [
            "protocol::timers",
            "crate::service",
            "crate::ws",
            "crate::store",
            "ServerMessage",
        ] {
            assert!(!source.contains(forbidden), "{forbidden}");
        }
    }
}
