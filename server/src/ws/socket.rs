//! A WebSocket in the terms of the timers' contract: what comes in is text, or ends the connection with a code of its.

use crate::{
    hub::{Connection, Message},
    socket::{self, codec::Fault},
};
use protocol::wire::CloseCode;

pub use crate::socket::Gone;

/// An open WebSocket.
pub struct Socket(socket::Socket);

/// What came in.
pub enum Incoming {
    /// A text message.
    Text(String),
    /// A ping or pong: the peer lives.
    Alive,
    /// Something that ends the connection with this code and reason.
    Fault(CloseCode, &'static str),
    /// The peer closed, or is gone.
    Gone,
}

impl Socket {
    /// Takes over an upgraded connection.
    pub fn new(socket: socket::Socket) -> Self {
        Self(socket)
    }

    /// The next thing that comes in. Cancelling loses nothing.
    pub async fn next(&mut self) -> Incoming {
        match self.0.next().await {
            socket::Incoming::Text(text) => Incoming::Text(text),
            socket::Incoming::Binary(_) => Incoming::Fault(CloseCode::Unsupported, "only text messages are taken"),
            socket::Incoming::Alive => Incoming::Alive,
            socket::Incoming::Fault(fault) => Incoming::Fault(code(fault), fault.reason()),
            socket::Incoming::Gone => Incoming::Gone,
        }
    }

    /// Hands over a message, as this connection takes it, without flushing it.
    pub async fn feed(&mut self, message: &Message, connection: &Connection) -> Result<(), Gone> {
        self.0
            .feed(&message.frame(connection.rendering(), self.0.encoding()))
            .await
    }

    /// Writes out what was handed over; a peer that reads nothing for long is gone.
    pub async fn flush(&mut self) -> Result<(), Gone> {
        self.0.flush().await
    }

    /// Sends a Ping frame.
    pub async fn ping(&mut self) -> Result<(), Gone> {
        self.0.ping().await
    }

    /// Sends the close frame and waits a bounded time for the peer's, so that the reason is not lost with the
    /// connection.
    pub async fn close(self, code: CloseCode, reason: &'static str) {
        self.0.close(code.code(), reason).await;
    }
}

fn code(fault: Fault) -> CloseCode {
    match fault {
        Fault::Protocol(_) => CloseCode::Protocol,
        Fault::InvalidData(_) => CloseCode::InvalidData,
        Fault::TooBig => CloseCode::TooBig,
    }
}
