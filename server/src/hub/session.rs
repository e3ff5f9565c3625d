//! Drives a connection's socket for the protocol on top, from its first messages to its close.

use super::{
    Closing, Connection, Hub, Message,
    ending::{ConnectionError, End, Ending},
};
use crate::socket::{WriteError, codec::Goodbye};
use futures_util::FutureExt;
use protocol::socket::CloseCode;
use std::{
    convert::Infallible,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Instant,
};

/// Pings that may be unanswered before the connection is dropped.
const UNANSWERED_PINGS: u8 = 2;

/// What came in.
pub enum Incoming<T> {
    /// A text message.
    Text(T),
    /// A ping or pong: the peer lives.
    Alive,
    /// Something that ends the connection with this code and reason.
    Fault(CloseCode, &'static str),
    /// The peer closed, with the code and the reason that it gave, if it gave any.
    Closed(Goodbye),
    /// The connection broke off.
    Gone,
}

/// An open WebSocket.
pub trait Socket: Send {
    /// A text that came in.
    type Text: AsRef<str> + Send;
    /// The next thing that comes in. Cancelling loses nothing.
    fn next(&mut self) -> impl Future<Output = Incoming<Self::Text>> + Send;
    /// Hands over a message, as this connection takes it, without flushing it. Its bytes before compression.
    fn feed(
        &mut self,
        message: &Message,
        connection: &Connection,
    ) -> impl Future<Output = Result<usize, WriteError>> + Send;
    /// Writes out what was handed over; a peer that reads nothing for long is gone.
    fn flush(&mut self) -> impl Future<Output = Result<(), WriteError>> + Send;
    /// Sends a Ping frame.
    fn ping(&mut self) -> impl Future<Output = Result<(), WriteError>> + Send;
    /// Sends the close frame and waits a bounded time for the peer's.
    fn close(self, code: CloseCode, reason: &'static str) -> impl Future<Output = ()> + Send;
}

/// How a message follows on those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// It is the next one.
    Next,
    /// The client has heard it already: it is left out.
    Known,
    /// Something is missing in between: other nodes publish as well, and what they say may come later, or never.
    Later,
}

/// What runs on a connection. A panic in any of it closes that connection with 1011, and nothing else.
pub trait Protocol: Send {
    /// The connection is registered, in its rooms already: what is sent first, before anything that is published.
    ///
    /// # Errors
    /// What the connection ends with instead.
    fn connected(&mut self, connection: &mut Connection) -> impl Future<Output = Result<Vec<Message>, Closing>> + Send;
    /// A text message came.
    fn message(&mut self, connection: &mut Connection, text: &str) -> impl Future<Output = ()> + Send;
    /// A Ping or Pong frame came; pings have been answered.
    fn control_frame(&mut self, _connection: &Connection) {}
    /// How a message follows on what the client has heard; it is asked for each, in their order.
    fn follows(&mut self, _message: &Message) -> Follows {
        Follows::Next
    }
    /// What the client has to hear before a message that does not follow ([`Follows::Later`]), in its order. The answers
    /// among it are in the outbox by then.
    ///
    /// # Errors
    /// What the connection ends with, where that is no longer known.
    fn missed(&mut self, _message: &Message) -> impl Future<Output = Result<Vec<Message>, Closing>> + Send {
        std::future::ready(Ok(vec![]))
    }
    /// Something went wrong, and ends the connection: [`Self::closed`] follows.
    fn error(&mut self, _error: &ConnectionError) {}
    /// The connection ended. Where this side closes it, the Close frame is sent after this.
    fn closed(&mut self, _ending: &Ending) {}
}

struct Session<S, P> {
    hub: Hub,
    connection: Connection,
    socket: S,
    protocol: P,
    unanswered: u8,
}

impl Hub {
    /// Drives the socket until it ends.
    pub async fn serve<S: Socket, P: Protocol>(&self, connection: Connection, socket: S, protocol: P) {
        let session = Session {
            hub: self.clone(),
            connection,
            socket,
            protocol,
            unanswered: 0,
        };
        session.run().await;
    }

    /// Closes a socket whose peer may not connect.
    pub async fn refuse<S: Socket>(&self, socket: S, closing: Closing) {
        let Closing { code, reason } = closing.clone();
        self.figures().closed(&Ending::Ours(closing));
        socket.close(code, reason).await;
    }
}

impl<S: Socket, P: Protocol> Session<S, P> {
    async fn run(mut self) {
        let live = AssertUnwindSafe(self.live()).catch_unwind().await;
        let Err(end) = live.unwrap_or(Err(End::Error(ConnectionError::Panic)));
        let Ending::Ours(Closing { code, reason }) = self.ended(end).await else {
            return;
        };
        // What was said before the close is heard before it; a slow peer is where that cannot be.
        if code != CloseCode::SlowConsumer {
            let last = AssertUnwindSafe(self.write_last()).catch_unwind().await;
            if let Ok(Err(WriteError::Broken | WriteError::TimedOut)) = last {
                return;
            }
        }
        tracing::debug!(code = code.code(), reason, "closing a connection");
        self.socket.close(code, reason).await;
    }

    async fn live(&mut self) -> Result<Infallible, End> {
        // What the protocol reads first, and what is published on other nodes, must leave nothing between them.
        self.hub.settled().await;
        for message in self.protocol.connected(&mut self.connection).await? {
            self.feed(&message).await?;
        }
        self.socket.flush().await?;
        loop {
            if let Some(closing) = self.connection.closing() {
                return Err(closing.into());
            }
            self.step().await?;
        }
    }

