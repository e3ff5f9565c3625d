//! A message on its way to many connections.

use crate::socket::{Encoding, Frame, codec::Opcode, encode};
use bytes::Bytes;
use protocol::socket::Rendering;
use std::sync::{Mutex, PoisonError};

/// Something that can be written in any connection's dialect and timezone.
pub trait Render: Send + Sync + 'static {
    /// The text for connections with this rendering.
    fn render(&self, rendering: &Rendering) -> String;

    /// About how many bytes it takes while it waits.
    fn weigh(&self) -> usize {
        0
    }

    /// What other nodes make the same message of; `None` for what stays on this one.
    fn encode(&self) -> Option<Vec<u8>> {
        None
    }
}

/// What is sent: written once for each rendering, framed and compressed once for each encoding, however many receive it.
pub struct Message {
    content: Box<dyn Render>,
    /// The number of the event; `None` for what is no event.
    seq: Option<u64>,
    kind: Kind,
    written: Mutex<Vec<Written>>,
}

/// Is never written.
struct Nothing;

impl Render for Nothing {
    fn render(&self, _: &Rendering) -> String {
        String::new()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Tells its receivers something that happened.
    Event,
    /// Answers its receiver, who waits for it, or tells what is no event.
    Answer,
    /// Tells nobody anything: only that events up to its number have happened.
    Head,
}

/// A rendering's text in a plain frame, and the same compressed.
struct Written {
    rendering: Rendering,
    plain: Frame,
    others: Vec<(Encoding, Frame)>,
}

impl Message {
    /// A reply or another message outside the event log.
    pub fn reply(content: impl Render) -> Self {
        Self {
            content: Box::new(content),
            seq: None,
            kind: Kind::Answer,
            written: Mutex::default(),
        }
    }

    /// An event with its number in the receivers' log.
    pub fn event(content: impl Render, seq: u64) -> Self {
        Self {
            seq: Some(seq),
            kind: Kind::Event,
            ..Self::reply(content)
        }
    }

    /// An event that answers who caused it.
    pub fn answer(content: impl Render, seq: u64) -> Self {
        Self {
            seq: Some(seq),
            ..Self::reply(content)
        }
    }

    /// Whether it answers its receiver, or tells what is no event: such a message is never left out.
    pub fn answers(&self) -> bool {
        self.kind == Kind::Answer
    }

    /// That events up to this one have happened, for connections of this node. Whoever has not heard them hears them
    /// from the log; it has no content of its own.
    pub fn head(seq: u64) -> Self {
        Self {
            seq: Some(seq),
            kind: Kind::Head,
            ..Self::reply(Nothing)
        }
    }

    /// Whether it is a [`Self::head`].
    pub fn is_head(&self) -> bool {
        self.kind == Kind::Head
    }

    /// The number of the event.
    pub fn seq(&self) -> Option<u64> {
        self.seq
    }

    /// About how many bytes it takes while it waits.
    pub(super) fn weigh(&self) -> usize {
        self.content.weigh()
    }

    pub(super) fn encode(&self) -> Option<Vec<u8>> {
        self.content.encode()
    }

    /// The text for a connection, UTF-8.
    pub fn text(&self, rendering: &Rendering) -> Bytes {
        self.frame(rendering, Encoding::Plain).payload()
    }

    /// The frame for a connection.
    pub fn frame(&self, rendering: &Rendering, encoding: Encoding) -> Frame {
        // The lists only ever grow by whole entries, so they are sound after a panic as well.
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let index = written.iter().position(|known| known.rendering == *rendering);
        let index = index.unwrap_or_else(|| {
            let text = self.content.render(rendering);
            written.push(Written {
                rendering: rendering.clone(),
                plain: encode(Opcode::Text, text.as_bytes(), Encoding::Plain),
                others: Vec::new(),
            });
            written.len() - 1
        });
        written[index].frame(encoding)
    }
}

impl Written {
    fn frame(&mut self, encoding: Encoding) -> Frame {
        let text = self.plain.payload();
        let encoding = encoding.of(text.len());
        if encoding == Encoding::Plain {
            return self.plain.clone();
        }
        if let Some((_, frame)) = self.others.iter().find(|(known, _)| *known == encoding) {
            return frame.clone();
        }
        let frame = encode(Opcode::Text, &text, encoding);
        self.others.push((encoding, frame.clone()));
        frame
    }
}
