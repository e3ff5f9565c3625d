//! Connections, rooms and delivery, with no knowledge of timers, notes or channels (contract, `hub.md`).
//!
//! A message is published to a room: this node hands it to the bounded outboxes of the room's connections at once, and
//! other nodes get it over the [`Bus`], where the room's name is its subject.

mod bus;
mod connection;
mod ending;
mod figures;
mod history;
mod message;
mod presence;
mod rooms;
mod session;
mod shards;
mod wheel;
mod who;

pub use bus::{Arrival, Bus, Deliver, LocalBus};
pub use connection::{Closing, Connection, ConnectionId, Handle};
pub use ending::{ConnectionError, Ending};
pub use history::{Histories, Missed, Position};
pub use message::{Message, Render};
pub use presence::{Announce, Devices, Diff, Presence, Present, State};
pub use session::{Incoming, Protocol, Socket};
pub use who::Who;

use figures::Figures;
use rooms::Rooms;
use shards::Shards;
use wheel::Wheel;

use bytes::{BufMut, Bytes, BytesMut};
use protocol::wire::{CloseCode, Rendering};
use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, task::AbortHandle};
use uuid::Uuid;

/// The subject of what is meant for everybody; no room has this name.
const EVERYBODY: &str = "*";
/// Batches of a drain follow each other after this time.
const DRAIN_STEP: Duration = Duration::from_millis(100);

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
    rooms: Rooms,
    everybody: Shards<ConnectionId, Handle>,
    figures: Figures,
    wheel: Arc<Wheel>,
    turning: AbortHandle,
    draining: AtomicBool,
    /// How many connections there are; tells the drain when all are gone.
    connections: watch::Sender<usize>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.turning.abort();
    }
}

impl Hub {
    /// A hub on a bus, within a runtime. `outbox_messages`: a connection for which more wait is closed with 4008.
    /// `heartbeat`: the time between two pings.
    pub fn new(bus: Arc<dyn Bus>, decode: Decode, outbox_messages: usize, heartbeat: Duration) -> Self {
        let wheel = Arc::new(Wheel::new(heartbeat));
        let turning = wheel.clone();
        let turning = tokio::spawn(async move { turning.turn().await }).abort_handle();
        let inner = Arc::new(Inner {
            bus: bus.clone(),
            decode,
            outbox_messages,
            rooms: Rooms::new(bus.clone()),
            everybody: Shards::new(),
            figures: Figures::default(),
            wheel,
            turning,
            draining: AtomicBool::new(false),
            connections: watch::Sender::new(0),
        });
        let hub = Arc::downgrade(&inner);
        bus.start(Arc::new(move |arrival| {
            if let Some(hub) = hub.upgrade() {
                hub.arrive(arrival);
            }
        }));
        bus.subscribe(EVERYBODY);
        Self { inner }
    }

    /// Registers a connection, in the room of its user where there is one. From now on it gets what is published in its
    /// rooms, until it is dropped.
    pub fn connect(&self, who: Who, rendering: Rendering) -> Connection {
        let own = who.room().cloned();
        let handle = Handle::new(self.clone(), who, rendering, self.inner.outbox_messages);
        self.inner
            .everybody
            .of(&handle.id())
            .insert(handle.id(), handle.clone());
        self.inner.connections.send_modify(|count| *count += 1);
        self.inner.wheel.add(&handle);
        let mut connection = Connection::new(handle);
        if let Some(room) = own {
            connection.join(&room);
        }
        // Whoever came while the drain began is not in its list.
        if self.inner.draining.load(Ordering::SeqCst) {
            connection.handle().close(CloseCode::Restart, "the server restarts");
        }
        connection
    }

    /// Closes the connection with 1008 after this time; said again, the last time counts.
    pub fn end_after(&self, handle: &Handle, time: Duration, reason: &'static str) {
        self.inner.wheel.end_after(handle, time, reason);
    }

    /// Publishes to everybody in a room, on every node, but not to the connection `except`. What one caller publishes
    /// in a room is heard in that order.
    pub fn publish(&self, room: &str, message: &Arc<Message>, except: Option<ConnectionId>) {
        self.inner.deliver(room, message, except);
        self.inner.pass_on(room, message, except);
    }