    /// Counts the end and tells the protocol.
    async fn ended(&mut self, end: End) -> Ending {
        let (error, ending) = match end {
            End::Asked(closing) => (None, Ending::Ours(closing)),
            End::Closed(goodbye) => (None, Ending::Theirs(goodbye)),
            End::Closing => match self.socket.next().await {
                Incoming::Closed(goodbye) => (None, Ending::Theirs(goodbye)),
                _ => (Some(ConnectionError::Broken), Ending::Broken),
            },
            End::Error(error) => (Some(error.clone()), error.into()),
        };
        self.hub.figures().closed(&ending);
        if let Some(error) = error {
            if error == ConnectionError::Panic {
                self.hub.figures().panicked();
            }
            self.tell(|protocol| protocol.error(&error));
        }
        self.tell(|protocol| protocol.closed(&ending));
        ending
    }

    /// A panic changes nothing about the end.
    fn tell(&mut self, tell: impl FnOnce(&mut P)) {
        if catch_unwind(AssertUnwindSafe(|| tell(&mut self.protocol))).is_err() {
            self.hub.figures().panicked();
        }
    }

    async fn step(&mut self) -> Result<(), End> {
        if self.connection.take_ping() {
            if self.unanswered >= UNANSWERED_PINGS {
                return Err(End::Error(ConnectionError::Heartbeat));
            }
            self.unanswered += 1;
            tokio::select! {
                biased;
                pinged = self.socket.ping() => pinged?,
                closing = self.connection.closed() => return Err(closing.into()),
            }
        }
        if let Some(first) = self.connection.try_next() {
            self.write(first).await?;
            // More may have come meanwhile, but whoever writes is heard in between.
            return tokio::select! {
                biased;
                incoming = self.socket.next() => self.take(incoming).await,
                () = std::future::ready(()) => Ok(()),
            };
        }
        tokio::select! {
            incoming = self.socket.next() => self.take(incoming).await,
            () = self.connection.woken() => Ok(()),
        }
    }

    /// Writes what waits in the outbox in one go.
    async fn write(&mut self, first: Arc<Message>) -> Result<(), End> {
        let mut next = Some(first);
        while let Some(message) = next {
            match self.protocol.follows(&message) {
                Follows::Next => self.feed(&message).await?,
                Follows::Known => {}
                Follows::Later => self.feed_missed(&message).await?,
            }
            next = self.connection.try_next();
        }
        self.patiently_flush().await
    }

    /// Feeds what comes before a message, and the message. Where an answer tells one of it, that is fed in its place:
    /// by the time that something is missed, answers to what came before it wait in the outbox.
    async fn feed_missed(&mut self, message: &Message) -> Result<(), End> {
        let missed = self.protocol.missed(message).await?;
        let mut waiting = self.connection.take_waiting();
        for event in missed {
            let answer = waiting
                .iter()
                .position(|waiting| waiting.answers() && waiting.seq().is_some() && waiting.seq() == event.seq());
            match answer.and_then(|place| waiting.remove(place)) {
                Some(answer) => self.feed(&answer).await?,
                None => self.feed(&event).await?,
            }
        }
        self.connection.put_back(waiting);
        if message.is_head() {
            return Ok(());
        }
        self.feed(message).await
    }

    /// Writes what still waits, now that the end is known.
    async fn write_last(&mut self) -> Result<(), WriteError> {
        while let Some(message) = self.connection.try_next() {
            match self.protocol.follows(&message) {
                Follows::Next => {
                    let bytes = self.socket.feed(&message, &self.connection).await?;
                    self.hub.figures().said(1, bytes as u64);
                }
                Follows::Known => {}
                // Without what comes before it, whoever recovers would not know that it is missing.
                Follows::Later => break,
            }
        }
        self.socket.flush().await
    }

    /// A peer that does not read must not keep its own close waiting; one that does hears all first.
    async fn patiently_flush(&mut self) -> Result<(), End> {
        tokio::select! {
            biased;
            flushed = self.socket.flush() => Ok(flushed?),
            closing = self.connection.closed() => Err(closing.into()),
        }
    }

    async fn feed(&mut self, message: &Message) -> Result<(), End> {
        tokio::select! {
            biased;
            fed = self.socket.feed(message, &self.connection) => {
                self.hub.figures().said(1, fed? as u64);
                Ok(())
            }
            closing = self.connection.closed() => Err(closing.into()),
        }
    }

    async fn take(&mut self, incoming: Incoming<S::Text>) -> Result<(), End> {
        match incoming {
            Incoming::Text(text) => {
                self.unanswered = 0;
                let text = text.as_ref();
                self.hub.figures().heard(text.len());
                let start = Instant::now();
                self.protocol.message(&mut self.connection, text).await;
                self.hub.figures().handled(start.elapsed());
                Ok(())
            }
            Incoming::Alive => {
                self.unanswered = 0;
                self.protocol.control_frame(&self.connection);
                Ok(())
            }
            Incoming::Fault(code, reason) => {
                let fault = ConnectionError::Fault(Closing { code, reason });
                Err(End::Error(fault))
            }
            Incoming::Closed(goodbye) => Err(End::Closed(goodbye)),
            Incoming::Gone => Err(End::Error(ConnectionError::Broken)),
        }
    }
}
