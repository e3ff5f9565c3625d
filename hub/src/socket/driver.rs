//! Drives a codec on a connection.

use super::outgoing::Outgoing;
use crate::codec::{Decoder, Encoding, Event, Fault, Frame, Opcode, PeerClose, close, control};
use bytes::BytesMut;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use std::{
    future::poll_fn,
    io,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf},
    time::timeout,
};

/// Size of a read, on the stack: an idle socket has no buffer.
const READ_BYTES: usize = 16 * 1024;
/// With more bytes queued, they are written out first.
const FED_BYTES: usize = 256 * 1024;
/// How long a peer may take to read the Close frame and answer it.
const CLOSE_WAIT: Duration = Duration::from_secs(2);

/// An open WebSocket.
pub struct Socket<S = TokioIo<Upgraded>> {
    io: S,
    decoder: Decoder,
    encoding: Encoding,
    /// Input that is not decoded yet.
    inbox: BytesMut,
    outgoing: Outgoing,
    /// A peer that reads nothing for this long is disconnected.
    write_timeout: Duration,
    /// Nothing more is decoded: the peer closed, or sent something invalid.
    read_closed: bool,
    /// Our Close frame has been queued; there is only one.
    close_sent: bool,
    /// The peer's Close frame, until it is returned.
    peer_close: Option<PeerClose>,
}

/// An event from the peer.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// A ping or pong. Pings are answered by the socket.
    KeepAlive,
    /// A violation of the protocol, which must end the connection with its code and reason.
    Fault(Fault),
    /// The peer closed, with its code and reason, if any, and was answered. Returned once.
    Closed(PeerClose),
    /// The transport closed without a Close frame.
    Disconnected,
}

