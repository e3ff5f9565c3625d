//! The connections of this node, and operations on all of them.

mod builder;

pub use builder::HubBuilder;

use crate::{
    Bus, CloseCode, CloseFrame, ConnectionId, Delivery, FetchError, Format, Handle, Message, RoomId, Scope,
    ScopeHandler, Snapshot, StreamId,
    cluster::{self, Listeners},
    connection::MemberSettings,
    metrics::Metrics,
    presence::Registry,
    rooms::Rooms,
    timer_wheel::TimerWheel,
};
use dashmap::DashMap;
use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, task::AbortHandle};

/// The interval between batches of closes.
const BATCH_INTERVAL: Duration = Duration::from_millis(100);

/// The receivers of a message.
#[derive(Clone, Copy, Debug)]
pub enum Audience<'a> {
    /// Every connection of every node. The scope determines the protocol that decodes the message on other nodes.
    Everyone(Scope),
    /// The connections in at least one of these rooms, each once. With several rooms, a message to one of them alone may
    /// overtake this one on other nodes.
    Rooms(&'a [RoomId]),
}

/// The connections of this node; a clone is the same hub.
#[derive(Clone)]
pub struct Hub {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub bus: Arc<dyn Bus>,
    pub scopes: HashMap<&'static str, (Scope, Arc<dyn ScopeHandler>)>,
    pub listeners: Listeners,
    pub rooms: Rooms,
    pub presence: Registry,
    pub metrics: Arc<Metrics>,
    pub recovery_spread: Duration,
    all: DashMap<ConnectionId, Handle>,
    timer_wheel: Arc<TimerWheel>,
    /// The task of the timer wheel.
    clock: AbortHandle,
    draining: AtomicBool,
    /// The number of connections; the drain waits until it is 0.
    connections: watch::Sender<usize>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.clock.abort();
    }
}

impl Hub {
    /// A hub on a bus: [`crate::LocalBus`] for a single node.
    pub fn builder(bus: impl Bus) -> HubBuilder {
        Self::builder_with(Arc::new(bus))
    }

    /// A hub on a bus that is selected at run time.
    pub fn builder_with(bus: Arc<dyn Bus>) -> HubBuilder {
        HubBuilder::new(bus)
    }

    /// Registers a connection, which is in no room yet.
    pub(crate) fn register(&self, settings: MemberSettings, remote_address: Option<IpAddr>, format: Format) -> Handle {
        let handle = Handle::new(self.clone(), settings, remote_address);
        handle.set_format(format);
        self.inner.all.insert(handle.id(), handle.clone());
        self.inner.connections.send_modify(|count| *count += 1);
        self.inner.metrics.connections.inc();
        self.inner.timer_wheel.add(&handle);
        // A drain that begins meanwhile may not list this connection.
        if self.is_draining() {
            handle.close(CloseFrame::new(CloseCode::RESTART, "the server restarts"));
        }
        handle
    }

    /// Removes a connection that has left its rooms.
    pub(crate) fn deregister(&self, handle: &Handle) {
        self.inner.timer_wheel.remove(handle);
        if self.inner.all.remove(&handle.id()).is_some() {
            self.inner.metrics.connections.dec();
            self.inner.connections.send_modify(|count| *count -= 1);
        }
    }

    /// Closes a connection after this time. A later call replaces the deadline.
    pub fn close_after(&self, handle: &Handle, time: Duration, close: CloseFrame) {
        handle.member().awaits_identity.store(false, Ordering::Release);
        self.inner.timer_wheel.close_after(handle, time, close);
    }

    /// Closes a connection with 1008 after this time, unless it is identified before.
    pub(crate) fn await_identity(&self, handle: &Handle, time: Duration) {
        let close = CloseFrame::new(CloseCode::POLICY, "not authenticated in time");
        self.close_after(handle, time, close);
        handle.member().awaits_identity.store(true, Ordering::Release);
    }

    /// Sends a message to all connections of a room, on every node, except for `except`. Messages of one caller to a room
    /// are received in order. An event of a stream is sent to the stream's room after it was committed.
    pub fn to_room(&self, room: &RoomId, message: &Arc<Message>, except: Option<ConnectionId>) {
        self.broadcast(Audience::Rooms(std::slice::from_ref(room)), message, except);
    }

    /// Sends a message to an audience, on every node, except for `except`.
    pub fn broadcast(&self, audience: Audience<'_>, message: &Arc<Message>, except: Option<ConnectionId>) {
        match audience {
            Audience::Everyone(_) => self.deliver_to_all(message, except),
            Audience::Rooms([room]) => self.deliver(room, message, except),
            Audience::Rooms(rooms) => self.deliver_to_rooms(rooms, message, except),
        }
        cluster::forward(self, audience, message, except);
    }

    /// Sends a message to one connection of this node. Returns whether it exists here.
    pub fn to_connection(&self, id: ConnectionId, message: Arc<Message>) -> bool {
        let handle = self.inner.all.get(&id).map(|handle| handle.clone());
        handle.is_some_and(|handle| {
            handle.send(message);
            true
        })
    }

    /// Evicts all connections of a user from a room, on every node, such as when sharing or a friendship ended. Their
    /// protocols get [`crate::Control::Evicted`].
    pub fn evict(&self, room: &RoomId, user: &str) {
        self.evict_local(room, user);
        cluster::forward_eviction(self, room, user);
    }

