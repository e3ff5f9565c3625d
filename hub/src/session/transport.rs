//! A connection's socket and outbox.

use crate::{
    CloseFrame, ConnectionError, FetchError, Handle, Hub, Message,
    codec::PeerClose,
    connection::Entry,
    outcome::SessionExit,
    protocol::Delivery,
    socket::{Incoming, Socket, WriteError},
};
use tokio::io::{AsyncRead, AsyncWrite};

/// Unanswered pings after which the connection is dropped.
const UNANSWERED_PINGS: u8 = 2;

/// The transport of a socket.
pub(crate) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

pub(super) struct Transport<S> {
    handle: Handle,
    socket: Socket<S>,
    unanswered_pings: u8,
    /// The received event that is not handled yet. Nothing more is read meanwhile, so a client cannot queue messages here.
    incoming: Option<Incoming>,
    /// Received Ping and Pong frames.
    control_frames: usize,
}

impl<S: Io> Transport<S> {
    pub fn new(handle: Handle, socket: Socket<S>) -> Self {
        Self {
            handle,
            socket,
            unanswered_pings: 0,
            incoming: None,
            control_frames: 0,
        }
    }

    /// Waits until something was received, or there may be something to write. Cancel-safe.
    pub async fn wait(&mut self) {
        if self.incoming.is_some() {
            return self.handle.wait_for_work().await;
        }
        tokio::select! {
            incoming = self.socket.next() => {
                self.unanswered_pings = 0;
                match incoming {
                    Incoming::KeepAlive => self.control_frames += 1,
                    other => self.incoming = Some(other),
                }
            }
            () = self.handle.wait_for_work() => {}
        }
    }

    pub fn take_incoming(&mut self) -> Option<Incoming> {
        self.incoming.take()
    }

    pub fn take_control_frames(&mut self) -> usize {
        std::mem::take(&mut self.control_frames)
    }

    /// Whether nothing more will be received.
    pub fn has_ended(&self) -> bool {
        matches!(self.incoming, Some(Incoming::Closed(_) | Incoming::Disconnected))
    }

    /// Why nothing more will be received.
    pub fn exit(&mut self) -> SessionExit {
        match self.incoming.take() {
            Some(Incoming::Closed(peer)) => SessionExit::PeerClosed(peer),
            _ => SessionExit::Error(ConnectionError::Disconnected),
        }
    }

    /// Writes everything that is due: a ping, and the outbox.
    ///
    /// # Errors
    /// Why the connection ends.
    pub async fn write(&mut self) -> Result<(), SessionExit> {
        // An await below may consume a wake-up, so the loop ends only when nothing is left.
        loop {
            if let Some(close) = self.handle.closing() {
                return Err(close.into());
            }
            if self.handle.take_ping() {
                Box::pin(self.ping()).await?;
                continue;
            }
            let Some(first) = self.handle.next_entry() else {
                return Ok(());
            };
            let mut next = Some(first);
            while let Some(entry) = next {
                self.write_entry(entry).await?;
                next = self.handle.next_entry();
            }
            self.flush().await?;
        }
    }

    async fn ping(&mut self) -> Result<(), SessionExit> {
        // While a message waits for its handler nothing is read, so no pong could be received.
        if self.incoming.is_some() {
            return Ok(());
        }
        if self.unanswered_pings >= UNANSWERED_PINGS {
            return Err(SessionExit::Error(ConnectionError::Heartbeat));
        }
        self.unanswered_pings += 1;
        tokio::select! {
            biased;
            pinged = self.socket.ping() => Ok(pinged?),
            close = self.handle.close_requested() => Err(close.into()),
        }
    }

    async fn write_entry(&mut self, entry: Entry) -> Result<(), SessionExit> {
        match entry {
            Entry::Message(message) => match Hub::delivery(&self.handle, &message) {
                Delivery::InOrder => self.feed(&message).await,
                Delivery::Duplicate => Ok(()),
                Delivery::Gap { after } => Box::pin(self.feed_missing(&message, after)).await,
            },
            Entry::Start(messages) => {
                for message in messages {
                    self.feed(&message).await?;
                }
                Ok(())
            }
        }
    }

