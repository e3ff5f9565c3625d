//! The messages that wait to be written to a connection.

use crate::Message;
use std::{collections::VecDeque, sync::Arc};

/// The capacity that an empty outbox keeps; capacity beyond that, from a burst, is freed.
const KEPT_ENTRIES: usize = 8;

/// An entry of the outbox.
pub(crate) enum Entry {
    /// A message.
    Message(Arc<Message>),
    /// The start of a subscription, in order. It answers one request, so it counts as one message of any size.
    Start(Vec<Message>),
}

/// The entries in order, and their approximate size in bytes.
#[derive(Default)]
pub(crate) struct Outbox {
    entries: VecDeque<Entry>,
    bytes: usize,
}

/// The limits of one connection's outbox.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutboxLimits {
    pub messages: usize,
    pub bytes: usize,
}

impl Outbox {
    /// Appends a message; `false` if it does not fit. A single message may exceed the limit of bytes.
    pub fn push(&mut self, message: Arc<Message>, limits: OutboxLimits) -> bool {
        let bytes = self.bytes + message.size();
        let fits = self.entries.len() < limits.messages && (self.entries.is_empty() || bytes <= limits.bytes);
        if fits {
            self.bytes = bytes;
            self.entries.push_back(Entry::Message(message));
        }
        fits
    }

    /// Appends the start of a subscription, regardless of the limits.
    pub fn push_start(&mut self, messages: Vec<Message>) {
        self.entries.push_back(Entry::Start(messages));
    }

    /// Removes the first entry.
    pub fn pop(&mut self) -> Option<Entry> {
        let entry = self.entries.pop_front();
        if let Some(Entry::Message(message)) = &entry {
            self.bytes -= message.size();
        }
        if self.entries.is_empty() && self.entries.capacity() > KEPT_ENTRIES {
            self.entries = VecDeque::new();
        }
        entry
    }

    /// Removes the waiting acknowledgement of an event of a stream.
    pub fn take_ack(&mut self, position: (&crate::StreamId, u64)) -> Option<Arc<Message>> {
        let index = self.entries.iter().position(|entry| match entry {
            Entry::Message(message) => message.is_ack() && message.position() == Some(position),
            Entry::Start(_) => false,
        })?;
        match self.entries.remove(index)? {
            Entry::Message(message) => {
                self.bytes -= message.size();
                Some(message)
            }
            // The search covers messages only.
            start @ Entry::Start(_) => {
                self.entries.insert(index, start);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Payload, Render};

    struct Size(usize);

    impl Render for Size {
        fn render(&self, _: &Format) -> Payload {
            Payload::Text(String::new())
        }
        fn size(&self) -> usize {
            self.0
        }
    }

    const LIMITS: OutboxLimits = OutboxLimits {
        messages: 3,
        bytes: 100,
    };

    fn message(size: usize) -> Arc<Message> {
        Arc::new(Message::new(Size(size)))
    }

    #[test]
    fn outbox_is_bounded_by_messages() {
        let mut outbox = Outbox::default();
        for fits in [true, true, true, false] {
            assert_eq!(outbox.push(message(0), LIMITS), fits);
        }
        outbox.pop();
        assert!(outbox.push(message(0), LIMITS));
    }

    #[test]
    fn outbox_is_bounded_by_bytes_except_for_a_single_message() {
        let mut outbox = Outbox::default();
        assert!(outbox.push(message(1_000), LIMITS));
        assert!(!outbox.push(message(1), LIMITS));
        outbox.pop();
        assert!(outbox.push(message(60), LIMITS) && outbox.push(message(40), LIMITS));
        assert!(!outbox.push(message(1), LIMITS));
        outbox.pop();
        assert!(outbox.push(message(60), LIMITS), "what was taken out makes room");
    }

    #[test]
    fn start_of_a_subscription_counts_as_one_message() {
        let mut outbox = Outbox::default();
        outbox.push_start((0..10).map(|_| Message::new(Size(50))).collect());
        assert!(outbox.push(message(60), LIMITS));
        assert!(matches!(outbox.pop(), Some(Entry::Start(start)) if start.len() == 10));
    }
}
