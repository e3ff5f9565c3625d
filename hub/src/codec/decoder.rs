//! Decodes frames into messages.

use super::{
    Fault, Inflated, Opcode, PeerClose, close,
    deflate::{self, inflate},
    header::Header,
    utf8,
};
use bytes::{Buf, BytesMut};

/// Maximum of empty fragments in one message: they take no memory, but an endless message of them would never be
/// counted.
const EMPTY_FRAGMENTS: u32 = 1_024;

/// An event from the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A complete text message.
    Text(String),
    /// A complete binary message.
    Binary(Vec<u8>),
    /// To be answered by a pong with the same payload.
    Ping(Vec<u8>),
    /// A pong.
    Pong,
    /// The peer's Close frame; nothing follows it.
    Close(PeerClose),
}

/// Decodes the input from one client.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    deflate: bool,
    frame: Option<Header>,
    message: Option<Partial>,
}

/// A message that is not complete.
#[derive(Debug)]
struct Partial {
    text: bool,
    compressed: bool,
    data: Vec<u8>,
    /// The number of bytes of a text that are known to be UTF-8.
    checked: usize,
    /// Empty fragments so far.
    empty: u32,
}

impl Decoder {
    /// A decoder of messages of at most `limit` bytes, also after inflating. `deflate`: messages may be compressed.
    pub fn new(limit: usize, deflate: bool) -> Self {
        Self {
            limit,
            deflate,
            frame: None,
            message: None,
        }
    }

    /// Removes the next event from the front of `input`; `None` if it is incomplete. The available bytes of a message are
    /// taken and checked at once, so at most a header or a control frame remains in `input`.
    ///
    /// # Errors
    /// A [`Fault`], after which no input can be decoded any more.
    pub fn decode(&mut self, input: &mut BytesMut) -> Result<Option<Event>, Fault> {
        loop {
            let mut header = match self.frame.take() {
                Some(header) => header,
                None => match Header::parse(input)? {
                    Some((header, length)) => {
                        self.admit(&header)?;
                        input.advance(length);
                        header
                    }
                    None => return Ok(None),
                },
            };
            if header.opcode.is_control() {
                let length = header.length as usize;
                if input.len() < length {
                    self.frame = Some(header);
                    return Ok(None);
                }
                let mut payload = input.split_to(length);
                header.mask.apply(&mut payload);
                return control(header.opcode, &payload).map(Some);
            }
            if let Some(event) = self.data(header, input)? {
                return Ok(Some(event));
            }
            if self.frame.is_some() {
                return Ok(None);
            }
        }
    }

    /// Whether a message is incomplete.
    pub fn is_within_message(&self) -> bool {
        self.message.is_some()
    }

    /// Checks whether this frame is allowed now and its length within the limit; begins its message.
    fn admit(&mut self, header: &Header) -> Result<(), Fault> {
        let first = matches!(header.opcode, Opcode::Text | Opcode::Binary);
        if header.compressed && !(self.deflate && first) {
            return Err(Fault::Protocol("a reserved bit is set"));
        }
        if header.opcode.is_control() {
            return Ok(());
        }
        let message = match (&mut self.message, first) {
            (Some(_), true) => return Err(Fault::Protocol("a message within another")),
            (None, false) => return Err(Fault::Protocol("a continuation of nothing")),
            (Some(message), false) => message,
            (none, true) => none.insert(Partial {
                text: header.opcode == Opcode::Text,
                compressed: header.compressed,
                data: Vec::new(),
                checked: 0,
                empty: 0,
            }),
        };
        message.empty += u32::from(header.length == 0);
        let limit = if message.compressed {
            deflate::bound(self.limit)
        } else {
            self.limit
        };
        if header.length > (limit - message.data.len()) as u64 || message.empty > EMPTY_FRAGMENTS {
            return Err(Fault::TooBig);
        }
        Ok(())
    }

    /// Takes the available bytes of a data frame.
    fn data(&mut self, mut header: Header, input: &mut BytesMut) -> Result<Option<Event>, Fault> {
        let Some(message) = &mut self.message else {
            return Ok(None);
        };
        // Within the limit, as are the sums below.
        let length = input.len().min(header.length as usize);
        let start = message.data.len();
        message.data.extend_from_slice(&input[..length]);
        header.mask.apply(&mut message.data[start..]);
        input.advance(length);
        header.length -= length as u64;
        let whole = header.length == 0 && header.fin;
        if !whole {
            if message.text && !message.compressed {
                utf8::check(&message.data, &mut message.checked)?;
            }
            self.frame = (header.length > 0).then_some(header);
            return Ok(None);
        }
        self.message
            .take()
            .map(|message| message.finish(self.limit))
            .transpose()
    }
}

impl Partial {
    fn finish(self, limit: usize) -> Result<Event, Fault> {
        let data = if self.compressed {
            match inflate(&self.data, limit) {
                Inflated::Whole(data) => data,
                Inflated::TooBig => return Err(Fault::TooBig),
                Inflated::Broken => return Err(Fault::InvalidData("the message cannot be inflated")),
            }
        } else {
            self.data
        };
        if self.text {
            String::from_utf8(data).map(Event::Text).map_err(|_| utf8::INVALID)
        } else {
            Ok(Event::Binary(data))
        }
    }
}

fn control(opcode: Opcode, payload: &[u8]) -> Result<Event, Fault> {
    match opcode {
        Opcode::Close => close::parse(payload).map(Event::Close),
        Opcode::Ping => Ok(Event::Ping(payload.to_vec())),
        _ => Ok(Event::Pong),
    }
}
