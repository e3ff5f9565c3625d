//! What goes to other nodes over the bus, and what comes from them.

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

/// What a node gets on a topic.
pub enum TopicEvent<'a> {
    /// What another node sent.
    Message(&'a [u8]),
    /// Some messages were lost.
    Lost,
}

/// Takes the events of a topic; it must not wait.
pub(crate) type Listener = Arc<dyn Fn(TopicEvent<'_>) + Send + Sync>;

/// One listener a topic.
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

    /// Listens to what other nodes send on a topic. One listener a topic; it must not wait.
    pub fn subscribe_topic(&self, topic: Topic, listener: impl Fn(TopicEvent<'_>) + Send + Sync + 'static) {
        lock(&self.inner.listeners.0).insert(topic, Arc::new(listener));
        self.inner.bus.subscribe(&Subject::Topic(topic));
    }

    /// Sends something to all other nodes that listen to a topic, without waiting; `write` is not called where there are
    /// no others.
    pub fn publish_topic(&self, topic: Topic, write: impl FnOnce() -> Vec<u8>) {
        if self.has_peers() {
            publish(self, &Subject::Topic(topic), &Frame::of(Body::Topic(&write())));
        }
    }

    /// Returns once nothing that other nodes publish can pass by the rooms joined so far, and everything that was
    /// published here is on its way; at once where there are no others, or they cannot be reached.
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

/// Evicts a user on the other nodes.
pub(crate) fn forward_eviction(hub: &Hub, room: &RoomId, user: &str) {
    if hub.has_peers() {
        publish(hub, &Subject::Room(room.clone()), &Frame::of(Body::Evict(user)));
    }
}

/// Tells the other nodes something of presence.
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

/// Takes what the bus brings.
pub(crate) fn on_bus_event(hub: &Hub, arrival: Arrival<'_>) {
    let (subject, bytes) = match arrival {
        Arrival::Frame(subject, bytes) => (subject, bytes),
        Arrival::Lost(subject) => return lost(hub, subject),
    };
    hub.metrics().bus_messages_in.inc();
    let Some(frame) = Frame::read(&bytes) else {
        return unreadable(hub, subject);
    };
    match (frame.body, subject) {
        (Body::Topic(payload), Subject::Topic(topic)) => {
            if let Some(listener) = hub.inner.listeners.get(*topic) {
                listener(TopicEvent::Message(payload));
            }
        }
        (Body::Evict(user), Subject::Room(room)) => hub.evict_here(room, user),
        (Body::Presence(json), _) => {
            let room = match subject {
                Subject::Room(room) => Some(room),
                _ => None,
            };
            match serde_json::from_slice(json) {
                Ok(frame) => presence::on_presence(hub, room, frame),
                // Of another version of this program: the next answer or sign of life makes up for it.
                Err(error) => tracing::warn!(%error, %subject, "presence of another node cannot be read"),
            }
        }
        (body @ Body::Message { .. }, _) => on_message(hub, subject, &body),
        (Body::Topic(_) | Body::Evict(_), _) => unreadable(hub, subject),
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
        // A protocol that this node does not have: no connection of it is here.
        tracing::debug!(scope, "a message of another node belongs to an unknown protocol");
        hub.metrics().bus_messages_unknown.inc();
        return;
    };
    let room = match subject {
        Subject::Room(room) => Some(room),
        _ => None,
    };
    let Some(message) = handler.decode(room, payload) else {
        return unreadable(hub, subject);
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
        Subject::Topic(_) | Subject::Presence => unreadable(hub, subject),
    }
}

fn unreadable(hub: &Hub, subject: &Subject) {
    tracing::error!(%subject, "a message of another node cannot be read");
    lost(hub, subject);
}

/// What was missed is unknown, so whatever depends on it recovers, rather than stay silent about it.
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
            // Not all at once: each comes back and reads what it missed.
            let hub = hub.clone();
            let spread = hub.inner.recovery_spread;
            tokio::spawn(async move { hub.close_spread(spread, Handle::recover).await });
        }
    }
}
