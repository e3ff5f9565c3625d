//! Encodes messages as frames. A server's frames have no mask and no kept context, so all receivers share one frame.

use super::{Opcode, deflate::deflate, header};
use bytes::Bytes;

/// The encoding of a connection's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Not compressed.
    Plain,
    /// Compressed if that makes them shorter.
    Deflate {
        /// The base-2 logarithm of the window, 9 to 15.
        window_bits: u8,
        /// Messages of fewer bytes are not compressed.
        threshold: usize,
    },
}

/// An encoded message, which can be written to any number of connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(pub(super) Bytes);

impl Encoding {
    /// The encoding of a message of this many bytes.
    #[must_use]
    pub fn of(self, length: usize) -> Self {
        match self {
            Self::Deflate { threshold, .. } if length < threshold => Self::Plain,
            other => other,
        }
    }
}

impl Frame {
    /// The encoded frame.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The payload, which is the message if the frame is plain.
    pub fn payload(&self) -> Bytes {
        let header = match self.0.get(1) {
            Some(127) => 10,
            Some(126) => 4,
            _ => 2,
        };
        self.0.slice(header..)
    }
}

/// Encodes a text (which must be UTF-8) or a binary message, once for all connections with one encoding.
pub fn encode(opcode: Opcode, message: &[u8], encoding: Encoding) -> Frame {
    if let Encoding::Deflate { window_bits, .. } = encoding.of(message.len())
        && let Some(frame) = deflate(message, window_bits, |deflated| frame(opcode, true, deflated))
    {
        return frame;
    }
    frame(opcode, false, message)
}

/// A Ping or Pong frame with a payload of at most 125 bytes.
pub(crate) fn control(opcode: Opcode, payload: &[u8]) -> Frame {
    frame(opcode, false, &payload[..payload.len().min(header::CONTROL_BYTES)])
}

/// A Close frame. A reason of more than 123 bytes is truncated at a character boundary.
pub(crate) fn close(goodbye: Option<(u16, &str)>) -> Frame {
    let mut payload = Vec::new();
    if let Some((code, reason)) = goodbye {
        payload.extend(code.to_be_bytes());
        payload.extend(&reason.as_bytes()[..reason.floor_char_boundary(header::CONTROL_BYTES - 2)]);
    }
    frame(Opcode::Close, false, &payload)
}

fn frame(opcode: Opcode, compressed: bool, payload: &[u8]) -> Frame {
    let mut out = Vec::with_capacity(10 + payload.len());
    header::write(&mut out, opcode, compressed, payload.len());
    out.extend_from_slice(payload);
    Frame(out.into())
}
