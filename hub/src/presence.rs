//! Presence: the users and devices in a room, with a meta value for each device. A subscriber gets the state, then
//! changes.
//!
//! Each node owns the entries of its own connections and publishes them to the others ([`nodes`]). An entry has one
//! writer, so nodes merge each other's entries by replacing them.

mod nodes;

pub(crate) use nodes::{NodeId, Nodes, PresenceFrame, on_presence, resync, run};

use crate::{ConnectionId, Handle, Hub, RoomId};
use dashmap::{DashMap, Entry as MapEntry};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};
use tokio::sync::Notify;

/// A user's devices in a room, with their meta values.
pub type Devices = BTreeMap<ConnectionId, Value>;

/// All users in a room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Devices by user.
    pub users: BTreeMap<Arc<str>, Devices>,
}

/// A device entered, changed its meta value, or left.
#[derive(Clone, Debug, PartialEq)]
pub struct PresenceDiff {
    /// The user of the device.
    pub user: Arc<str>,
    /// The device.
    pub device: ConnectionId,
    /// Its meta value; `None`: it left.
    pub meta: Option<Value>,
    /// It is the user's first device in the room, or was the last: the user entered or left.
    pub user_changed: bool,
}

/// The presence of the rooms that this node has connections in.
pub(crate) struct Registry {
    rooms: DashMap<RoomId, State>,
    pub nodes: Nodes,
}

#[derive(Default)]
struct State {
    users: BTreeMap<Arc<str>, BTreeMap<ConnectionId, Entry>>,
    /// Whether the other nodes have been asked.
    asked: bool,
    /// The nodes that have answered.
    answered: HashSet<NodeId>,
    answer: Arc<Notify>,
}

struct Entry {
    node: NodeId,
    meta: Value,
}

impl Registry {
    pub fn new() -> Self {
        Self {
            rooms: DashMap::new(),
            nodes: Nodes::new(),
        }
    }

    pub fn snapshot(&self, room: &RoomId) -> Snapshot {
        self.rooms.get(room).map(|state| state.snapshot()).unwrap_or_default()
    }
}

impl State {
    fn snapshot(&self) -> Snapshot {
        let devices = |devices: &BTreeMap<ConnectionId, Entry>| {
            let metas = devices.iter().map(|(device, entry)| (*device, entry.meta.clone()));
            metas.collect::<Devices>()
        };
        let users = self.users.iter().map(|(user, known)| (user.clone(), devices(known)));
        Snapshot { users: users.collect() }
    }

    /// Sets the meta value of a device; `None` if that changes nothing.
    fn set(&mut self, user: &Arc<str>, device: ConnectionId, node: NodeId, meta: Value) -> Option<PresenceDiff> {
        let devices = self.users.entry(user.clone()).or_default();
        let user_changed = devices.is_empty();
        let entry = Entry {
            node,
            meta: meta.clone(),
        };
        let before = devices.insert(device, entry);
        if before.is_some_and(|before| before.meta == meta) {
            return None;
        }
        Some(PresenceDiff {
            user: user.clone(),
            device,
            meta: Some(meta),
            user_changed,
        })
    }

    fn remove(&mut self, user: &Arc<str>, device: ConnectionId) -> Option<PresenceDiff> {
        let devices = self.users.get_mut(user)?;
        devices.remove(&device)?;
        let user_changed = devices.is_empty();
        if user_changed {
            self.users.remove(user);
        }
        Some(PresenceDiff {
            user: user.clone(),
            device,
            meta: None,
            user_changed,
        })
    }

    /// The devices of a node.
    fn of_node(&self, node: NodeId) -> Vec<(Arc<str>, ConnectionId)> {
        let mut found = Vec::new();
        for (user, devices) in &self.users {
            let own = devices.iter().filter(|(_, entry)| entry.node == node);
            found.extend(own.map(|(device, _)| (user.clone(), *device)));
        }
        found
    }
}

impl Hub {
    /// Calls `start` with the current state of a room. With a `meta`, the connection then enters, and the room is notified.
    /// Later changes are sent to the room after `start` has returned.
    pub(crate) async fn enter(
        &self,
        handle: &Handle,
        room: &RoomId,
        meta: Option<Value>,
        start: impl FnOnce(&Snapshot),
    ) {
        nodes::query_others(self, room).await;
        let mut state = self.inner.presence.rooms.entry(room.clone()).or_default();
        start(&state.snapshot());
        let (Some(meta), Some(user)) = (meta, handle.user()) else {
            return;
        };
        // It may have been evicted meanwhile; a later eviction waits for the entry's lock.
        if !handle.is_in(room) {
            return;
        }
        if let Some(diff) = state.set(user, handle.id(), self.inner.presence.nodes.own, meta) {
            self.announce(room, &diff, Some(handle.id()));
            nodes::publish_diff(self, room, &diff);
        }
    }

    /// Removes a connection from the presence of a room, which it has left.
    pub(crate) fn leave_presence(&self, room: &RoomId, handle: &Handle) {
        if !self.inner.presence.rooms.contains_key(room) {
            return;
        }
        if let MapEntry::Occupied(mut state) = self.inner.presence.rooms.entry(room.clone()) {
            let diff = handle.user().and_then(|user| state.get_mut().remove(user, handle.id()));
            if let Some(diff) = diff {
                self.announce(room, &diff, None);
                nodes::publish_diff(self, room, &diff);
            }
            // Other nodes send a room's changes to this node only while it has a connection in the room.
            if self.member_count(room) == 0 {
                state.remove();
            }
        }
    }

    /// Notifies this node's members of a room.
    fn announce(&self, room: &RoomId, diff: &PresenceDiff, except: Option<ConnectionId>) {
        let message = self
            .handler(room.scope())
            .and_then(|handler| handler.presence_changed(room, diff));
        if let Some(message) = message {
            self.deliver(room, &Arc::new(message), except);
        }
    }
}