    /// Feeds the events before a message, and the message. An acknowledgement of one of these events that waits in the
    /// outbox is fed in the event's place.
    async fn feed_missing(&mut self, message: &Message, after: u64) -> Result<(), SessionExit> {
        let Some((stream, seq)) = message.position() else {
            return Ok(());
        };
        let hub = self.handle.hub().clone();
        let events = tokio::select! {
            biased;
            events = hub.fetch(stream, after) => events,
            close = self.handle.close_requested() => return Err(close.into()),
        };
        let fetch_failed = |error| SessionExit::Error(ConnectionError::Fetch(error));
        let events = events.map_err(fetch_failed)?;
        tracing::debug!(%stream, after, seq, "events were missing before a message");
        let last = if message.is_watermark() { seq } else { seq - 1 };
        let mut delivered = after;
        for event in events {
            let Some((_, number)) = event
                .position()
                .filter(|(_, number)| *number == delivered + 1 && *number <= last)
            else {
                break;
            };
            match self.handle.take_ack((stream, number)) {
                Some(ack) => self.feed(&ack).await?,
                None => self.feed(&event).await?,
            }
            delivered = number;
            self.handle.set_delivered(stream, number);
        }
        if delivered < last {
            return Err(fetch_failed(FetchError::TooOld));
        }
        if message.is_watermark() {
            return Ok(());
        }
        self.handle.set_delivered(stream, seq);
        self.feed(message).await
    }

    async fn feed(&mut self, message: &Message) -> Result<(), SessionExit> {
        let Self { handle, socket, .. } = self;
        let frame = message.frame(&handle.format(), socket.encoding());
        let metrics = handle.hub().metrics();
        tokio::select! {
            biased;
            fed = socket.feed(&frame) => {
                fed?;
                metrics.messages_out.inc();
                metrics.bytes_out.inc_by(frame.bytes().len() as u64);
                Ok(())
            }
            close = handle.close_requested() => Err(close.into()),
        }
    }

    /// Flushes until a close is requested: a peer that does not read must not delay its own close.
    async fn flush(&mut self) -> Result<(), SessionExit> {
        tokio::select! {
            biased;
            flushed = self.socket.flush() => Ok(flushed?),
            close = self.handle.close_requested() => Err(close.into()),
        }
    }

    /// Writes the rest of the outbox before the connection is closed.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn write_last(&mut self) -> Result<(), WriteError> {
        while let Some(entry) = self.handle.next_entry() {
            match entry {
                Entry::Message(message) => match Hub::delivery(&self.handle, &message) {
                    Delivery::InOrder => self.feed_last(&message).await?,
                    Delivery::Duplicate => {}
                    // Without the events before it, the client would not notice that they are missing.
                    Delivery::Gap { .. } => break,
                },
                Entry::Start(messages) => {
                    for message in messages {
                        self.feed_last(&message).await?;
                    }
                }
            }
        }
        self.socket.flush().await
    }

    async fn feed_last(&mut self, message: &Message) -> Result<(), WriteError> {
        let frame = message.frame(&self.handle.format(), self.socket.encoding());
        self.socket.feed(&frame).await?;
        let metrics = self.handle.hub().metrics();
        metrics.messages_out.inc();
        metrics.bytes_out.inc_by(frame.bytes().len() as u64);
        Ok(())
    }

    /// The Close frame of the peer; `None` if the transport closed without one.
    pub async fn peer_close(&mut self) -> Option<PeerClose> {
        if let Some(Incoming::Closed(peer)) = self.incoming.take() {
            return Some(peer);
        }
        match self.socket.next().await {
            Incoming::Closed(peer) => Some(peer),
            _ => None,
        }
    }

    /// Sends the Close frame, and waits a bounded time for the peer's.
    pub async fn close(&mut self, close: &CloseFrame) {
        self.socket.close(close.code.get(), &close.reason).await;
    }
}
