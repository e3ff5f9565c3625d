//! What goes between nodes, over a bus whose other end is the test.

use super::*;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::sync::OnceLock;

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
    let metrics = receiver.metrics();
    for figure in ["bus_messages_in_total 3", "bus_losses_total 2"] {
        assert!(metrics.contains(&format!("lockstep_{figure}\n")), "{metrics}");
    }
    assert!(sender.metrics().contains("lockstep_bus_messages_out_total 2\n"));
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
