//! The one place that knows which WebSocket library is under it. What comes in is told in the contract's terms.

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use futures_util::SinkExt;
use protocol::wire::CloseCode;
use std::time::Duration;
use tungstenite::error::{CapacityError, Error as WireFault};

/// How long a peer may take to read the close frame and answer it.
const CLOSE_WAIT: Duration = Duration::from_secs(2);

/// An open WebSocket.
pub struct Socket(WebSocket);

/// What came in.
pub enum Incoming {
    /// A text message.
    Text(Utf8Bytes),
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

impl Socket {
    /// Takes over an upgraded connection.
    pub fn new(socket: WebSocket) -> Self {
        Self(socket)
    }

    /// The next thing that comes in. Cancelling loses nothing.
    pub async fn next(&mut self) -> Incoming {
        match self.0.recv().await {
            Some(Ok(Message::Text(text))) => Incoming::Text(text),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Incoming::Alive,
            Some(Ok(Message::Binary(_))) => Incoming::Fault(CloseCode::Unsupported, "only text messages are taken"),
            Some(Ok(Message::Close(_))) | None => Incoming::Gone,
            Some(Err(error)) => fault(error),
        }
    }

    /// Hands over a text, which must be UTF-8, without flushing it.
    pub async fn feed(&mut self, text: Bytes) -> Result<(), Gone> {
        let text = Utf8Bytes::try_from(text).map_err(|_| Gone)?;
        self.0.feed(Message::Text(text)).await.map_err(|_| Gone)
    }

    /// Writes out what was handed over.
    pub async fn flush(&mut self) -> Result<(), Gone> {
        self.0.flush().await.map_err(|_| Gone)
    }

    /// Sends a Ping frame.
    pub async fn ping(&mut self) -> Result<(), Gone> {
        self.0.send(Message::Ping(Bytes::new())).await.map_err(|_| Gone)
    }

    /// Sends the close frame and waits a bounded time for the peer's, so that the reason is not lost with the
    /// connection.
    pub async fn close(mut self, code: CloseCode, reason: &'static str) {
        let frame = CloseFrame {
            code: code.code(),
            reason: Utf8Bytes::from_static(reason),
        };
        let goodbye = async {
            if self.0.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(message)) = self.0.recv().await {
                    if matches!(message, Message::Close(_)) {
                        break;
                    }
                }
            }
        };
        // A peer that does not answer in time is left.
        let _ = tokio::time::timeout(CLOSE_WAIT, goodbye).await;
    }
}

fn fault(error: axum::Error) -> Incoming {
    match error.into_inner().downcast::<WireFault>().map(|error| *error) {
        Ok(WireFault::Capacity(CapacityError::MessageTooLong { .. })) => {
            Incoming::Fault(CloseCode::TooBig, "the message is too big")
        }
        Ok(WireFault::Utf8(_)) => Incoming::Fault(CloseCode::InvalidData, "the text is not UTF-8"),
        Ok(WireFault::Protocol(_)) => Incoming::Fault(CloseCode::Protocol, "protocol error"),
        _ => Incoming::Gone,
    }
}
