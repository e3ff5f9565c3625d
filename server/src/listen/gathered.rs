//! A body whose small frames are coalesced.
//!
//! A frame shares the buffer that it was read into. Collecting a body that arrives byte by byte would keep a buffer of
//! kilobytes for each byte; copied together, the bytes take only their own size.

use axum::body::{Bytes, HttpBody};
use bytes::BytesMut;
use hyper::body::{Frame, SizeHint};
use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

/// Number of bytes that are collected before they are passed on; larger frames are passed on unchanged.
const GATHERED_BYTES: usize = 8 * 1_024;

/// The same body in larger frames, without trailers.
pub struct Gathered<B> {
    body: B,
    gathered: BytesMut,
    has_ended: bool,
}

impl<B> Gathered<B> {
    pub fn new(body: B) -> Self {
        Self {
            body,
            gathered: BytesMut::new(),
            has_ended: false,
        }
    }

    fn flush(&mut self) -> Frame<Bytes> {
        Frame::data(mem::take(&mut self.gathered).freeze())
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for Gathered<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        while !this.has_ended {
            let Some(frame) = ready!(Pin::new(&mut this.body).poll_frame(cx)) else {
                this.has_ended = true;
                break;
            };
            // Trailers of requests are not used.
            let Ok(data) = frame?.into_data() else {
                continue;
            };
            if this.gathered.is_empty() && data.len() >= GATHERED_BYTES {
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
            this.gathered.extend_from_slice(&data);
            if this.gathered.len() >= GATHERED_BYTES || this.body.is_end_stream() {
                return Poll::Ready(Some(Ok(this.flush())));
            }
        }
        let rest = (!this.gathered.is_empty()).then(|| Ok(this.flush()));
        Poll::Ready(rest)
    }

    fn is_end_stream(&self) -> bool {
        self.gathered.is_empty() && (self.has_ended || self.body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.body.size_hint();
        let gathered = self.gathered.len() as u64;
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(gathered));
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper.saturating_add(gathered));
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use futures_util::stream;
    use std::{convert::Infallible, future::poll_fn};

    /// The frames of a body whose input frames have these lengths.
    async fn frames(pieces: &[usize]) -> Vec<usize> {
        let pieces: Vec<_> = pieces
            .iter()
            .map(|length| Ok::<_, Infallible>(vec![7; *length]))
            .collect();
        let mut body = Gathered::new(Body::from_stream(stream::iter(pieces)));
        let mut lengths = Vec::new();
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            lengths.push(frame.unwrap().into_data().unwrap().len());
        }
        assert!(body.is_end_stream());
        lengths
    }

    #[tokio::test]
    async fn small_frames_are_coalesced_and_large_ones_are_unchanged() {
        assert!(frames(&[]).await.is_empty());
        assert_eq!(frames(&[1; 5_000]).await, [5_000]);
        assert_eq!(frames(&[1; 20_000]).await, [8_192, 8_192, 3_616]);
        assert_eq!(frames(&[20_000, 5]).await, [20_000, 5]);
        assert_eq!(frames(&[5, 20_000, 6]).await, [20_005, 6]);
    }
}