    pub(crate) fn evict_local(&self, room: &RoomId, user: &str) {
        for handle in self.inner.rooms.handles(room) {
            if handle.user().is_some_and(|known| **known == *user) && handle.leave(room) {
                handle.push_control(crate::Control::Evicted(room.clone()));
            }
        }
    }

    /// The connections of a room on this node.
    pub fn members(&self, room: &RoomId) -> Vec<ConnectionId> {
        self.inner.rooms.handles(room).iter().map(Handle::id).collect()
    }

    /// The handles of a room's connections on this node.
    pub fn handles_in(&self, room: &RoomId) -> Vec<Handle> {
        self.inner.rooms.handles(room)
    }

    /// The number of connections of this node in a room.
    pub fn member_count(&self, room: &RoomId) -> usize {
        self.inner.rooms.get(room).map_or(0, |room| room.len())
    }

    /// The rooms that connections of this node are in.
    pub fn room_ids(&self) -> Vec<RoomId> {
        self.inner.rooms.ids()
    }

    /// The number of connections of this node.
    pub fn connections(&self) -> usize {
        *self.inner.connections.borrow()
    }

    /// The users and devices in a room, on all nodes.
    pub fn presence(&self, room: &RoomId) -> Snapshot {
        self.inner.presence.snapshot(room)
    }

    /// Closes every connection with 1012, in batches over `spread`, and returns when the last one has ended. New
    /// connections are closed at once.
    pub async fn drain(&self, spread: Duration) {
        self.inner.draining.store(true, Ordering::SeqCst);
        self.close_spread(spread, |handle| {
            handle.close(CloseFrame::new(CloseCode::RESTART, "the server restarts"));
        })
        .await;
        // The sender is held here, so there is no error.
        let _ = self.inner.connections.subscribe().wait_for(|count| *count == 0).await;
    }

    /// Whether it is being drained.
    pub fn is_draining(&self) -> bool {
        self.inner.draining.load(Ordering::SeqCst)
    }

    /// A snapshot of the connections, which is not atomic over the parts of the map.
    pub(crate) fn handles(&self) -> Vec<Handle> {
        self.inner.all.iter().map(|handle| handle.clone()).collect()
    }

    /// The number of entries in the timer wheel.
    #[cfg(test)]
    pub(crate) fn timer_entries(&self) -> usize {
        self.inner.timer_wheel.len()
    }

    /// Calls `close` for each connection, in batches over a time.
    pub(crate) async fn close_spread(&self, spread: Duration, close: impl Fn(&Handle)) {
        let handles = self.handles();
        let steps = usize::try_from(spread.as_millis() / BATCH_INTERVAL.as_millis()).unwrap_or(usize::MAX);
        let batch = handles.len().div_ceil(steps.max(1)).max(1);
        for (index, batch) in handles.chunks(batch).enumerate() {
            if index > 0 {
                tokio::time::sleep(BATCH_INTERVAL).await;
            }
            batch.iter().for_each(&close);
        }
    }

    /// Fetches the events of a stream after number `after` from the scope's handler.
    pub(crate) async fn fetch(&self, stream: &StreamId, after: u64) -> Result<Vec<Message>, FetchError> {
        match self.handler(stream.scope()) {
            Some(handler) => {
                self.metrics().stream_fetches.inc();
                handler.fetch(stream, after).await
            }
            None => Err(FetchError::TooOld),
        }
    }

    pub(crate) async fn head(&self, stream: &StreamId) -> Result<u64, FetchError> {
        match self.handler(stream.scope()) {
            Some(handler) => handler.head(stream).await,
            None => Ok(0),
        }
    }

    /// How a message relates to the events that a connection has received.
    pub(crate) fn delivery(handle: &Handle, message: &Message) -> Delivery {
        let Some((stream, seq)) = message.position() else {
            return Delivery::InOrder;
        };
        match handle.delivered(stream) {
            Some(last) if seq == last + 1 && !message.is_watermark() => {
                handle.set_delivered(stream, seq);
                Delivery::InOrder
            }
            Some(last) if seq > last => Delivery::Gap { after: last },
            _ if message.is_ack() => Delivery::InOrder,
            _ => Delivery::Duplicate,
        }
    }

    pub(crate) fn handler(&self, scope: Scope) -> Option<&Arc<dyn ScopeHandler>> {
        self.inner.scopes.get(scope.name()).map(|(_, handler)| handler)
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    pub(crate) fn rooms(&self) -> &Rooms {
        &self.inner.rooms
    }

    pub(crate) fn deliver(&self, room: &RoomId, message: &Arc<Message>, except: Option<ConnectionId>) {
        if let Some(members) = self.inner.rooms.get(room) {
            members.send(room, message, except);
        }
    }

    pub(crate) fn deliver_to_all(&self, message: &Arc<Message>, except: Option<ConnectionId>) {
        let handles = self.handles();
        let others = handles.iter().filter(|handle| Some(handle.id()) != except);
        others.for_each(|handle| handle.send(message.clone()));
    }

    pub(crate) fn deliver_to_rooms(&self, rooms: &[RoomId], message: &Arc<Message>, except: Option<ConnectionId>) {
        let mut reached: HashSet<ConnectionId> = except.into_iter().collect();
        for id in rooms {
            if let Some(room) = self.inner.rooms.get(id) {
                room.send_once(id, message, &mut reached);
            }
        }
    }
}
