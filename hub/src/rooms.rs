//! The rooms of this node and their members.

use crate::{Bus, ConnectionId, Handle, Message, RoomId, bus::Subject, metrics::Metrics, sync::lock};
use dashmap::{DashMap, Entry};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// The rooms of this node. A room exists while a connection is in it.
pub(crate) struct Rooms {
    bus: Arc<dyn Bus>,
    metrics: Arc<Metrics>,
    rooms: DashMap<RoomId, Arc<Room>>,
}

/// One room with its own lock: messages to it keep their order and delay no other room.
#[derive(Default)]
pub(crate) struct Room(Mutex<HashMap<ConnectionId, Membership>>);

struct Membership {
    handle: Handle,
    /// A pending subscription: the newest event that arrived meanwhile. It is fetched after the start.
    pending: Option<u64>,
}

impl Rooms {
    pub fn new(bus: Arc<dyn Bus>, metrics: Arc<Metrics>) -> Self {
        Self {
            bus,
            metrics,
            rooms: DashMap::new(),
        }
    }

    pub fn join(&self, id: &RoomId, handle: &Handle, pending: bool) {
        // The entry's lock is held until the connection has joined, so that the room is not removed meanwhile.
        let room = self.rooms.entry(id.clone()).or_insert_with(|| {
            self.bus.subscribe(&Subject::Room(id.clone()));
            self.metrics.rooms.inc();
            Arc::default()
        });
        let membership = Membership {
            handle: handle.clone(),
            pending: pending.then_some(0),
        };
        lock(&room.0).insert(handle.id(), membership);
    }

    pub fn leave(&self, id: &RoomId, connection: ConnectionId) {
        if let Entry::Occupied(room) = self.rooms.entry(id.clone()) {
            let is_empty = {
                let mut members = lock(&room.get().0);
                members.remove(&connection);
                members.is_empty()
            };
            if is_empty {
                room.remove();
                self.metrics.rooms.dec();
                self.bus.unsubscribe(&Subject::Room(id.clone()));
            }
        }
    }

    pub fn get(&self, id: &RoomId) -> Option<Arc<Room>> {
        self.rooms.get(id).map(|room| room.clone())
    }

    /// The members of a room; empty if the room does not exist.
    pub fn handles(&self, id: &RoomId) -> Vec<Handle> {
        self.get(id).map(|room| room.handles()).unwrap_or_default()
    }

    /// A snapshot of the rooms, which is not atomic over the parts of the map.
    pub fn ids(&self) -> Vec<RoomId> {
        self.rooms.iter().map(|room| room.key().clone()).collect()
    }

    /// How many rooms there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.rooms.len()
    }
}

impl Room {
    /// Sends a message to all members except `except`. All members receive messages in the same order.
    pub fn send(&self, id: &RoomId, message: &Arc<Message>, except: Option<ConnectionId>) {
        for (connection, member) in &mut *lock(&self.0) {
            if Some(*connection) != except {
                member.send(id, message);
            }
        }
    }

    /// Sends a message to the members that are not yet among `reached`, and adds them.
    pub fn send_once(
        &self,
        id: &RoomId,
        message: &Arc<Message>,
        reached: &mut std::collections::HashSet<ConnectionId>,
    ) {
        for (connection, member) in &mut *lock(&self.0) {
            if reached.insert(*connection) {
                member.send(id, message);
            }
        }
    }

    /// Starts a pending subscription. `start` sends its first messages, given the newest event that arrived meanwhile;
    /// messages to the room follow them.
    pub fn start(&self, connection: ConnectionId, start: impl FnOnce(u64)) {
        if let Some(member) = lock(&self.0).get_mut(&connection) {
            start(member.pending.take().unwrap_or(0));
        }
    }

    fn handles(&self) -> Vec<Handle> {
        lock(&self.0).values().map(|member| member.handle.clone()).collect()
    }

    pub fn len(&self) -> usize {
        lock(&self.0).len()
    }
}

impl Membership {
    fn send(&mut self, room: &RoomId, message: &Arc<Message>) {
        match (&mut self.pending, message.position()) {
            (None, _) => self.handle.send(message.clone()),
            (Some(newest), Some((stream, seq))) if stream.room() == room => *newest = seq.max(*newest),
            // Messages that are not events of the stream were sent before the subscription.
            (Some(_), _) => {}
        }
    }
}
