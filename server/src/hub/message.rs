//! A message on its way to many connections.

use bytes::Bytes;
use protocol::wire::Rendering;
use std::sync::{Mutex, PoisonError};

/// Something that can be written in any connection's dialect and timezone.
pub trait Render: Send + Sync + 'static {
    /// The text for connections with this rendering.
    fn render(&self, rendering: &Rendering) -> String;

    /// What other nodes make the same message of; `None` for what stays on this one.
    fn encode(&self) -> Option<Vec<u8>> {
        None
    }
}

/// What is sent, written once for each rendering however many receive it.
pub struct Message {
    content: Box<dyn Render>,
    /// The number of the event; `None` for what is no event to its receiver, such as a reply.
    seq: Option<u64>,
    written: Mutex<Vec<(Rendering, Bytes)>>,
}

impl Message {
    /// A reply or another message outside the event log.
    pub fn reply(content: impl Render) -> Self {
        Self {
            content: Box::new(content),
            seq: None,
            written: Mutex::default(),
        }
    }

    /// An event with its number in the receivers' log.
    pub fn event(content: impl Render, seq: u64) -> Self {
        Self {
            seq: Some(seq),
            ..Self::reply(content)
        }
    }

    /// The number of the event.
    pub fn seq(&self) -> Option<u64> {
        self.seq
    }

    pub(super) fn encode(&self) -> Option<Vec<u8>> {
        self.content.encode()
    }

    /// The text for a connection, UTF-8.
    pub fn text(&self, rendering: &Rendering) -> Bytes {
        // The list only ever grows by whole entries, so it is sound after a panic as well.
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, text)) = written.iter().find(|(known, _)| known == rendering) {
            return text.clone();
        }
        let text = Bytes::from(self.content.render(rendering));
        written.push((rendering.clone(), text.clone()));
        text
    }
}
