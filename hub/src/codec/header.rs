//! Frame headers (RFC 6455, 5.2).

use super::{Fault, mask::Mask};

/// The kind of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Opcode {
    /// A further fragment of a message.
    Continuation = 0x0,
    /// A message of UTF-8.
    Text = 0x1,
    /// A message of bytes.
    Binary = 0x2,
    /// The last frame of a peer.
    Close = 0x8,
    /// To be answered by a pong.
    Ping = 0x9,
    /// The answer to a ping, or an unsolicited heartbeat.
    Pong = 0xa,
}

/// Maximum of payload bytes of a control frame (5.5).
pub(super) const CONTROL_BYTES: usize = 125;

const FIN: u8 = 0b1000_0000;
const RSV1: u8 = 0b0100_0000;
const RSV2_RSV3: u8 = 0b0011_0000;
const MASKED: u8 = 0b1000_0000;

/// The header of a client's frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub opcode: Opcode,
    pub fin: bool,
    /// RSV1: the message is compressed (RFC 7692, 6).
    pub compressed: bool,
    pub length: u64,
    pub mask: Mask,
}

impl Opcode {
    fn parse(bits: u8) -> Option<Self> {
        [
            Self::Continuation,
            Self::Text,
            Self::Binary,
            Self::Close,
            Self::Ping,
            Self::Pong,
        ]
        .into_iter()
        .find(|opcode| *opcode as u8 == bits)
    }

    /// Whether the frame is a control frame.
    pub(super) fn is_control(self) -> bool {
        self as u8 >= 0x8
    }
}

impl Header {
    /// The header at the start of `input` and its length; `None` if it is incomplete. Faults are detected from the first
    /// two bytes.
    pub fn parse(input: &[u8]) -> Result<Option<(Self, usize)>, Fault> {
        let Some((&[first, second], rest)) = input.split_first_chunk() else {
            return Ok(None);
        };
        if first & RSV2_RSV3 != 0 {
            return Err(Fault::Protocol("a reserved bit is set"));
        }
        let opcode = Opcode::parse(first & 0x0f).ok_or(Fault::Protocol("an unknown opcode"))?;
        let (fin, compressed) = (first & FIN != 0, first & RSV1 != 0);
        if second & MASKED == 0 {
            return Err(Fault::Protocol("a frame without a mask"));
        }
        let short = second & !MASKED;
        if opcode.is_control() && !(fin && usize::from(short) <= CONTROL_BYTES) {
            return Err(Fault::Protocol("a control frame that is too long or in fragments"));
        }
        let found = match short {
            126 => rest
                .split_first_chunk()
                .map(|(length, rest)| (u16::from_be_bytes(*length).into(), rest)),
            127 => rest
                .split_first_chunk()
                .map(|(length, rest)| (u64::from_be_bytes(*length), rest)),
            length => Some((length.into(), rest)),
        };
        let Some((length, rest)) = found else { return Ok(None) };
        if length > i64::MAX.unsigned_abs() {
            return Err(Fault::Protocol("a length of more than 63 bits"));
        }
        let Some((key, rest)) = rest.split_first_chunk() else {
            return Ok(None);
        };
        let mask = Mask::new(*key);
        let header = Self {
            opcode,
            fin,
            compressed,
            length,
            mask,
        };
        Ok(Some((header, input.len() - rest.len())))
    }
}

/// Appends the header of a server's frame, without a mask.
pub(super) fn write(out: &mut Vec<u8>, opcode: Opcode, compressed: bool, length: usize) {
    out.push(FIN | if compressed { RSV1 } else { 0 } | opcode as u8);
    if let Ok(short @ 0..=125) = u8::try_from(length) {
        out.push(short);
    } else if let Ok(medium) = u16::try_from(length) {
        out.push(126);
        out.extend(medium.to_be_bytes());
    } else {
        out.push(127);
        out.extend((length as u64).to_be_bytes());
    }
}
