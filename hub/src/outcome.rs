//! The end of a connection, and errors before it.

use crate::{CloseCode, CloseFrame, codec::PeerClose, socket::WriteError};

/// An error on a connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionError {
    /// The peer violated the protocol, or sent a type of message that the endpoint does not accept.
    #[error("{}: {}", .0.code.get(), .0.reason)]
    Fault(CloseFrame),
    /// A message is not JSON, on an endpoint that accepts JSON only. Closes the connection with 1007 unless the protocol
    /// handles it ([`crate::Protocol::error`]).
    #[error("a message is not JSON: {0}")]
    InvalidJson(String),
    /// Its outbox overflowed, or bus messages for it were lost.
    #[error("slow consumer: {}", .0.reason)]
    SlowConsumer(CloseFrame),
    /// Events that the client has missed cannot be read.
    #[error("missed events cannot be read: {0}")]
    Fetch(crate::FetchError),
    /// The protocol panicked.
    #[error("a handler panicked")]
    Panic,
    /// Pings were not answered.
    #[error("pings were not answered")]
    Heartbeat,
    /// The peer read nothing of what was written within the timeout.
    #[error("a write took too long")]
    WriteTimeout,
    /// The transport closed without a Close frame.
    #[error("the connection broke off")]
    Disconnected,
}

/// How a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloseOutcome {
    /// The server closes it.
    Server(CloseFrame),
    /// The peer closed it, with its code and reason, if any.
    Peer(PeerClose),
    /// The transport closed without a Close frame.
    Disconnected,
}

impl CloseOutcome {
    /// The close code; 1005 for a Close frame without a code, 1006 without a Close frame (RFC 6455, 7.1.5).
    pub fn code(&self) -> u16 {
        match self {
            Self::Server(close) => close.code.get(),
            Self::Peer(Some((code, _))) => *code,
            Self::Peer(None) => 1005,
            Self::Disconnected => 1006,
        }
    }

    /// The reason, for people. A peer's reason may be anything, even a secret.
    pub fn reason(&self) -> &str {
        match self {
            Self::Server(close) => &close.reason,
            Self::Peer(Some((_, reason))) => reason,
            Self::Peer(None) | Self::Disconnected => "",
        }
    }
}

/// Why a session stops.
pub(crate) enum SessionExit {
    /// Something requested it.
    Requested(CloseFrame),
    /// The peer closed.
    PeerClosed(PeerClose),
    /// The peer has closed; its Close frame has not been read yet.
    PeerClosing,
    Error(ConnectionError),
}

impl From<CloseFrame> for SessionExit {
    fn from(close: CloseFrame) -> Self {
        match close.code {
            CloseCode::SLOW_CONSUMER => Self::Error(ConnectionError::SlowConsumer(close)),
            _ => Self::Requested(close),
        }
    }
}

impl From<WriteError> for SessionExit {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Closed => Self::PeerClosing,
            WriteError::Disconnected => Self::Error(ConnectionError::Disconnected),
            WriteError::TimedOut => Self::Error(ConnectionError::WriteTimeout),
        }
    }
}

impl From<ConnectionError> for CloseOutcome {
    fn from(error: ConnectionError) -> Self {
        let server = |code, reason: &'static str| Self::Server(CloseFrame::new(code, reason));
        match error {
            ConnectionError::Fault(close) | ConnectionError::SlowConsumer(close) => Self::Server(close),
            ConnectionError::InvalidJson(_) => server(CloseCode::INVALID_PAYLOAD, "the message is not JSON"),
            ConnectionError::Panic => server(CloseCode::INTERNAL, "internal error"),
            ConnectionError::Fetch(crate::FetchError::TooOld) => {
                server(CloseCode::SLOW_CONSUMER, "too much was missed: reconnect and recover")
            }
            ConnectionError::Fetch(crate::FetchError::Unavailable) => {
                server(CloseCode::INTERNAL, "what was missed cannot be read now")
            }
            ConnectionError::Heartbeat | ConnectionError::WriteTimeout | ConnectionError::Disconnected => {
                Self::Disconnected
            }
        }
    }
}
