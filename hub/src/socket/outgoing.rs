//! Frames that wait to be written.

use crate::codec::{Frame, Opcode, control};
use bytes::{Buf, Bytes};
use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::io::AsyncWrite;

/// Maximum of frames in one vectored write.
const SLICES: usize = 64;
/// Capacity beyond this is freed.
const KEPT: usize = 64;

/// The queued frames, shared with other connections that get the same.
#[derive(Default)]
pub(super) struct Outgoing {
    queue: VecDeque<Bytes>,
    bytes: usize,
    /// The newest unanswered ping: a pong to it answers earlier ones as well (RFC 6455, 5.5.3), so a peer that pings but
    /// does not read takes no memory.
    ping: Option<Vec<u8>>,
}

impl Outgoing {
    pub fn push(&mut self, frame: &Frame) {
        self.bytes += frame.bytes().len();
        self.queue.push_back(frame.bytes().clone());
    }

    /// Queues the last frame; nothing follows it.
    pub fn push_last(&mut self, frame: &Frame) {
        self.ping = None;
        self.push(frame);
    }

    /// Answers a ping at the next flush.
    pub fn pong(&mut self, ping: Vec<u8>) {
        self.ping = Some(ping);
    }

    /// The number of bytes that wait.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn is_empty(&self) -> bool {
        self.queue.is_empty() && self.ping.is_none()
    }

    /// Writes until the queue is empty. Cancel-safe.
    pub fn poll_flush(&mut self, io: &mut (impl AsyncWrite + Unpin), cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.is_empty() {
            if self.queue.is_empty()
                && let Some(ping) = self.ping.take()
            {
                self.push(&control(Opcode::Pong, &ping));
            }
            let mut slices = [IoSlice::new(&[]); SLICES];
            let count = self.queue.len().min(SLICES);
            for (slice, frame) in slices.iter_mut().zip(&self.queue) {
                *slice = IoSlice::new(frame);
            }
            let written = match &slices[..count] {
                [one] => ready!(Pin::new(&mut *io).poll_write(cx, one)),
                many => ready!(Pin::new(&mut *io).poll_write_vectored(cx, many)),
            }?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.advance(written);
        }
        self.queue.shrink_to(KEPT);
        Pin::new(io).poll_flush(cx)
    }

    fn advance(&mut self, mut written: usize) {
        self.bytes -= written;
        while let Some(first) = self.queue.front_mut() {
            if written < first.len() {
                first.advance(written);
                return;
            }
            written -= first.len();
            self.queue.pop_front();
        }
    }
}
