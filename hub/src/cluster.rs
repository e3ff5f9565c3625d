//! Messages to and from other nodes.

mod frame;

use crate::{
    Arrival, Audience, ConnectionId, Handle, Hub, Message, RoomId, Topic,
    bus::Subject,
    presence::{self, PresenceFrame},
    sync::lock,
};
use frame::{Body, Frame};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// An event on a topic.
pub enum TopicEvent<'a> {
    /// A message of another node.
    Message(&'a [u8]),
    /// Some messages were lost.
    Lost,
}

/// Handles the events of a topic. It must not block.
pub(crate) type Listener = Arc<dyn Fn(TopicEvent<'_>) + Send + Sync>;

/// The handler of each topic.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<HashMap<Topic, Listener>>);

impl Listeners {
    fn get(&self, topic: Topic) -> Option<Listener> {
        lock(&self.0).get(&topic).cloned()
    }

    fn all(&self) -> Vec<Listener> {
        lock(&self.0).values().cloned().collect()
    }
}

impl Hub {
    /// Whether there may be other nodes.
    pub fn has_peers(&self) -> bool {
        self.inner.bus.has_peers()
    }

    /// Subscribes to a topic that other nodes publish on. There is one handler per topic; it must not block.
    pub fn subscribe_topic(&self, topic: Topic, listener: impl Fn(TopicEvent<'_>) + Send + Sync + 'static) {
        lock(&self.inner.listeners.0).insert(topic, Arc::new(listener));
        self.inner.bus.subscribe(&Subject::Topic(topic));
    }

    /// Publishes a message on a topic to all other nodes, without waiting. `write` is not called if there are no other
    /// nodes.
    pub fn publish_topic(&self, topic: Topic, write: impl FnOnce() -> Vec<u8>) {
        if self.has_peers() {
            publish(self, &Subject::Topic(topic), &Frame::of(Body::Topic(&write())));
        }
    }

    /// Resolves when the node receives everything that is published to the rooms joined so far, and all its own publishes
    /// are flushed; at once if there are no other nodes, or none can be reached.
    pub async fn settled(&self) {
        if self.has_peers() {
            self.inner.bus.settled().await;
        }
    }
}

/// Sends a message to the other nodes.
pub(crate) fn forward(hub: &Hub, audience: Audience<'_>, message: &Message, except: Option<ConnectionId>) {
    if !hub.has_peers() {
        return;
    }
    let Some(payload) = message.encode() else { return };
    let (subject, scope, rooms) = match audience {
        Audience::Everyone(scope) => (Subject::Everyone, scope.name(), vec![]),
        Audience::Rooms([]) => return,
        Audience::Rooms([room]) => (Subject::Room(room.clone()), room.scope().name(), vec![]),
        Audience::Rooms(rooms) => {
            let names = rooms.iter().map(|room| (room.scope().name(), room.key()));
            (Subject::Everyone, rooms[0].scope().name(), names.collect())
        }
    };
    let body = Body::Message {
        scope,
        except,
        rooms,
        payload: &payload,
    };
    publish(hub, &subject, &Frame::of(body));
}

/// Evicts a user from a room on the other nodes.
pub(crate) fn forward_eviction(hub: &Hub, room: &RoomId, user: &str) {
    if hub.has_peers() {
        publish(hub, &Subject::Room(room.clone()), &Frame::of(Body::Evict(user)));
    }
}

/// Sends a presence frame to the other nodes.
pub(crate) fn forward_presence(hub: &Hub, subject: &Subject, frame: &PresenceFrame) {
    if !hub.has_peers() {
        return;
    }
    match serde_json::to_vec(frame) {
        Ok(json) => publish(hub, subject, &Frame::of(Body::Presence(&json))),
        Err(error) => tracing::error!(%error, "presence cannot be written as JSON"),
    }
}

fn publish(hub: &Hub, subject: &Subject, frame: &Frame<'_>) {
    hub.metrics().bus_messages_out.inc();
    hub.inner.bus.publish(subject, frame.write());
}

/// Handles an arrival from the bus.
pub(crate) fn on_bus_event(hub: &Hub, arrival: Arrival<'_>) {
    let (subject, bytes) = match arrival {
        Arrival::Frame(subject, bytes) => (subject, bytes),
        Arrival::Lost(subject) => return lost(hub, subject),
    };
    hub.metrics().bus_messages_in.inc();
    let Some(frame) = Frame::read(&bytes) else {
        return on_undecodable_frame(hub, subject);
    };
    match (frame.body, subject) {
        (Body::Topic(payload), Subject::Topic(topic)) => {
            if let Some(listener) = hub.inner.listeners.get(*topic) {
                listener(TopicEvent::Message(payload));
            }
        }
        (Body::Evict(user), Subject::Room(room)) => hub.evict_local(room, user),
        (Body::Presence(json), _) => {
            let room = match subject {
                Subject::Room(room) => Some(room),
                _ => None,
            };
            match serde_json::from_slice(json) {
                Ok(frame) => presence::on_presence(hub, room, frame),
                // From another version of this program: the next answer or heartbeat makes up for it.
                Err(error) => tracing::warn!(%error, %subject, "presence of another node cannot be read"),
            }
        }
        (body @ Body::Message { .. }, _) => on_message(hub, subject, &body),
        (Body::Topic(_) | Body::Evict(_), _) => on_undecodable_frame(hub, subject),
    }
}

fn on_message(hub: &Hub, subject: &Subject, body: &Body<'_>) {
    let Body::Message {
        scope,
        except,
        rooms,
        payload,
    } = body
    else {
        return;
    };
    let Some((_, handler)) = hub.inner.scopes.get(scope) else {
        // This node does not have the protocol, so it has no connection of it.
        tracing::debug!(scope, "a message of another node belongs to an unknown protocol");
        hub.metrics().bus_messages_unknown.inc();
        return;
    };
    let room = match subject {
        Subject::Room(room) => Some(room),
        _ => None,
    };
    let Some(message) = handler.decode(room, payload) else {
        return on_undecodable_frame(hub, subject);
    };
    let message = Arc::new(message);
    match subject {
        Subject::Room(room) => hub.deliver(room, &message, *except),
        Subject::Everyone if rooms.is_empty() => hub.deliver_to_all(&message, *except),
        Subject::Everyone => {
            let known = |(scope, key): &(&str, &str)| {
                let (scope, _) = hub.inner.scopes.get(scope)?;
                Some(RoomId::new(*scope, *key))
            };
            let rooms: Vec<RoomId> = rooms.iter().filter_map(known).collect();
            hub.deliver_to_rooms(&rooms, &message, *except);
        }
        Subject::Topic(_) | Subject::Presence => on_undecodable_frame(hub, subject),
    }
}

fn on_undecodable_frame(hub: &Hub, subject: &Subject) {
    tracing::error!(%subject, "a message of another node cannot be read");
    lost(hub, subject);
}

/// Handles a loss. The lost messages are unknown, so everything that depends on them recovers.
fn lost(hub: &Hub, subject: &Subject) {
    hub.metrics().bus_losses.inc();
    tracing::warn!(%subject, "messages between nodes were lost: what missed them recovers");
    match subject {
        Subject::Topic(topic) => {
            if let Some(listener) = hub.inner.listeners.get(*topic) {
                listener(TopicEvent::Lost);
            }
        }
        Subject::Presence => presence::resync(hub, None),
        Subject::Room(room) => {
            presence::resync(hub, Some(room));
            hub.inner.rooms.handles(room).iter().for_each(Handle::recover);
        }
        Subject::Everyone => {
            let listeners = hub.inner.listeners.all();
            listeners.iter().for_each(|listener| listener(TopicEvent::Lost));
            presence::resync(hub, None);
            // Spread over time: each reconnects and reads what it missed.
            let hub = hub.clone();
            let spread = hub.inner.recovery_spread;
            tokio::spawn(async move { hub.close_spread(spread, Handle::recover).await });
        }
    }
}
