//! Presence over several nodes.
//!
//! A node publishes each change of its own devices at once, on the room's subject. When it first needs a room, it asks
//! all nodes, and each answers with its own devices. Every 10 s a node sends a heartbeat; the devices of a node without
//! a heartbeat for 30 s are removed.

use super::{PresenceDiff, State};
use crate::{ConnectionId, Hub, RoomId, bus::Subject, cluster, hub::Inner, sync::lock};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, Weak},
    time::Duration,
};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

/// The heartbeat interval.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// A node without a heartbeat for this long is considered dead.
const LEASE: Duration = Duration::from_secs(30);
/// How long a subscriber waits for the other nodes' answers; later ones are sent to it as changes.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

/// The id of a node, from its start to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct NodeId(Uuid);

/// The nodes that are alive.
pub(crate) struct Nodes {
    pub own: NodeId,
    started: Instant,
    /// The time of the last heartbeat of each other node.
    others: Mutex<HashMap<NodeId, Instant>>,
}

/// A message between nodes, in JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum PresenceFrame {
    /// A heartbeat.
    Alive { node: NodeId },
    /// The node asks for a room's devices; answered on the room's subject.
    Ask { node: NodeId, scope: String, key: String },
    /// All of the node's devices in the room.
    All { node: NodeId, devices: Vec<Device> },
    /// One of them entered, changed, or (without a meta) left.
    Changed { node: NodeId, device: Device },
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Device {
    user: String,
    id: ConnectionId,
    meta: Option<Value>,
}

impl Nodes {
    pub fn new() -> Self {
        Self {
            own: NodeId(Uuid::now_v7()),
            started: Instant::now(),
            others: Mutex::default(),
        }
    }

    /// Records a heartbeat. Returns whether the node was unknown.
    fn record_heartbeat(&self, node: NodeId) -> bool {
        lock(&self.others).insert(node, Instant::now()).is_none()
    }

    fn all(&self) -> HashSet<NodeId> {
        lock(&self.others).keys().copied().collect()
    }

    /// Removes the nodes whose lease has expired.
    fn take_expired(&self) -> Vec<NodeId> {
        let mut others = lock(&self.others);
        let expired = others.extract_if(|_, seen| seen.elapsed() >= LEASE);
        expired.map(|(node, _)| node).collect()
    }
}

/// Sends heartbeats and removes nodes without one, for as long as the hub exists.
pub(crate) async fn run(hub: Weak<Inner>) {
    loop {
        {
            let Some(inner) = hub.upgrade() else { return };
            let hub = Hub { inner };
            let node = hub.inner.presence.nodes.own;
            cluster::forward_presence(&hub, &Subject::Presence, &PresenceFrame::Alive { node });
            for node in hub.inner.presence.nodes.take_expired() {
                tracing::warn!(?node, "the lease of a node has expired: its devices are removed");
                remove_node(&hub, node);
            }
        }
        tokio::time::sleep(HEARTBEAT).await;
    }
}

/// Asks the other nodes for the devices in a room, if they have not sent them, and waits for the answers of live nodes.
pub(super) async fn query_others(hub: &Hub, room: &RoomId) {
    let nodes = &hub.inner.presence.nodes;
    if !hub.has_peers() {
        return;
    }
    let missing = |state: &State| {
        let known = nodes.all();
        // A node that has just started does not know the others yet.
        let is_new = known.is_empty() && nodes.started.elapsed() < ANSWER_TIMEOUT;
        is_new || known.iter().any(|node| !state.answered.contains(node))
    };
    let answer = {
        let mut state = hub.inner.presence.rooms.entry(room.clone()).or_default();
        if std::mem::replace(&mut state.asked, true) && !missing(&state) {
            return;
        }
        state.answer.clone()
    };
    query(hub, room);
    let answers = async {
        loop {
            let notified = answer.notified();
            if !hub.inner.presence.rooms.get(room).is_some_and(|state| missing(&state)) {
                return;
            }
            notified.await;
        }
    };
    if timeout(ANSWER_TIMEOUT, answers).await.is_err() {
        tracing::debug!(%room, "not all nodes answered with their devices");
    }
}

/// Asks all other nodes for their devices in a room.
fn query(hub: &Hub, room: &RoomId) {
    let ask = PresenceFrame::Ask {
        node: hub.inner.presence.nodes.own,
        scope: room.scope().name().to_owned(),
        key: room.key().to_owned(),
    };
    cluster::forward_presence(hub, &Subject::Presence, &ask);
}

