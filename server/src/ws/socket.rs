//! A WebSocket in the terms of the timers' contract: what comes in is text, or ends the connection with a code of its.

use crate::{
    hub::{self, Connection, Incoming, Message},
    socket::{self, codec::Fault},
};
use protocol::wire::CloseCode;

/// An open WebSocket.
pub struct Socket(socket::Socket);

impl Socket {
    /// Takes over an upgraded connection.
    pub fn new(socket: socket::Socket) -> Self {
        Self(socket)
    }
}

impl hub::Socket for Socket {
    type Text = String;

    async fn next(&mut self) -> Incoming<String> {
        match self.0.next().await {
            socket::Incoming::Text(text) => Incoming::Text(text),
            socket::Incoming::Binary(_) => Incoming::Fault(CloseCode::Unsupported, "only text messages are taken"),
            socket::Incoming::Alive => Incoming::Alive,
            socket::Incoming::Fault(fault) => Incoming::Fault(code(fault), fault.reason()),
            socket::Incoming::Gone => Incoming::Gone,
        }
    }

    async fn feed(&mut self, message: &Message, connection: &Connection) -> Result<usize, hub::Gone> {
        let frame = message.frame(connection.rendering(), self.0.encoding());
        let bytes = frame.bytes().len();
        self.0.feed(&frame).await?;
        Ok(bytes)
    }

    async fn flush(&mut self) -> Result<(), hub::Gone> {
        Ok(self.0.flush().await?)
    }

    async fn ping(&mut self) -> Result<(), hub::Gone> {
        Ok(self.0.ping().await?)
    }

    async fn close(self, code: CloseCode, reason: &'static str) {
        self.0.close(code.code(), reason).await;
    }
}

impl From<socket::Gone> for hub::Gone {
    fn from(_: socket::Gone) -> Self {
        Self
    }
}

fn code(fault: Fault) -> CloseCode {
    match fault {
        Fault::Protocol(_) => CloseCode::Protocol,
        Fault::InvalidData(_) => CloseCode::InvalidData,
        Fault::TooBig => CloseCode::TooBig,
    }
}
