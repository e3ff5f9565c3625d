//! How a connection ends, and what went wrong before.

use crate::{CloseCode, CloseFrame, codec::PeerClose, socket::WriteError};

/// What went wrong on a connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionError {
    /// The peer broke the protocol, or sent a type of message that the endpoint does not accept.
    #[error("{}: {}", .0.code.get(), .0.reason)]
    Fault(CloseFrame),
    /// A message is not JSON, on an endpoint that accepts only that. It ends the connection with 1007 unless the
    /// protocol handles it ([`crate::Protocol::error`]).
    #[error("a message is not JSON: {0}")]
    InvalidJson(String),
    /// Its outbox overflowed, or bus messages for it were lost.
    #[error("slow consumer: {}", .0.reason)]
    SlowConsumer(CloseFrame),
    /// Events that the client lacks cannot be read.
    #[error("missed events cannot be read: {0}")]
    Fetch(crate::FetchError),
    /// The protocol on top panicked.
    #[error("a handler panicked")]
    Panic,
    /// Pings were not answered.
    #[error("pings were not answered")]
    Heartbeat,
    /// The peer took nothing of what was written for too long.
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
    /// The peer closed it, with the code and the reason that it gave, if any.
    Peer(PeerClose),
    /// The transport closed without a Close frame.
    Disconnected,
}

impl CloseOutcome {
    /// The close code; 1005 for a Close frame without one, 1006 where there was no such frame (RFC 6455, 7.1.5).
    pub fn code(&self) -> u16 {
        match self {
            Self::Server(close) => close.code.get(),
            Self::Peer(Some((code, _))) => *code,
            Self::Peer(None) => 1005,
            Self::Disconnected => 1006,
        }
    }

    /// The reason, for people; a peer's may be anything, even a secret.
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
    /// Something asked for it.
    Requested(CloseFrame),
    /// The peer closed.
    PeerClosed(PeerClose),
    /// The peer has closed; its Close frame is still to be read.
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
