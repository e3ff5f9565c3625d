//! Close codes (contract, WebSocket "Handshake"; RFC 6455, 7.4.1).

use crate::listed::listed;

listed! {
    /// The close codes that this server sends.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[repr(u16)]
    pub enum CloseCode {
        /// Normal closure.
        Normal = 1000,
        /// A protocol error.
        Protocol = 1002,
        /// A binary message.
        Unsupported = 1003,
        /// Text that is not UTF-8.
        InvalidData = 1007,
        /// A missing, invalid or expired token: get a new one before connecting again.
        Policy = 1008,
        /// A message over the size limit.
        TooBig = 1009,
        /// An internal error: back off.
        Internal = 1011,
        /// The node restarts: reconnect at once, with jitter.
        Restart = 1012,
        /// Slow consumer: its outbox was full. Reconnect and recover.
        SlowConsumer = 4008,
        /// Too many connections in the window: back off.
        TooManyConnections = 4029,
    }
}

impl CloseCode {
    /// The code on the wire.
    pub fn code(self) -> u16 {
        self as u16
    }
}
