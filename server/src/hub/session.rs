//! Drives a connection's socket for the protocol on top, from its first messages to its close.

use super::{Closing, Connection, Hub, Message};
use futures_util::FutureExt;
use protocol::wire::CloseCode;
use std::{future::Future, panic::AssertUnwindSafe, sync::Arc, time::Instant};

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
    /// The peer closed, or is gone.
    Gone,
}

/// The peer is gone; nothing more can be written.
#[derive(Debug)]
pub struct Gone;

/// An open WebSocket.
pub trait Socket: Send {
    /// A text that came in.
    type Text: AsRef<str> + Send;
    /// The next thing that comes in. Cancelling loses nothing.
    fn next(&mut self) -> impl Future<Output = Incoming<Self::Text>> + Send;
    /// Hands over a message, as this connection takes it, without flushing it. Its bytes before compression.
    fn feed(&mut self, message: &Message, connection: &Connection) -> impl Future<Output = Result<usize, Gone>> + Send;
    /// Writes out what was handed over; a peer that reads nothing for long is gone.
    fn flush(&mut self) -> impl Future<Output = Result<(), Gone>> + Send;
    /// Sends a Ping frame.
    fn ping(&mut self) -> impl Future<Output = Result<(), Gone>> + Send;
    /// Sends the close frame and waits a bounded time for the peer's.
    fn close(self, code: CloseCode, reason: &'static str) -> impl Future<Output = ()> + Send;
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
    /// Whether a message is new to the client; one that is not is left out.
    fn wants(&self, _message: &Message) -> bool {
        true
    }
    /// The connection ended; `None`: the peer went.
    fn closed(&mut self, _closing: Option<&Closing>) {}
}

/// `None`: nobody is there to read a close frame.
type End = Option<Closing>;

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
}

impl<S: Socket, P: Protocol> Session<S, P> {
    async fn run(mut self) {
        let end = match self.begin().await {
            Ok(()) => self.live().await,
            Err(end) => end,
        };
        let _ = std::panic::catch_unwind(AssertUnwindSafe(|| self.protocol.closed(end.as_ref())));
        let Some(Closing { code, reason }) = end else {
            return self.hub.figures().closed(1006);
        };
        self.hub.figures().closed(code.code());
        // What was said before the close is heard before it; a slow peer is where that cannot be.
        if code != CloseCode::SlowConsumer && self.write_last().await.is_err() {
            return;
        }
        tracing::debug!(code = code.code(), reason, "closing a connection");
        self.socket.close(code, reason).await;
    }

    async fn begin(&mut self) -> Result<(), End> {
        let first = AssertUnwindSafe(self.protocol.connected(&mut self.connection)).catch_unwind();
        let first = first.await.unwrap_or_else(|_| Err(self.panicked())).map_err(Some)?;
        for message in first {
            self.feed(&message).await?;
        }
        self.socket.flush().await.map_err(|Gone| None)
    }

    async fn live(&mut self) -> End {
        loop {
            if let Some(closing) = self.connection.closing() {
                return Some(closing);
            }
            if let Err(end) = self.step().await {
                return end;
            }
        }
    }

    async fn step(&mut self) -> Result<(), End> {
        if self.connection.take_ping() {
            if self.unanswered >= UNANSWERED_PINGS {
                return Err(None);
            }
            self.unanswered += 1;
            tokio::select! {
                biased;
                pinged = self.socket.ping() => pinged.map_err(|Gone| None)?,
                closing = self.connection.closed() => return Err(Some(closing)),
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
            if self.protocol.wants(&message) {
                self.feed(&message).await?;
            }
            next = self.connection.try_next();
        }
        self.patiently_flush().await
    }

    /// Writes what still waits, now that the end is known.
    async fn write_last(&mut self) -> Result<(), Gone> {
        while let Some(message) = self.connection.try_next() {
            if self.protocol.wants(&message) {
                let bytes = self.socket.feed(&message, &self.connection).await?;
                self.hub.figures().said(1, bytes as u64);
            }
        }
        self.socket.flush().await
    }

    /// A peer that does not read must not keep its own close waiting; one that does hears all first.
    async fn patiently_flush(&mut self) -> Result<(), End> {
        tokio::select! {
            biased;
            flushed = self.socket.flush() => flushed.map_err(|Gone| None),
            closing = self.connection.closed() => Err(Some(closing)),
        }
    }

    async fn feed(&mut self, message: &Message) -> Result<(), End> {
        tokio::select! {
            biased;
            fed = self.socket.feed(message, &self.connection) => {
                let bytes = fed.map_err(|Gone| None)?;
                self.hub.figures().said(1, bytes as u64);
                Ok(())
            }
            closing = self.connection.closed() => Err(Some(closing)),
        }
    }

    async fn take(&mut self, incoming: Incoming<S::Text>) -> Result<(), End> {
        match incoming {
            Incoming::Text(text) => {
                self.unanswered = 0;
                let text = text.as_ref();
                self.hub.figures().heard(text.len());
                let start = Instant::now();
                let handled = AssertUnwindSafe(self.protocol.message(&mut self.connection, text)).catch_unwind();
                let handled = handled.await;
                self.hub.figures().handled(start.elapsed());
                handled.map_err(|_| Some(self.panicked()))
            }
            Incoming::Alive => {
                self.unanswered = 0;
                Ok(())
            }
            Incoming::Fault(code, reason) => Err(Some(Closing { code, reason })),
            Incoming::Gone => Err(None),
        }
    }

    fn panicked(&self) -> Closing {
        self.hub.figures().panicked();
        Closing {
            code: CloseCode::Internal,
            reason: "internal error",
        }
    }
}
