//! How a connection's socket is driven, for made-up protocols.

use super::*;
use crate::socket::WriteError;
use tokio::sync::mpsc;

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
