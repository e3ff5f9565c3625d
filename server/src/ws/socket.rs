//! A WebSocket in the terms of the timers' contract: what comes in is text, or ends the connection with a code of its.

use crate::{
    hub::{self, Connection, Incoming, Message},
    socket::{self, WriteError, codec::Fault},
};
use protocol::socket::CloseCode;

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
            socket::Incoming::Closed(goodbye) => Incoming::Closed(goodbye),
            socket::Incoming::Gone => Incoming::Gone,
        }
    }

    async fn feed(&mut self, message: &Message, connection: &Connection) -> Result<usize, WriteError> {
        let frame = message.frame(connection.rendering(), self.0.encoding());
        let bytes = frame.bytes().len();
        self.0.feed(&frame).await?;
        Ok(bytes)
    }

    async fn flush(&mut self) -> Result<(), WriteError> {
        self.0.flush().await
    }

    async fn ping(&mut self) -> Result<(), WriteError> {
        self.0.ping().await
    }

    async fn close(self, code: CloseCode, reason: &'static str) {
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

#[cfg(test)]
mod tests;
