//! A TCP connection with timeouts for its peer.

use super::{Timeouts, caps::Permit};
use axum::body::HttpBody;
use hyper::{Request, body::Incoming};
use std::{
    io,
    mem::MaybeUninit,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep},
};

/// The minimum reading rate of a peer, in bytes per second; a slower one uses up the time for an answer.
const SLOWEST_READER: u32 = 1024;
/// Number of bytes read and discarded after the last answer, so that unread input does not reset the connection before
/// the peer has the answer (RFC 9112, 9.6).
const LINGER_BYTES: usize = 512 * 1024;
/// The maximum time for that.
const LINGER: Duration = Duration::from_secs(2);

/// The state of the exchange of requests and answers; shared by a connection, its bodies and its service.
#[derive(Default)]
pub struct Exchange {
    phase: AtomicU8,
    /// Whether the body of the current request has been read to its end.
    body_read: AtomicBool,
}

/// Waiting for a request's head, which has its own deadline.
const HEAD: u8 = 0;
/// Between an answer and the first byte of the next request.
const IDLE: u8 = 1;
/// Between a request's head and the end of its answer.
const REQUEST: u8 = 2;
/// Upgraded: a WebSocket has its own timeouts.
const UPGRADED: u8 = 3;

impl Exchange {
    /// Called when a head has arrived.
    pub fn begin_request(&self, request: &Request<Incoming>) {
        self.body_read.store(request.body().is_end_stream(), Ordering::Release);
        self.phase.store(REQUEST, Ordering::Release);
    }

    /// Called when the request's body has been read to its end.
    pub fn body_read(&self) {
        self.body_read.store(true, Ordering::Release);
    }

    /// Whether the request is being answered without reading its whole body.
    pub fn leave_body_unread(&self) -> bool {
        !self.body_read.load(Ordering::Acquire)
    }

    /// Called when the answer has been written or dropped.
    pub fn end_response(&self) {
        if self.body_read.load(Ordering::Acquire) {
            // A connection that was upgraded meanwhile stays upgraded.
            let _ = self
                .phase
                .compare_exchange(REQUEST, IDLE, Ordering::AcqRel, Ordering::Acquire);
        }
    }

    /// Called when the connection is no longer HTTP.
    pub fn upgrade(&self) {
        self.phase.store(UPGRADED, Ordering::Release);
    }

    fn phase(&self) -> u8 {
        self.phase.load(Ordering::Acquire)
    }
}

/// A connection that fails with [`io::ErrorKind::TimedOut`] if its peer keeps it waiting.
pub struct PeerStream {
    stream: TcpStream,
    timeouts: Timeouts,
    exchange: Arc<Exchange>,
    /// The deadline of the head that is arriving.
    head: Option<Pin<Box<Sleep>>>,
    /// Whether any byte of that head has arrived.
    head_begun: bool,
    /// The deadline for the peer to accept more data, while it accepts none.
    write: Option<Pin<Box<Sleep>>>,
    linger: Option<Linger>,
    _permit: Permit,
}

struct Linger {
    deadline: Pin<Box<Sleep>>,
    bytes_left: usize,
}

impl PeerStream {
    pub fn new(stream: TcpStream, timeouts: Timeouts, permit: Permit) -> (Self, Arc<Exchange>) {
        let exchange = Arc::<Exchange>::default();
        let stream = Self {
            stream,
            timeouts,
            exchange: exchange.clone(),
            head: None,
            head_begun: false,
            write: None,
            linger: None,
            _permit: permit,
        };
        (stream, exchange)
    }

    pub fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// Fails a write that is pending for longer than the timeout.
    fn poll_write_deadline<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        let timeout = self.timeouts.write;
        let deadline = self.write.get_or_insert_with(|| Box::pin(sleep(timeout)));
        ready!(deadline.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Extends the write deadline for `bytes` that the peer accepted, by the minimum rate, up to the whole timeout from
    /// now.
    fn written(&mut self, bytes: usize) {
        let Some(deadline) = &mut self.write else { return };
        if self.exchange.phase() == UPGRADED {
            self.write = None;
            return;
        }
        let bought = Duration::from_secs(1) * u32::try_from(bytes).unwrap_or(u32::MAX) / SLOWEST_READER;
        let at = (deadline.deadline() + bought).min(Instant::now() + self.timeouts.write);
        deadline.as_mut().reset(at);
    }

    fn poll_written(&mut self, cx: &mut Context<'_>, done: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match done {
            Poll::Pending => self.poll_write_deadline(cx),
            Poll::Ready(Ok(bytes)) => {
                self.written(bytes);
                Poll::Ready(Ok(bytes))
            }
            failed => failed,
        }
    }

    /// Whether the peer may have sent data that is unread when the connection ends.
    fn leaves_input_unread(&self) -> bool {
        match self.exchange.phase() {
            HEAD => self.head_begun,
            REQUEST => self.exchange.leave_body_unread(),
            _ => false,
        }
    }
}

impl AsyncRead for PeerStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let phase = this.exchange.phase();
        if phase != HEAD {
            this.head = None;
            this.head_begun = false;
        } else if this.head.is_none() {
            this.head = Some(Box::pin(sleep(this.timeouts.head)));
        }
        let before = buffer.filled().len();
        match Pin::new(&mut this.stream).poll_read(cx, buffer) {
            Poll::Ready(result) => {
                let arrived = buffer.filled().len() > before;
                if arrived && phase == IDLE {
                    this.exchange.phase.store(HEAD, Ordering::Release);
                }
                this.head_begun |= arrived && phase != REQUEST;
                Poll::Ready(result)
            }
            Poll::Pending => {
                let Some(deadline) = &mut this.head else {
                    return Poll::Pending;
                };
                ready!(deadline.as_mut().poll(cx));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl AsyncWrite for PeerStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let done = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.poll_written(cx, done)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let done = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.poll_written(cx, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Called when everything is written: resets the write deadline for the next answer.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(Pin::new(&mut this.stream).poll_flush(cx))?;
        this.write = None;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.linger.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
            if !this.leaves_input_unread() {
                return Poll::Ready(Ok(()));
            }
        }
        let linger = this.linger.get_or_insert_with(|| Linger {
            deadline: Box::pin(sleep(LINGER)),
            bytes_left: LINGER_BYTES,
        });
        linger.poll(&mut this.stream, cx).map(Ok)
    }
}

impl Linger {
    /// Reads until the peer closes, or the limit of bytes or time is reached.
    fn poll(&mut self, stream: &mut TcpStream, cx: &mut Context<'_>) -> Poll<()> {
        let mut bytes = [MaybeUninit::uninit(); 8 * 1024];
        loop {
            let mut buffer = ReadBuf::uninit(&mut bytes);
            match Pin::new(&mut *stream).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    let Some(left) = self.bytes_left.checked_sub(buffer.filled().len()) else {
                        return Poll::Ready(());
                    };
                    self.bytes_left = left;
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return self.deadline.as_mut().poll(cx),
            }
        }
    }
}