/// Publishes a change of one of this node's devices to the other nodes.
pub(super) fn publish_diff(hub: &Hub, room: &RoomId, diff: &PresenceDiff) {
    let frame = PresenceFrame::Changed {
        node: hub.inner.presence.nodes.own,
        device: Device {
            user: diff.user.to_string(),
            id: diff.device,
            meta: diff.meta.clone(),
        },
    };
    cluster::forward_presence(hub, &Subject::Room(room.clone()), &frame);
}

/// Handles a frame of another node, on the subject of a room or of presence.
pub(crate) fn on_presence(hub: &Hub, room: Option<&RoomId>, frame: PresenceFrame) {
    let nodes = &hub.inner.presence.nodes;
    match (frame, room) {
        (PresenceFrame::Alive { node }, _) => {
            // A new node gets a heartbeat at once, so that it knows this one.
            if nodes.record_heartbeat(node) {
                cluster::forward_presence(hub, &Subject::Presence, &PresenceFrame::Alive { node: nodes.own });
            }
        }
        (PresenceFrame::Ask { node, scope, key }, _) => {
            nodes.record_heartbeat(node);
            if let Some((scope, _)) = hub.inner.scopes.get(scope.as_str()) {
                answer(hub, &RoomId::new(*scope, key));
            }
        }
        (PresenceFrame::All { node, devices }, Some(room)) => {
            nodes.record_heartbeat(node);
            replace(hub, room, node, devices);
        }
        (PresenceFrame::Changed { node, device }, Some(room)) => {
            nodes.record_heartbeat(node);
            if let Some(mut state) = hub.inner.presence.rooms.get_mut(room) {
                let user = device.user.into();
                let diff = match device.meta {
                    Some(meta) => state.set(&user, device.id, node, meta),
                    None => state.remove(&user, device.id),
                };
                diff.iter().for_each(|diff| hub.announce(room, diff, None));
            }
        }
        (PresenceFrame::All { .. } | PresenceFrame::Changed { .. }, None) => {}
    }
}

/// Answers with this node's devices in a room.
fn answer(hub: &Hub, room: &RoomId) {
    let own = hub.inner.presence.nodes.own;
    let mut devices = Vec::new();
    // The room stays locked until this is sent: later changes are published after it.
    let state = hub.inner.presence.rooms.get(room);
    for (user, known) in state.iter().flat_map(|state| &state.users) {
        let known = known.iter().filter(|(_, entry)| entry.node == own);
        devices.extend(known.map(|(id, entry)| Device {
            user: user.to_string(),
            id: *id,
            meta: Some(entry.meta.clone()),
        }));
    }
    let frame = PresenceFrame::All { node: own, devices };
    cluster::forward_presence(hub, &Subject::Room(room.clone()), &frame);
}

/// Replaces the known devices of a node in a room.
fn replace(hub: &Hub, room: &RoomId, node: NodeId, devices: Vec<Device>) {
    let Some(mut state) = hub.inner.presence.rooms.get_mut(room) else {
        return;
    };
    let now: HashSet<ConnectionId> = devices.iter().map(|device| device.id).collect();
    let removed = state.of_node(node).into_iter().filter(|(_, id)| !now.contains(id));
    let mut diffs = Vec::new();
    for (user, id) in removed {
        diffs.extend(state.remove(&user, id));
    }
    for Device { user, id, meta } in devices {
        diffs.extend(meta.and_then(|meta| state.set(&user.into(), id, node, meta)));
    }
    diffs.iter().for_each(|diff| hub.announce(room, diff, None));
    state.answered.insert(node);
    state.answer.notify_waiters();
}

/// Removes all devices of a node.
fn remove_node(hub: &Hub, node: NodeId) {
    for mut entry in hub.inner.presence.rooms.iter_mut() {
        let (room, state) = entry.pair_mut();
        let mut diffs = Vec::new();
        for (user, id) in state.of_node(node) {
            diffs.extend(state.remove(&user, id));
        }
        state.answered.remove(&node);
        state.answer.notify_waiters();
        diffs.iter().for_each(|diff| hub.announce(room, diff, None));
    }
}

/// Asks for the devices in a room, or in all rooms, again: changes may have been lost. Devices that have left
/// meanwhile are reported as changes.
pub(crate) fn resync(hub: &Hub, room: Option<&RoomId>) {
    let registry = &hub.inner.presence;
    let rooms: Vec<RoomId> = match room {
        Some(room) => registry
            .rooms
            .contains_key(room)
            .then(|| room.clone())
            .into_iter()
            .collect(),
        None => registry.rooms.iter().map(|state| state.key().clone()).collect(),
    };
    for room in rooms {
        query(hub, &room);
        // This node's own frames may have been lost as well.
        answer(hub, &room);
    }
}
