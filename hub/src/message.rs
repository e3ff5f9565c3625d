//! A message for any number of connections.

use crate::{
    StreamId,
    codec::{Encoding, Frame, Opcode, encode},
    sync::lock,
};
use bytes::Bytes;
use std::{any::Any, fmt, sync::Arc, sync::Mutex};

/// The payload of a WebSocket message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
}

impl From<String> for Payload {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// The content of a message, before it is written for a connection.
pub trait Render: Send + Sync + 'static {
    /// The payload for connections with this format.
    fn render(&self, format: &Format) -> Payload;

    /// The approximate size in bytes while it waits in an outbox.
    fn size(&self) -> usize {
        0
    }

    /// Whether connections of this user receive the message; `None`: a connection that is not identified.
    fn is_for(&self, _user: Option<&str>) -> bool {
        true
    }

    /// Encodes the message for other nodes, which decode it with [`crate::ScopeHandler::decode`]; `None` keeps it on this
    /// node.
    fn encode(&self) -> Option<Vec<u8>> {
        None
    }
}

/// The format of a connection's messages, such as a dialect and a time zone: any value of the application. Connections
/// with equal formats share one rendering of each message. The default has no value.
#[derive(Clone, Default)]
pub struct Format(Option<Arc<dyn Value>>);

trait Value: Any + Send + Sync {
    fn equals(&self, other: &dyn Any) -> bool;
}

impl<T: Any + Eq + Send + Sync> Value for T {
    fn equals(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<T>().is_some_and(|other| self == other)
    }
}

impl Format {
    /// A format with this value.
    pub fn new(value: impl Any + Eq + Send + Sync) -> Self {
        Self(Some(Arc::new(value)))
    }

    /// The value, if it has this type.
    pub fn get<T: Any>(&self) -> Option<&T> {
        let value: &dyn Any = &**self.0.as_ref()?;
        value.downcast_ref()
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(one), Some(other)) => Arc::ptr_eq(one, other) || one.equals(&**other),
            _ => false,
        }
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Format").field(&self.0.is_some()).finish()
    }
}

/// A message: rendered once for each [`Format`], framed and compressed once for each encoding, for any number of
/// receivers.
pub struct Message {
    content: Box<dyn Render>,
    position: Option<(StreamId, u64)>,
    kind: Kind,
    /// [`Render::size`], which may be computed from long texts.
    size: usize,
    renderings: Mutex<Vec<Rendering>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// An event of a stream.
    Event,
    /// An event of a stream that answers the command which caused it: never suppressed as a duplicate.
    Ack,
    /// Not an event of a stream.
    Unsequenced,
    /// Never sent: announces the newest number of a stream.
    Watermark,
}

impl From<serde_json::Value> for Message {
    /// A JSON text message, the same for every connection.
    fn from(json: serde_json::Value) -> Self {
        Self::text(json.to_string())
    }
}

/// A format's payload in a plain frame, and compressed.
struct Rendering {
    format: Format,
    opcode: Opcode,
    plain: Frame,
    compressed: Vec<(Encoding, Frame)>,
}

/// A content that is the same for all formats.
struct Fixed(Payload);

impl Render for Fixed {
    fn render(&self, _: &Format) -> Payload {
        self.0.clone()
    }

    fn size(&self) -> usize {
        match &self.0 {
            Payload::Text(text) => text.len(),
            Payload::Binary(bytes) => bytes.len(),
        }
    }

    /// Encoded as a byte for the type, then the message.
    fn encode(&self) -> Option<Vec<u8>> {
        let (kind, bytes) = match &self.0 {
            Payload::Text(text) => (b't', text.as_bytes()),
            Payload::Binary(bytes) => (b'b', bytes.as_slice()),
        };
        Some([&[kind], bytes].concat())
    }
}

struct Nothing;

impl Render for Nothing {
    fn render(&self, _: &Format) -> Payload {
        Payload::Text(String::new())
    }
}

impl Message {
    /// A message that is not an event of a stream, such as a reply or an announcement.
    pub fn new(content: impl Render) -> Self {
        Self::of(content, Kind::Unsequenced, None)
    }

