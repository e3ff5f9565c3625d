//! What goes to other nodes over the bus, and what comes from them.

use super::{Arrival, ConnectionId, EVERYBODY, Handle, Hub, Inner, Message, rooms::Room, shards::lock};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use std::{collections::HashSet, sync::Arc};
use uuid::Uuid;

/// What begins with this is the subject of a topic; no room has such a name.
const TOPIC: &str = "*topic:";

/// What a node hears of a topic.
pub enum Signal<'a> {
    /// What another node said.
    Said(&'a [u8]),
    /// Some of it was lost.
    Lost,
}

/// Takes what is heard of a topic; it must not wait.
pub(super) type Listener = Arc<dyn Fn(Signal<'_>) + Send + Sync>;

impl Hub {
    /// Whether there may be other nodes.
    pub fn has_peers(&self) -> bool {
        self.inner.bus.has_peers()
    }

    /// Hears what other nodes say of a topic, from now on. One listener a topic.
    pub fn listen(&self, topic: &str, listener: impl Fn(Signal<'_>) + Send + Sync + 'static) {
        let subject = format!("{TOPIC}{topic}");
        self.inner.bus.subscribe(&subject);
        lock(&self.inner.listeners).insert(subject, Arc::new(listener));
    }

    /// Says something to all other nodes that listen; `write` is not called where there are none. Never waits.
    pub fn signal(&self, topic: &str, write: impl FnOnce() -> Vec<u8>) {
        if self.has_peers() {
            self.inner.send_out(&format!("{TOPIC}{topic}"), &Frame::of(&write()));
        }
    }

    /// Returns once nothing that is published on other nodes passes by the rooms joined so far, and all that was
    /// published here is on its way; at once where there are no others, or they cannot be reached.
    pub async fn settled(&self) {
        if self.has_peers() {
            self.inner.bus.settled().await;
        }
    }
}

impl Inner {
    /// Passes a message on to the nodes that have somebody in the room.
    pub(super) fn pass_on(&self, room: &str, message: &Message, except: Option<ConnectionId>) {
        self.pass(room, &[], message, except);
    }

    /// Passes a message on to all nodes, for whoever is in one of the rooms: each node finds out who is in several.
    pub(super) fn pass_on_to_rooms(&self, rooms: &[&str], message: &Message, except: Option<ConnectionId>) {
        if !rooms.is_empty() {
            self.pass(EVERYBODY, rooms, message, except);
        }
    }

    fn pass(&self, subject: &str, rooms: &[&str], message: &Message, except: Option<ConnectionId>) {
        if self.bus.has_peers()
            && let Some(payload) = message.encode()
        {
            let frame = Frame {
                except,
                rooms: rooms.to_vec(),
                payload: &payload,
            };
            self.send_out(subject, &frame);
        }
    }

    fn send_out(&self, subject: &str, frame: &Frame<'_>) {
        self.figures.carried_out();
        self.bus.publish(subject, frame.write());
    }

    pub(super) fn arrive(&self, arrival: Arrival<'_>) {
        let (subject, frame) = match arrival {
            Arrival::Frame(subject, frame) => (subject, frame),
            Arrival::Lost(subject) => return self.lost(subject),
        };
        self.figures.carried_in();
        let Some(frame) = Frame::read(&frame) else {
            return self.unreadable(subject);
        };
        if let Some(listener) = self.listener(subject) {
            return listener(Signal::Said(frame.payload));
        }
        let Some(message) = (self.decode)(frame.payload) else {
            return self.unreadable(subject);
        };
        let message = Arc::new(message);
        if frame.rooms.is_empty() {
            self.deliver(subject, &message, frame.except);
        } else {
            self.deliver_to_rooms(&frame.rooms, &message, frame.except);
        }
    }

    /// Hands a message to whoever is in one of the rooms, once.
    pub(super) fn deliver_to_rooms(&self, rooms: &[&str], message: &Arc<Message>, except: Option<ConnectionId>) {
        let mut reached: HashSet<ConnectionId> = except.into_iter().collect();
        let rooms = rooms.iter().filter_map(|name| self.rooms.get(name));
        rooms.for_each(|room: Arc<Room>| {
            room.each(|handle| {
                if reached.insert(handle.id()) {
                    handle.send(message.clone());
                }
            });
        });
    }

    fn listener(&self, subject: &str) -> Option<Listener> {
        lock(&self.listeners).get(subject).cloned()
    }

    fn unreadable(&self, subject: &str) {
        tracing::error!(subject, "a message of another node cannot be read");
        self.lost(subject);
    }

    /// Nobody knows what was missed: whoever listened connects again and recovers it, rather than never hear of it.
    fn lost(&self, subject: &str) {
        self.figures.lost();
        tracing::warn!(subject, "messages were lost between nodes: who missed them recovers");
        if let Some(listener) = self.listener(subject) {
            return listener(Signal::Lost);
        }
        if subject == EVERYBODY {
            let listeners: Vec<Listener> = lock(&self.listeners).values().cloned().collect();
            listeners.iter().for_each(|listener| listener(Signal::Lost));
        }
        self.each(subject, Handle::recover);
    }
}

/// What is on the bus: the connection that is left out (16 bytes, zeros for none), how many rooms are named (2 bytes)
/// and each with its length (2 bytes) before it, then the payload. Numbers are big-endian. It is never empty.
#[derive(Debug, PartialEq)]
struct Frame<'a> {
    except: Option<ConnectionId>,
    /// Where the subject is not the room.
    rooms: Vec<&'a str>,
    payload: &'a [u8],
}

impl<'a> Frame<'a> {
    fn of(payload: &'a [u8]) -> Self {
        Self {
            except: None,
            rooms: vec![],
            payload,
        }
    }

    fn write(&self) -> Bytes {
        let names: usize = self.rooms.iter().map(|name| 2 + name.len()).sum();
        let mut frame = BytesMut::with_capacity(18 + names + self.payload.len());
        frame.put_slice(self.except.map_or(Uuid::nil(), |id| id.0).as_bytes());
        // So many rooms, or such long names, nobody has; a frame that says so is unreadable, which is told as a loss.
        frame.put_u16(u16::try_from(self.rooms.len()).unwrap_or(u16::MAX));
        for name in &self.rooms {
            frame.put_u16(u16::try_from(name.len()).unwrap_or(u16::MAX));
            frame.put_slice(name.as_bytes());
        }
        frame.put_slice(self.payload);
        frame.freeze()
    }

    fn read(mut frame: &'a [u8]) -> Option<Self> {
        let (id, rest) = frame.split_first_chunk::<16>()?;
        let id = Uuid::from_bytes(*id);
        frame = rest;
        let count = frame.try_get_u16().ok()?;
        let mut rooms = Vec::new();
        for _ in 0..count {
            let length = frame.try_get_u16().ok()?;
            let (name, rest) = frame.split_at_checked(length.into())?;
            rooms.push(std::str::from_utf8(name).ok()?);
            frame = rest;
        }
        Some(Self {
            except: (!id.is_nil()).then_some(ConnectionId(id)),
            rooms,
            payload: frame,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_as_it_was_written_or_not_at_all() {
        let frame = Frame {
            except: Some(ConnectionId(Uuid::now_v7())),
            rooms: vec!["user:ada", "größe"],
            payload: b"hi",
        };
        let written = frame.write();
        assert_eq!(Frame::read(&written), Some(frame));
        assert_eq!(Frame::read(&Frame::of(b"").write()), Some(Frame::of(b"")));
        for length in 0..written.len() - 2 {
            assert_eq!(Frame::read(&written[..length]), None);
        }
    }
}
