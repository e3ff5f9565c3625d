//! Bodies that report the progress of their exchange to the connection.

use super::{gathered::Gathered, stream::Exchange};
use axum::{
    BoxError,
    body::{Body, Bytes, HttpBody},
};
use hyper::body::{Frame, Incoming, SizeHint};
use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Sleep, sleep};

/// A request's body, with a timeout for the whole of it.
pub struct RequestBody {
    incoming: Gathered<Incoming>,
    timeout: Duration,
    /// Set when the body is first polled.
    deadline: Option<Pin<Box<Sleep>>>,
    exchange: Arc<Exchange>,
}

impl RequestBody {
    pub fn new(incoming: Incoming, timeout: Duration, exchange: Arc<Exchange>) -> Self {
        Self {
            incoming: Gathered::new(incoming),
            timeout,
            deadline: None,
            exchange,
        }
    }
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        match Pin::new(&mut this.incoming).poll_frame(cx) {
            Poll::Ready(frame) => {
                if frame.is_none() || this.incoming.is_end_stream() {
                    this.exchange.body_read();
                }
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                let deadline = this.deadline.get_or_insert_with(|| Box::pin(sleep(this.timeout)));
                ready!(deadline.as_mut().poll(cx));
                let error = io::Error::new(io::ErrorKind::TimedOut, "the body took too long to arrive");
                Poll::Ready(Some(Err(error.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

/// A response's body. Dropping it marks the connection as idle.
pub struct ResponseBody {
    body: Body,
    exchange: Arc<Exchange>,
}

impl ResponseBody {
    pub fn new(body: Body, exchange: Arc<Exchange>) -> Self {
        Self { body, exchange }
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        self.exchange.end_response();
    }
}
