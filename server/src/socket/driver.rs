//! A codec on a connection.

use super::{
    codec::{Decoder, Encoding, Event, Fault, Frame, Goodbye, Opcode, close, control},
    outgoing::Outgoing,
};
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

/// Read at once, on the stack: an idle socket has no buffer at all.
const READ_BYTES: usize = 16 * 1024;
/// Beyond this, what is fed is written out first.
const FED_BYTES: usize = 256 * 1024;
/// A peer that takes nothing for this long is gone.
const WRITE_WAIT: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 30 });
/// How long a peer may take to read the close frame and answer it.
const CLOSE_WAIT: Duration = Duration::from_secs(2);

/// An open WebSocket.
pub struct Socket<S = TokioIo<Upgraded>> {
    io: S,
    decoder: Decoder,
    encoding: Encoding,
    /// What was read and not decoded yet.
    inbox: BytesMut,
    outgoing: Outgoing,
    /// Nothing more is decoded: the peer said goodbye, or something that cannot be read.
    deaf: bool,
    /// Our own goodbye is on its way; there is only one.
    leaving: bool,
    /// What the peer said when it closed, until that is told.
    goodbye: Option<Goodbye>,
}

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// A ping or pong: the peer lives.
    Alive,
    /// Something that is to end the connection with its code and reason.
    Fault(Fault),
    /// The peer closed, with the code and the reason that it gave, if it gave any; it was answered. Told once.
    Closed(Goodbye),
    /// The connection is.
    Gone,
}

/// Why nothing more can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Somebody closed: nothing comes after a Close frame (RFC 6455, 5.5.1). [`Socket::next`] tells what the peer said.
    #[error("the WebSocket is closed")]
    Closed,
    /// The connection broke off.
    #[error("the connection broke off")]
    Broken,
    /// The peer took nothing for long.
    #[error("the write took too long")]
    TimedOut,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// Takes over a connection on which the handshake was done.
    pub fn new(io: S, max_message_bytes: usize, encoding: Encoding) -> Self {
        Self {
            io,
            decoder: Decoder::new(max_message_bytes, encoding != Encoding::Plain),
            encoding,
            inbox: BytesMut::new(),
            outgoing: Outgoing::default(),
            deaf: false,
            leaving: false,
            goodbye: None,
        }
    }

    /// How its messages are to be framed.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The next thing that comes in. Pings and the peer's goodbye are answered here. Cancelling loses nothing.
    pub async fn next(&mut self) -> Incoming {
        if !self.deaf {
            match poll_fn(|cx| self.poll_next(cx)).await {
                Ok(Event::Text(text)) => return Incoming::Text(text),
                Ok(Event::Binary(bytes)) => return Incoming::Binary(bytes),
                Ok(Event::Ping(payload)) => {
                    self.outgoing.pong(payload);
                    return Incoming::Alive;
                }
                Ok(Event::Pong) => return Incoming::Alive,
                Ok(Event::Close(goodbye)) => {
                    self.deaf = true;
                    // Its code is sent back, its reason need not be.
                    self.leave(goodbye.as_ref().map(|(code, _)| (*code, "")));
                    self.goodbye = Some(goodbye);
                }
                Err(Broken::Fault(fault)) => {
                    self.deaf = true;
                    return Incoming::Fault(fault);
                }
                Err(Broken::Gone) => return Incoming::Gone,
            }
        }
        if self.leaving {
            self.end().await;
        }
        self.goodbye.take().map_or(Incoming::Gone, Incoming::Closed)
    }

    /// Hands over a message without flushing it, unless much waits already. Cancelling loses nothing once it is polled.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn feed(&mut self, frame: &Frame) -> Result<(), WriteError> {
        if self.leaving {
            return Err(WriteError::Closed);
        }
        self.outgoing.push(frame);
        if self.outgoing.bytes() > FED_BYTES {
            self.flush().await?;
        }
        Ok(())
    }

    /// Writes out what was handed over. Cancelling loses nothing.
    ///
    /// # Errors
    /// [`WriteError::Broken`], [`WriteError::TimedOut`].
    pub async fn flush(&mut self) -> Result<(), WriteError> {
        // Most often the kernel takes it all, and no timer is needed.
        let done = match poll_fn(|cx| Poll::Ready(self.outgoing.poll_flush(&mut self.io, cx))).await {
            Poll::Ready(done) => done,
            Poll::Pending => timeout(WRITE_WAIT, self.write_out())
                .await
                .map_err(|_| WriteError::TimedOut)?,
        };
        done.map_err(|_| WriteError::Broken)
    }

    /// Sends a Ping frame.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn ping(&mut self) -> Result<(), WriteError> {
        self.feed(&control(Opcode::Ping, &[])).await?;
        self.flush().await
    }

    /// Sends the close frame, unless one was sent, and waits a bounded time for the peer's, so that the reason is not
    /// lost with the connection.
    pub async fn close(mut self, code: u16, reason: &str) {
        self.leave(Some((code, reason)));
        self.end().await;
    }

    fn leave(&mut self, goodbye: Option<(u16, &str)>) {
        if !std::mem::replace(&mut self.leaving, true) {
            self.outgoing.push_last(&close(goodbye));
        }
    }

    /// Writes what waits, hears the peer's goodbye where it is still to come, and takes the connection down. What
    /// comes in meanwhile is read and thrown away: unread it would reset the connection, and our last words with it.
    async fn end(&mut self) {
        let end = async {
            self.write_out().await?;
            while !self.deaf {
                match poll_fn(|cx| self.poll_next(cx)).await {
                    Ok(Event::Close(_)) | Err(_) => self.deaf = true,
                    Ok(_) => {}
                }
            }
            self.io.shutdown().await?;
            while poll_fn(|cx| self.poll_read(cx)).await? > 0 {
                self.inbox.clear();
            }
            io::Result::Ok(())
        };
        // A peer that does not answer in time is left.
        let _ = timeout(CLOSE_WAIT, end).await;
    }

    async fn write_out(&mut self) -> io::Result<()> {
        poll_fn(|cx| self.outgoing.poll_flush(&mut self.io, cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Event, Broken>> {
        loop {
            // Before anything more is decoded, so that each ping gets its pong as long as the peer reads.
            if !self.outgoing.is_empty()
                && let Poll::Ready(Err(_)) = self.outgoing.poll_flush(&mut self.io, cx)
            {
                return Poll::Ready(Err(Broken::Gone));
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
                Ok(0) | Err(_) => return Poll::Ready(Err(Broken::Gone)),
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

/// Why nothing comes in any more.
enum Broken {
    Fault(Fault),
    Gone,
}

#[cfg(test)]
mod tests;