/// Why nothing more can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A Close frame was sent: nothing may follow it (RFC 6455, 5.5.1). [`Socket::next`] returns the peer's.
    #[error("the WebSocket is closed")]
    Closed,
    /// The transport closed.
    #[error("the connection broke off")]
    Disconnected,
    /// The peer read nothing within the timeout.
    #[error("the write took too long")]
    TimedOut,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// Takes over a connection after the handshake. Messages of more than `max_message_bytes` are a [`Fault`]; a peer that reads
    /// nothing of what is written for `write_timeout` is disconnected.
    pub fn new(io: S, max_message_bytes: usize, encoding: Encoding, write_timeout: Duration) -> Self {
        Self {
            io,
            decoder: Decoder::new(max_message_bytes, encoding != Encoding::Plain),
            encoding,
            inbox: BytesMut::new(),
            outgoing: Outgoing::default(),
            write_timeout,
            read_closed: false,
            close_sent: false,
            peer_close: None,
        }
    }

    /// The encoding of its messages.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The next event. Pings and the peer's Close frame are answered here. Cancel-safe.
    pub async fn next(&mut self) -> Incoming {
        if !self.read_closed {
            match poll_fn(|cx| self.poll_next(cx)).await {
                Ok(Event::Text(text)) => return Incoming::Text(text),
                Ok(Event::Binary(bytes)) => return Incoming::Binary(bytes),
                Ok(Event::Ping(payload)) => {
                    self.outgoing.pong(payload);
                    return Incoming::KeepAlive;
                }
                Ok(Event::Pong) => return Incoming::KeepAlive,
                Ok(Event::Close(peer_close)) => {
                    self.read_closed = true;
                    // The code is sent back; the reason need not be.
                    self.queue_close(peer_close.as_ref().map(|(code, _)| (*code, "")));
                    self.peer_close = Some(peer_close);
                }
                Err(Broken::Fault(fault)) => {
                    self.read_closed = true;
                    return Incoming::Fault(fault);
                }
                Err(Broken::Disconnected) => return Incoming::Disconnected,
            }
        }
        if self.close_sent {
            Box::pin(self.end()).await;
        }
        self.peer_close.take().map_or(Incoming::Disconnected, Incoming::Closed)
    }

    /// Queues a message without flushing it, unless much is queued already. Cancel-safe once it was polled.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn feed(&mut self, frame: &Frame) -> Result<(), WriteError> {
        if self.close_sent {
            return Err(WriteError::Closed);
        }
        self.outgoing.push(frame);
        if self.outgoing.bytes() > FED_BYTES {
            Box::pin(self.flush()).await?;
        }
        Ok(())
    }

    /// Writes everything that is queued. Cancel-safe.
    ///
    /// # Errors
    /// [`WriteError::Disconnected`], [`WriteError::TimedOut`].
    pub async fn flush(&mut self) -> Result<(), WriteError> {
        // Usually the kernel accepts everything at once, and no timer is needed.
        let done = match poll_fn(|cx| Poll::Ready(self.outgoing.poll_flush(&mut self.io, cx))).await {
            Poll::Ready(done) => done,
            Poll::Pending => timeout(self.write_timeout, self.write_out())
                .await
                .map_err(|_| WriteError::TimedOut)?,
        };
        done.map_err(|_| WriteError::Disconnected)
    }

    /// Sends a Ping frame.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn ping(&mut self) -> Result<(), WriteError> {
        self.feed(&control(Opcode::Ping, &[])).await?;
        self.flush().await
    }

    /// Sends the Close frame, unless one was sent, and waits a bounded time for the peer's, so that the reason is not lost
    /// with the connection.
    pub async fn close(&mut self, code: u16, reason: &str) {
        self.queue_close(Some((code, reason)));
        self.end().await;
    }

    fn queue_close(&mut self, frame: Option<(u16, &str)>) {
        if !std::mem::replace(&mut self.close_sent, true) {
            self.outgoing.push_last(&close(frame));
        }
    }

    /// Writes what is queued, waits for the peer's Close frame, and shuts the connection down. Input meanwhile is read and
    /// discarded: unread input would reset the connection and lose what was written last.
    async fn end(&mut self) {
        let end = async {
            self.write_out().await?;
            while !self.read_closed {
                match poll_fn(|cx| self.poll_next(cx)).await {
                    Ok(Event::Close(_)) | Err(_) => self.read_closed = true,
                    Ok(_) => {}
                }
            }
            self.io.shutdown().await?;
            while poll_fn(|cx| self.poll_read(cx)).await? > 0 {
                self.inbox.clear();
            }
            io::Result::Ok(())
        };
        // A peer that does not answer in time is not waited for any longer.
        let _ = timeout(CLOSE_WAIT, end).await;
    }

    async fn write_out(&mut self) -> io::Result<()> {
        poll_fn(|cx| self.outgoing.poll_flush(&mut self.io, cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Event, Broken>> {
        loop {
            // Before more is decoded, so that each ping gets its pong as long as the peer reads.
            if !self.outgoing.is_empty()
                && let Poll::Ready(Err(_)) = self.outgoing.poll_flush(&mut self.io, cx)
            {
                return Poll::Ready(Err(Broken::Disconnected));
            }
            match self.decoder.decode(&mut self.inbox) {
                Ok(Some(event)) => return Poll::Ready(Ok(event)),
                Ok(None) => {}
                Err(fault) => return Poll::Ready(Err(Broken::Fault(fault))),
            }
            if self.inbox.is_empty() {
                self.inbox = BytesMut::new();
            }
            match ready!(self.poll_read(cx)) {
                Ok(1..) => {}
                Ok(0) | Err(_) => return Poll::Ready(Err(Broken::Disconnected)),
            }
        }
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut bytes = [MaybeUninit::uninit(); READ_BYTES];
        let mut read = ReadBuf::uninit(&mut bytes);
        ready!(Pin::new(&mut self.io).poll_read(cx, &mut read))?;
        self.inbox.extend_from_slice(read.filled());
        Poll::Ready(Ok(read.filled().len()))
    }
}

/// Why no more input comes.
enum Broken {
    Fault(Fault),
    Disconnected,
}

#[cfg(test)]
mod tests;