    /// Publishes to several rooms: whoever is in more than one of them hears it once, on this node.
    pub fn publish_to_rooms(&self, rooms: &[&str], message: &Arc<Message>, except: Option<ConnectionId>) {
        let mut reached: HashSet<ConnectionId> = except.into_iter().collect();
        for name in rooms {
            if let Some(room) = self.inner.rooms.get(name) {
                room.each(|handle| {
                    if reached.insert(handle.id()) {
                        handle.send(message.clone());
                    }
                });
            }
            self.inner.pass_on(name, message, except);
        }
    }

    /// Publishes to every connection of every node.
    pub fn publish_to_all(&self, message: &Arc<Message>, except: Option<ConnectionId>) {
        self.inner.deliver(EVERYBODY, message, except);
        self.inner.pass_on(EVERYBODY, message, except);
    }

    /// Sends to one connection of this node; whether it is here.
    pub fn send(&self, id: ConnectionId, message: Arc<Message>) -> bool {
        let handle = self.inner.everybody.of(&id).get(&id).cloned();
        handle.is_some_and(|handle| {
            handle.send(message);
            true
        })
    }

    /// The connections of a room on this node.
    pub fn members(&self, room: &str) -> Vec<ConnectionId> {
        let mut members = Vec::new();
        if let Some(room) = self.inner.rooms.get(room) {
            room.each(|handle| members.push(handle.id()));
        }
        members
    }

    /// How many connections this node holds.
    pub fn connections(&self) -> usize {
        *self.inner.connections.borrow()
    }

    /// The figures in Prometheus' text format.
    pub fn metrics(&self) -> String {
        self.inner.figures.text(self.connections(), self.inner.rooms.len())
    }

    /// Closes every connection, in batches over `spread`, and returns when the last one is gone. Who connects from now
    /// on is closed at once.
    pub async fn close_all(&self, code: CloseCode, reason: &'static str, spread: Duration) {
        self.inner.draining.store(true, Ordering::SeqCst);
        let handles = self.inner.everybody.values();
        let steps = usize::try_from(spread.as_millis() / DRAIN_STEP.as_millis()).unwrap_or(usize::MAX);
        let batch = handles.len().div_ceil(steps.max(1)).max(1);
        for (index, batch) in handles.chunks(batch).enumerate() {
            if index > 0 {
                tokio::time::sleep(DRAIN_STEP).await;
            }
            for handle in batch {
                handle.close(code, reason);
            }
        }
        drop(handles);
        // An error says that the sender is gone, and it is held here.
        let _ = self.inner.connections.subscribe().wait_for(|count| *count == 0).await;
    }

    pub(in crate::hub) fn figures(&self) -> &Figures {
        &self.inner.figures
    }

    pub(in crate::hub) fn rooms(&self) -> &Rooms {
        &self.inner.rooms
    }

    pub(in crate::hub) fn forget(&self, handle: &Handle) {
        self.inner.wheel.remove(handle);
        self.inner.everybody.of(&handle.id()).remove(&handle.id());
        self.inner.connections.send_modify(|count| *count -= 1);
    }
}

impl Inner {
    /// Hands a message itself to who is here: nothing is encoded for them.
    fn deliver(&self, room: &str, message: &Arc<Message>, except: Option<ConnectionId>) {
        self.each(room, |handle| {
            if Some(handle.id()) != except {
                handle.send(message.clone());
            }
        });
    }

    fn each(&self, room: &str, visit: impl FnMut(&Handle)) {
        if room == EVERYBODY {
            self.everybody.values().iter().for_each(visit);
        } else if let Some(room) = self.rooms.get(room) {
            room.each(visit);
        }
    }

    fn pass_on(&self, room: &str, message: &Message, except: Option<ConnectionId>) {
        if self.bus.has_peers()
            && let Some(payload) = message.encode()
        {
            self.bus.publish(room, frame(&payload, except));
        }
    }

    fn arrive(&self, arrival: Arrival<'_>) {
        match arrival {
            Arrival::Frame(room, frame) => {
                let read = unframe(&frame).and_then(|(except, payload)| Some((except, (self.decode)(payload)?)));
                let Some((except, message)) = read else {
                    tracing::error!(room, bytes = frame.len(), "a message from the bus cannot be read");
                    return self.resync(room);
                };
                self.deliver(room, &Arc::new(message), except);
            }
            Arrival::Lost(room) => self.resync(room),
        }
    }

    /// Nobody knows what was missed: whoever listened connects again and recovers it, rather than never hear of it.
    fn resync(&self, room: &str) {
        tracing::warn!(room, "messages were lost between nodes: its connections recover");
        self.each(room, |handle| {
            handle.close(CloseCode::SlowConsumer, "messages were lost: reconnect and recover");
        });
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
