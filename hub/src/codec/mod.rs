//! The server's side of the wire format, without I/O: bytes in, messages or a [`Fault`] out; messages in, frames out.
//!
//! No `super::` leads out of this folder: the fuzz targets compile it separately (`fuzz/`).

mod close;
mod decoder;
mod deflate;
mod encode;
mod header;
mod mask;
mod utf8;

pub use close::{PeerClose, is_sendable};
pub use decoder::{Decoder, Event};
pub use deflate::{Inflated, inflate};
pub use encode::{Encoding, Frame, encode};
pub(crate) use encode::{close, control};
pub use header::Opcode;

/// A violation of the protocol, which ends the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 1002: an invalid frame.
    Protocol(&'static str),
    /// 1007: text that is not UTF-8, or compressed data that cannot be inflated.
    InvalidData(&'static str),
    /// 1009: a message over the limit.
    TooBig,
}

impl Fault {
    /// The close code (RFC 6455, 7.4.1).
    pub fn code(self) -> u16 {
        match self {
            Self::Protocol(_) => 1002,
            Self::InvalidData(_) => 1007,
            Self::TooBig => 1009,
        }
    }

    /// A description for people, at most 123 bytes.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Protocol(reason) | Self::InvalidData(reason) => reason,
            Self::TooBig => "the message is too big",
        }
    }
}

#[cfg(test)]
mod tests;
