//! The hub alone, with a made-up protocol: no network, no timer.

use super::*;
use crate::socket::{Encoding, WriteError};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use protocol::wire::Dialect;
use std::{
    collections::HashSet,
    path::PathBuf,
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use tokio::sync::mpsc;

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

/// A bus whose other end is the test.
#[derive(Default)]
struct TestBus {
    deliver: OnceLock<Deliver>,
    sent: Mutex<Vec<Bytes>>,
    subscribed: AtomicBool,
}

impl Bus for TestBus {
    fn has_peers(&self) -> bool {
        true
    }
    fn start(&self, deliver: Deliver) {
        assert!(self.deliver.set(deliver).is_ok());
    }
    fn publish(&self, _subject: &str, frame: Bytes) {
        self.sent.lock().unwrap().push(frame);
    }
    fn subscribe(&self, subject: &str) {
        self.subscribed.fetch_or(subject == "ada", Ordering::Relaxed);
    }
    fn unsubscribe(&self, _subject: &str) {
        self.subscribed.store(false, Ordering::Relaxed);
    }
    fn settled(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn another_node_hears_it_and_a_loss_ends_in_recovery() {
    let (here, there) = (Arc::new(TestBus::default()), Arc::new(TestBus::default()));
    let start = |bus: &Arc<TestBus>| Hub::new(bus.clone(), decode, 8, Duration::from_secs(30));
    let (sender, receiver) = (start(&here), start(&there));
    let (mut near, mut far) = (join(&sender, "ada"), join(&receiver, "ada"));
    assert!(there.subscribed.load(Ordering::Relaxed));
    sender.publish("ada", &text("hi"), Some(near.handle().id()));
    let frame = here.sent.lock().unwrap().pop().unwrap();
    let deliver = there.deliver.get().unwrap();
    deliver(Arrival::Frame("ada", frame));
    assert_eq!(
        (received(&mut near).len(), received(&mut far)),
        (0, vec!["Snake hi".into()])
    );
    let mut other = join(&receiver, "eve");
    far.join("eve");
    sender.publish_to_rooms(&["ada", "eve"], &text("all"), None);
    let sent = std::mem::take(&mut *here.sent.lock().unwrap());
    sent.into_iter()
        .for_each(|frame| deliver(Arrival::Frame(EVERYBODY, frame)));
    for device in [&mut near, &mut far, &mut other] {
        assert_eq!(received(device), ["Snake all"], "once, whoever is in both rooms");
    }
    deliver(Arrival::Lost("ada"));
    assert_eq!(far.closing().unwrap().code, CloseCode::SlowConsumer);
    assert!(other.closing().is_none());
    deliver(Arrival::Frame("eve", Bytes::from_static(b"short")));
    assert!(other.closing().is_some(), "what cannot be read is lost as well");
    drop(far);
    assert!(!there.subscribed.load(Ordering::Relaxed));
}

#[tokio::test]
async fn nodes_tell_each_other_what_is_for_no_connection() {
    let (here, there) = (Arc::new(TestBus::default()), Arc::new(TestBus::default()));
    let start = |bus: &Arc<TestBus>| Hub::new(bus.clone(), decode, 8, Duration::from_secs(30));
    let (sender, receiver) = (start(&here), start(&there));
    let heard = Arc::new(Mutex::new(vec![]));
    let hears = heard.clone();
    receiver.listen("names", move |signal| {
        hears.lock().unwrap().push(match signal {
            Signal::Said(said) => String::from_utf8(said.to_vec()).unwrap(),
            Signal::Lost => "lost".into(),
        });
    });
    let connection = join(&receiver, "names");
    sender.signal("names", || b"ada".to_vec());
    let frame = here.sent.lock().unwrap().pop().unwrap();
    let deliver = there.deliver.get().unwrap();
    deliver(Arrival::Frame("*topic:names", frame));
    deliver(Arrival::Lost("*topic:names"));
    assert!(connection.closing().is_none(), "a room of that name is another thing");
    deliver(Arrival::Lost(EVERYBODY));
    assert!(connection.closing().is_some());
    assert_eq!(*heard.lock().unwrap(), ["ada", "lost", "lost"]);
    hub(8).signal("names", || panic!("nobody listens"));
}

/// A socket whose peer is the test.
struct Pipe(mpsc::UnboundedReceiver<String>, mpsc::UnboundedSender<String>);

impl Socket for Pipe {
    type Text = String;
    async fn next(&mut self) -> Incoming<String> {
        self.0.recv().await.map_or(Incoming::Gone, Incoming::Text)
    }
    async fn feed(&mut self, message: &Message, connection: &Connection) -> Result<usize, WriteError> {
        let text = String::from_utf8(message.text(connection.rendering()).to_vec()).unwrap();
        let bytes = text.len();
        self.1.send(text).map_err(|_| WriteError::Broken)?;
        Ok(bytes)
    }
    async fn flush(&mut self) -> Result<(), WriteError> {
        Ok(())
    }
    async fn ping(&mut self) -> Result<(), WriteError> {
        self.1.send("PING".into()).map_err(|_| WriteError::Broken)
    }
    async fn close(self, code: CloseCode, _reason: &'static str) {
        // The test may not listen any more.
        let _ = self.1.send(format!("CLOSE {}", code.code()));
    }
}

struct Echo;

impl Protocol for Echo {
    async fn connected(&mut self, _connection: &mut Connection) -> Result<Vec<Message>, Closing> {
        Ok(vec![Message::reply(Text("hello".into(), Arc::default()))])
    }
    async fn message(&mut self, connection: &mut Connection, said: &str) {
        assert_ne!(said, "panic", "as the test wants it");
        connection.handle().send(text(said));
    }
}

fn open(hub: &Hub) -> (mpsc::UnboundedSender<String>, mpsc::UnboundedReceiver<String>) {
    let ((say, heard), (said, hear)) = (mpsc::unbounded_channel(), mpsc::unbounded_channel());
    let (serving, connection) = (hub.clone(), join(hub, "room"));
    tokio::spawn(async move { serving.serve(connection, Pipe(heard, said), Echo).await });
    (say, hear)
}

/// Knows what was said, and sees to it that its client hears all of it.
struct Ordered {
    heard: u64,
    log: Vec<&'static str>,
}

fn numbered(log: &[&str], seq: u64, make: fn(Text, u64) -> Message) -> Message {
    let said = log[usize::try_from(seq).unwrap() - 1];
    make(Text(said.into(), Arc::default()), seq)
}

impl Protocol for Ordered {
    async fn connected(&mut self, _connection: &mut Connection) -> Result<Vec<Message>, Closing> {
        Ok(vec![])
    }
    async fn message(&mut self, _connection: &mut Connection, _said: &str) {}
    fn follows(&mut self, message: &Message) -> Follows {
        let seq = message.seq().unwrap();
        if seq <= self.heard {
            return Follows::Known;
        } else if seq > self.heard + 1 {
            return Follows::Later;
        }
        self.heard = seq;
        Follows::Next
    }
    async fn missed(&mut self, message: &Message) -> Result<Vec<Message>, Closing> {
        let (first, next) = (self.heard + 1, message.seq().unwrap());
        self.heard = next;
        if next > 4 {
            return Err(Closing {
                code: CloseCode::SlowConsumer,
                reason: "too much",
            });
        }
        Ok((first..next)
            .map(|seq| numbered(&self.log, seq, Message::event))
            .collect())
    }
}

#[tokio::test]
async fn what_comes_out_of_its_order_is_heard_in_its_order_with_answers_in_their_place() {
    let hub = hub(8);
    let log = vec!["one", "two", "three", "four"];
    let ((_say, heard), (said, mut hear)) = (mpsc::unbounded_channel(), mpsc::unbounded_channel());
    let connection = join(&hub, "room");
    let answer = |text: &str, seq| Arc::new(Message::answer(Text(text.into(), Arc::default()), seq));
    // In the outbox before anything of it is read.
    hub.publish("room", &Arc::new(numbered(&log, 3, Message::event)), None);
    connection.handle().send(answer("two, as you asked", 2));
    connection.handle().send(answer("four, as you asked", 4));
    hub.publish("room", &Arc::new(numbered(&log, 1, Message::event)), None);
    let serving = hub.clone();
    let protocol = Ordered { heard: 0, log };
    tokio::spawn(async move { serving.serve(connection, Pipe(heard, said), protocol).await });
    for expected in ["one", "two, as you asked", "three", "four, as you asked"] {
        assert_eq!(hear.recv().await.unwrap(), format!("Snake {expected}"));
    }
    // What is no longer known ends the connection, and nothing is told as if it followed.
    hub.publish("room", &answer("nine", 9), None);
    assert_eq!(hear.recv().await.unwrap(), "CLOSE 4008");
}

#[tokio::test]
async fn a_panic_closes_its_own_connection_with_1011() {
    let hub = hub(8);
    let ((bad, mut hears), (good, mut other)) = (open(&hub), open(&hub));
    bad.send("panic".into()).unwrap();
    assert_eq!(hears.recv().await.unwrap(), "Snake hello");
    assert_eq!(hears.recv().await.unwrap(), "CLOSE 1011");
    good.send("still here".into()).unwrap();
    assert_eq!(other.recv().await.unwrap(), "Snake hello");
    assert_eq!(other.recv().await.unwrap(), "Snake still here");
    assert!(hub.metrics().contains("lockstep_handler_panics_total 1\n"));
}

/// Panics when it is written.
struct Unwritable;

impl Render for Unwritable {
    fn render(&self, _: &Rendering) -> String {
        panic!("as the test wants it");
    }
}

#[tokio::test]
async fn a_message_that_cannot_be_written_closes_with_1011_after_the_others() {
    let hub = hub(8);
    let (_say, mut hears) = open(&hub);
    assert_eq!(hears.recv().await.unwrap(), "Snake hello");
    hub.publish("room", &Arc::new(Message::event(Unwritable, 1)), None);
    hub.publish("room", &text("after"), None);
    assert_eq!(hears.recv().await.unwrap(), "Snake after");
    assert_eq!(hears.recv().await.unwrap(), "CLOSE 1011");
    assert!(hub.metrics().contains("lockstep_handler_panics_total 1\n"));
}

#[tokio::test(start_paused = true)]
async fn two_unanswered_pings_end_a_connection() {
    let hub = hub(8);
    let (_say, mut hear) = open(&hub);
    let mut heard = vec![];
    while let Some(text) = hear.recv().await {
        heard.push(text);
    }
    assert_eq!(heard, ["Snake hello", "PING", "PING"]);
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
            } else if !path.ends_with("hub/tests.rs") {
                sources.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    assert!(sources.len() > 5);
    for source in sources {
        for forbidden in [
            "protocol::timer",
            "crate::service",
            "crate::ws",
            "crate::store",
            "ServerMessage",
        ] {
            assert!(!source.contains(forbidden), "{forbidden}");
        }
    }
}
