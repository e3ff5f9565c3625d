//! Who is in which room.

use super::{
    Bus, ConnectionId, Handle,
    shards::{Shards, lock},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// The rooms of this node. A room is there while somebody is in it.
pub(super) struct Rooms {
    bus: Arc<dyn Bus>,
    rooms: Shards<Arc<str>, Arc<Room>>,
}

/// One room, with a lock of its own: what is delivered in it keeps its order, and stops no other room.
#[derive(Default)]
pub(super) struct Room(Mutex<Members>);

#[derive(Default)]
struct Members {
    here: HashMap<ConnectionId, Handle>,
    /// The last one left and the room is off the map: who comes now makes a new one.
    gone: bool,
}

impl Rooms {
    pub(super) fn new(bus: Arc<dyn Bus>) -> Self {
        Self {
            bus,
            rooms: Shards::new(),
        }
    }

    pub(super) fn join(&self, name: &Arc<str>, handle: &Handle) {
        loop {
            let room = self.rooms.of(name).entry(name.clone()).or_default().clone();
            let mut members = lock(&room.0);
            if members.gone {
                continue;
            }
            if members.here.is_empty() {
                self.bus.subscribe(name);
            }
            members.here.insert(handle.id(), handle.clone());
            return;
        }
    }

    pub(super) fn leave(&self, name: &str, id: ConnectionId) {
        let Some(room) = self.get(name) else { return };
        let mut members = lock(&room.0);
        members.here.remove(&id);
        if members.here.is_empty() && !members.gone {
            members.gone = true;
            self.bus.unsubscribe(name);
            // Room before part, and nobody takes them the other way round.
            self.rooms.of(name).remove(name);
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<Arc<Room>> {
        self.rooms.of(name).get(name).cloned()
    }

    pub(super) fn names(&self) -> Vec<Arc<str>> {
        self.rooms.keys()
    }

    pub(super) fn len(&self) -> usize {
        self.rooms.len()
    }
}

impl Room {
    pub(super) fn len(&self) -> usize {
        lock(&self.0).here.len()
    }

    /// Visits all members; what two callers do comes in the same order for each member.
    pub(super) fn each(&self, mut visit: impl FnMut(&Handle)) {
        lock(&self.0).here.values().for_each(&mut visit);
    }
}
