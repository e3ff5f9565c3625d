//! Connections, rooms and delivery, with no knowledge of timers, notes or channels (contract, `hub.md`).
//!
//! A message is published to a room, whose name is its subject on the [`Bus`]; every node that holds a connection in
//! the room gets it back from the bus and hands it to those connections' bounded outboxes.

mod bus;
mod connection;
mod message;

pub use bus::{Bus, Deliver, LocalBus};
pub use connection::{Closing, Connection, ConnectionId, Handle};
pub use message::{Message, Render};

use bytes::{BufMut, Bytes, BytesMut};
use connection::Member;
use protocol::wire::{CloseCode, Rendering};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;
use uuid::Uuid;

/// Makes a message of what came over the bus; the protocol on top knows how. `None`: unreadable.
pub type Decode = fn(&[u8]) -> Option<Message>;

/// The connections of this node.
#[derive(Clone)]
pub struct Hub {
    inner: Arc<Inner>,
}

struct Inner {
    bus: Arc<dyn Bus>,
    decode: Decode,
    outbox_messages: usize,
    rooms: Mutex<HashMap<String, HashMap<ConnectionId, Handle>>>,
    /// How many connections there are; tells the drain when all are gone.
    connections: watch::Sender<usize>,
}

impl Hub {
    /// A hub on a bus. `outbox_messages`: a connection for which more wait is closed with 4008.
    pub fn new(bus: Arc<dyn Bus>, decode: Decode, outbox_messages: usize) -> Self {
        let inner = Arc::new(Inner {
            bus: bus.clone(),
            decode,
            outbox_messages,
            rooms: Mutex::default(),
            connections: watch::Sender::new(0),
        });
        let hub = Arc::downgrade(&inner);
        bus.start(Arc::new(move |room, frame| {
            if let Some(hub) = hub.upgrade() {
                hub.deliver(room, frame);
            }
        }));
        Self { inner }
    }

    /// Registers a connection in its rooms. From now on it gets what is published there, until it is dropped.
    pub fn connect(&self, rooms: Vec<String>, rendering: Rendering) -> Connection {
        let (member, inbox) = Member::new(rendering, self.inner.outbox_messages);
        let handle = Handle::new(member);
        let mut all = self.inner.rooms();
        for room in &rooms {
            let members = all.entry(room.clone()).or_insert_with(|| {
                self.inner.bus.subscribe(room);
                HashMap::new()
            });
            members.insert(handle.id(), handle.clone());
        }
        self.inner.connections.send_modify(|count| *count += 1);
        Connection::new(self.clone(), handle, rooms, inbox)
    }

    /// Publishes to everybody in a room, on every node, but not to the connection `except`.
    pub fn publish(&self, room: &str, payload: &[u8], except: Option<ConnectionId>) {
        self.inner.bus.publish(room, frame(payload, except));
    }

    /// How many connections this node holds.
    pub fn connections(&self) -> usize {
        *self.inner.connections.borrow()
    }

    /// Closes every connection and returns when the last one is gone.
    pub async fn close_all(&self, code: CloseCode, reason: &'static str) {
        let handles: Vec<Handle> = self.inner.rooms().values().flat_map(HashMap::values).cloned().collect();
        for handle in handles {
            handle.close(code, reason);
        }
        // An error says that the sender is gone, and it is held here.
        let _ = self.inner.connections.subscribe().wait_for(|count| *count == 0).await;
    }

    fn disconnect(&self, id: ConnectionId, rooms: &[String]) {
        let mut all = self.inner.rooms();
        for room in rooms {
            let Some(members) = all.get_mut(room) else { continue };
            members.remove(&id);
            if members.is_empty() {
                all.remove(room);
                self.inner.bus.unsubscribe(room);
            }
        }
        self.inner.connections.send_modify(|count| *count -= 1);
    }
}

impl Inner {
    fn rooms(&self) -> MutexGuard<'_, HashMap<String, HashMap<ConnectionId, Handle>>> {
        // Nothing that holds the lock can leave it half changed.
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn deliver(&self, room: &str, frame: Bytes) {
        let Some((except, payload)) = unframe(&frame) else {
            tracing::error!(room, bytes = frame.len(), "a frame from the bus is too short");
            return;
        };
        let Some(message) = (self.decode)(payload) else {
            tracing::error!(room, bytes = payload.len(), "a message from the bus cannot be read");
            return;
        };
        let message = Arc::new(message);
        let rooms = self.rooms();
        for handle in rooms.get(room).into_iter().flat_map(HashMap::values) {
            if Some(handle.id()) != except {
                handle.send(message.clone());
            }
        }
    }
}

/// On the bus: the connection that is left out (16 bytes, zeros for none), then the payload.
fn frame(payload: &[u8], except: Option<ConnectionId>) -> Bytes {
    let mut frame = BytesMut::with_capacity(16 + payload.len());
    frame.put_slice(except.map_or(Uuid::nil(), |id| id.0).as_bytes());
    frame.put_slice(payload);
    frame.freeze()
}

fn unframe(frame: &[u8]) -> Option<(Option<ConnectionId>, &[u8])> {
    let (id, payload) = frame.split_first_chunk::<16>()?;
    let id = Uuid::from_bytes(*id);
    Some(((!id.is_nil()).then_some(ConnectionId(id)), payload))
}

#[cfg(test)]
mod tests;
