//! How a connection ends, and what went wrong before.

use super::Closing;
use crate::socket::{WriteError, codec::Goodbye};
use protocol::socket::CloseCode;

/// What went wrong on a connection, which ends it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionError {
    /// The peer broke the protocol, or sent what is not taken; it is closed with this.
    #[error("{}: {}", .0.code.code(), .0.reason)]
    Fault(Closing),
    /// What it was to hear could not be kept for it: its outbox was full, or messages were lost between nodes.
    #[error("slow consumer: {}", .0.reason)]
    SlowConsumer(Closing),
    /// The protocol on top panicked.
    #[error("a handler panicked")]
    Panic,
    /// Pings were not answered.
    #[error("no answer to pings")]
    Heartbeat,
    /// The peer took nothing of what was written, for long.
    #[error("a write took too long")]
    WriteTimeout,
    /// The connection broke off without a Close frame.
    #[error("the connection broke off")]
    Broken,
}

/// How a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// This side closes it.
    Ours(Closing),
    /// The peer closed it, with the code and the reason that it gave, if it gave any.
    Theirs(Goodbye),
    /// Without a Close frame.
    Broken,
}

impl Ending {
    /// The close code; 1005 where the Close frame had none, 1006 where there was no such frame (RFC 6455, 7.1.5).
    pub fn code(&self) -> u16 {
        match self {
            Self::Ours(closing) => closing.code.code(),
            Self::Theirs(Some((code, _))) => *code,
            Self::Theirs(None) => 1005,
            Self::Broken => 1006,
        }
    }

    /// For people; the peer's may be anything.
    pub fn reason(&self) -> &str {
        match self {
            Self::Ours(closing) => closing.reason,
            Self::Theirs(Some((_, reason))) => reason,
            Self::Theirs(None) | Self::Broken => "",
        }
    }
}

/// Why a session stops.
pub(super) enum End {
    /// Somebody asked for it.
    Asked(Closing),
    /// The peer closed.
    Closed(Goodbye),
    /// The peer has closed, and what it said is still to be read.
    Closing,
    Error(ConnectionError),
}

impl From<Closing> for End {
    fn from(closing: Closing) -> Self {
        match closing.code {
            CloseCode::SlowConsumer => Self::Error(ConnectionError::SlowConsumer(closing)),
            _ => Self::Asked(closing),
        }
    }
}

impl From<WriteError> for End {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Closed => Self::Closing,
            WriteError::Broken => Self::Error(ConnectionError::Broken),
            WriteError::TimedOut => Self::Error(ConnectionError::WriteTimeout),
        }
    }
}

impl From<ConnectionError> for Ending {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::Fault(closing) | ConnectionError::SlowConsumer(closing) => Self::Ours(closing),
            ConnectionError::Panic => Self::Ours(Closing {
                code: CloseCode::Internal,
                reason: "internal error",
            }),
            ConnectionError::Heartbeat | ConnectionError::WriteTimeout | ConnectionError::Broken => Self::Broken,
        }
    }
}
