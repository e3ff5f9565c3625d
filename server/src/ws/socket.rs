//! The one place that knows which WebSocket library is under it. What comes in is told in the contract's terms.

use crate::hub::{self, Connection, Gone, Incoming};
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use futures_util::SinkExt;
use protocol::wire::CloseCode;
use std::time::Duration;
use tungstenite::error::{CapacityError, Error as WireFault};

/// How long a peer may take to read the close frame and answer it.
const CLOSE_WAIT: Duration = Duration::from_secs(2);

/// A peer that takes nothing for this long is gone.
const WRITE_WAIT: Duration = Duration::from_secs(30);

/// A text that came in.
pub struct WsText(Utf8Bytes);

impl AsRef<str> for WsText {
    fn as_ref(&self) -> &str {
        self.0.as_str()
    }
}

/// An open WebSocket.
pub struct Socket(WebSocket);

impl Socket {
    /// Takes over an upgraded connection.
    pub fn new(socket: WebSocket) -> Self {
        Self(socket)
    }
}

impl hub::Socket for Socket {
    type Text = WsText;

    async fn next(&mut self) -> Incoming<WsText> {
        match self.0.recv().await {
            Some(Ok(Message::Text(text))) => Incoming::Text(WsText(text)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Incoming::Alive,
            Some(Ok(Message::Binary(_))) => Incoming::Fault(CloseCode::Unsupported, "only text messages are taken"),
            Some(Ok(Message::Close(_))) | None => Incoming::Gone,
            Some(Err(error)) => fault(error),
        }
    }

    async fn feed(&mut self, message: &hub::Message, connection: &Connection) -> Result<usize, Gone> {
        let text = Utf8Bytes::try_from(message.text(connection.rendering())).map_err(|_| Gone)?;
        let bytes = text.len();
        timely(self.0.feed(Message::Text(text))).await?;
        Ok(bytes)
    }

    async fn flush(&mut self) -> Result<(), Gone> {
        timely(self.0.flush()).await
    }

    async fn ping(&mut self) -> Result<(), Gone> {
        timely(self.0.send(Message::Ping(Bytes::new()))).await
    }

    // The peer's close is waited for, so that the reason is not lost with the connection.
    async fn close(mut self, code: CloseCode, reason: &'static str) {
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

async fn timely(write: impl Future<Output = Result<(), axum::Error>>) -> Result<(), Gone> {
    match tokio::time::timeout(WRITE_WAIT, write).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Gone),
    }
}

fn fault(error: axum::Error) -> Incoming<WsText> {
    match error.into_inner().downcast::<WireFault>().map(|error| *error) {
        Ok(WireFault::Capacity(CapacityError::MessageTooLong { .. })) => {
            Incoming::Fault(CloseCode::TooBig, "the message is too big")
        }
        Ok(WireFault::Utf8(_)) => Incoming::Fault(CloseCode::InvalidData, "the text is not UTF-8"),
        Ok(WireFault::Protocol(_)) => Incoming::Fault(CloseCode::Protocol, "protocol error"),
        _ => Incoming::Gone,
    }
}