    /// A text message, the same for every connection.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Fixed(Payload::Text(text.into())))
    }

    /// A binary message, the same for every connection.
    pub fn binary(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(Fixed(Payload::Binary(bytes.into())))
    }

    /// A JSON text message, the same for every connection.
    ///
    /// # Errors
    /// If the value cannot be JSON, such as a map whose keys are not strings.
    pub fn json(value: &impl serde::Serialize) -> serde_json::Result<Self> {
        serde_json::to_string(value).map(Self::text)
    }

    /// Event number `seq` of a stream.
    pub fn event(content: impl Render, stream: StreamId, seq: u64) -> Self {
        Self::of(content, Kind::Event, Some((stream, seq)))
    }

    /// Event number `seq` of a stream, as the answer to the command that caused it.
    pub fn ack(content: impl Render, stream: StreamId, seq: u64) -> Self {
        Self::of(content, Kind::Ack, Some((stream, seq)))
    }

    /// Announces that a stream has reached event number `seq`. It is not sent: a connection that has received less fetches
    /// the missing events.
    pub fn watermark(stream: StreamId, seq: u64) -> Self {
        Self::of(Nothing, Kind::Watermark, Some((stream, seq)))
    }

    fn of(content: impl Render, kind: Kind, position: Option<(StreamId, u64)>) -> Self {
        Self {
            size: content.size(),
            content: Box::new(content),
            position,
            kind,
            renderings: Mutex::default(),
        }
    }

    /// Decodes a message that was encoded by [`Self::text`], [`Self::binary`] or [`Self::json`].
    pub fn decode_fixed(encoded: &[u8]) -> Option<Self> {
        match encoded.split_first()? {
            (b't', text) => Some(Self::text(std::str::from_utf8(text).ok()?)),
            (b'b', bytes) => Some(Self::binary(bytes)),
            _ => None,
        }
    }

    /// The stream and the number of the event.
    pub fn position(&self) -> Option<(&StreamId, u64)> {
        self.position.as_ref().map(|(stream, seq)| (stream, *seq))
    }

    /// Whether it answers a command.
    pub(crate) fn is_ack(&self) -> bool {
        self.kind == Kind::Ack
    }

    /// Whether it only announces the newest number of a stream.
    pub(crate) fn is_watermark(&self) -> bool {
        self.kind == Kind::Watermark
    }

    pub(crate) fn is_for(&self, user: Option<&str>) -> bool {
        self.content.is_for(user)
    }

    pub(crate) fn size(&self) -> usize {
        self.size
    }

    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        self.content.encode()
    }

    /// The frame for connections of this format and encoding.
    pub(crate) fn frame(&self, format: &Format, encoding: Encoding) -> Frame {
        let mut renderings = lock(&self.renderings);
        let known = renderings.iter().position(|known| known.format == *format);
        let index = known.unwrap_or_else(|| {
            let (opcode, bytes) = match self.content.render(format) {
                Payload::Text(text) => (Opcode::Text, text.into_bytes()),
                Payload::Binary(bytes) => (Opcode::Binary, bytes),
            };
            renderings.push(Rendering {
                format: format.clone(),
                opcode,
                plain: encode(opcode, &bytes, Encoding::Plain),
                compressed: Vec::new(),
            });
            renderings.len() - 1
        });
        renderings[index].frame(encoding)
    }

    /// The payload for connections of this format.
    pub fn payload(&self, format: &Format) -> Bytes {
        self.frame(format, Encoding::Plain).payload()
    }
}

impl Rendering {
    fn frame(&mut self, encoding: Encoding) -> Frame {
        let payload = self.plain.payload();
        let encoding = encoding.of(payload.len());
        if encoding == Encoding::Plain {
            return self.plain.clone();
        }
        if let Some((_, frame)) = self.compressed.iter().find(|(known, _)| *known == encoding) {
            return frame.clone();
        }
        let frame = encode(self.opcode, &payload, encoding);
        self.compressed.push((encoding, frame.clone()));
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_messages_are_decoded_as_they_were_encoded() {
        let format = Format::default();
        for message in [Message::text("größe"), Message::binary([0, 1, 255])] {
            let decoded = Message::decode_fixed(&message.encode().unwrap()).unwrap();
            assert_eq!(decoded.payload(&format), message.payload(&format));
        }
        for invalid in [&b""[..], b"x", b"t\xff"] {
            assert!(Message::decode_fixed(invalid).is_none());
        }
    }

    #[test]
    fn formats_are_equal_by_their_values() {
        assert_eq!(Format::new(7_u8), Format::new(7_u8));
        assert_ne!(Format::new(7_u8), Format::new(8_u8));
        assert_ne!(Format::new(7_u8), Format::new(7_u16));
        assert_ne!(Format::new(7_u8), Format::default());
        assert_eq!(Format::new("camel").get::<&str>(), Some(&"camel"));
    }
}
