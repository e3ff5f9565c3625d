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
mod peers;
mod presence;
mod rooms;
mod session;
mod shards;
mod wheel;
mod who;

pub use bus::{Arrival, Bus, Deliver, LocalBus, NatsBus, NatsError};
pub use connection::{Closing, Connection, ConnectionId, Handle};
pub use ending::{ConnectionError, Ending};
pub use history::{Histories, Missed, Position};
pub use message::{Message, Render};
pub use peers::Signal;
pub use presence::{Announce, Devices, Diff, Presence, Present, State};
pub use session::{Follows, Incoming, Protocol, Socket};
pub use who::Who;

use figures::Figures;
use peers::Listener;
use rooms::Rooms;
use shards::Shards;
use wheel::Wheel;

use protocol::socket::{CloseCode, Rendering};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, task::AbortHandle};

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
    listeners: Mutex<HashMap<String, Listener>>,
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
            listeners: Mutex::default(),
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

    /// Publishes to several rooms, on every node: whoever is in more than one of them hears it once. On other nodes, what
    /// is published to one of the rooms alone may overtake it.
    pub fn publish_to_rooms(&self, rooms: &[&str], message: &Arc<Message>, except: Option<ConnectionId>) {
        self.inner.deliver_to_rooms(rooms, message, except);
        self.inner.pass_on_to_rooms(rooms, message, except);
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

    /// How many connections of this node are in a room.
    pub fn member_count(&self, room: &str) -> usize {
        self.inner.rooms.get(room).map_or(0, |room| room.len())
    }

    /// The rooms in which this node has somebody.
    pub fn room_names(&self) -> Vec<Arc<str>> {
        self.inner.rooms.names()
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
}

#[cfg(test)]
mod tests;
