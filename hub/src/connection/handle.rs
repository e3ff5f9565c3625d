//! A connection as other tasks see it.

use super::{
    Entry, TooManyRooms,
    outbox::{Outbox, OutboxLimits},
};
use crate::{
    CloseCode, CloseFrame, ConnectionId, Format, Hub, Message, RoomId, StreamId, sync::lock, timer_wheel::Slots,
};
use std::{
    any::Any,
    collections::HashSet,
    net::IpAddr,
    sync::{
        Arc, Mutex, OnceLock, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use tokio::sync::Notify;

/// A message from another task to a connection's protocol ([`crate::Protocol::control`]).
pub enum Control {
    /// The connection was evicted from a room ([`Hub::evict`]), which it has already left.
    Evicted(RoomId),
    /// A value of the application ([`Handle::control`]).
    Custom(Box<dyn Any + Send>),
}

/// The settings of one endpoint's connections.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemberSettings {
    pub outbox: OutboxLimits,
    pub max_rooms: usize,
    /// Ticks of the timer wheel between two pings; `None`: no heartbeat.
    pub heartbeat_ticks: Option<u64>,
}

/// The state that a connection shares with its handles.
pub(crate) struct Member {
    id: ConnectionId,
    hub: Hub,
    settings: MemberSettings,
    remote_address: Option<IpAddr>,
    user: OnceLock<Arc<str>>,
    format: Mutex<Format>,
    outbox: Mutex<Outbox>,
    rooms: Mutex<Rooms>,
    /// The last event of each stream that the client has received, directly or in a snapshot.
    /// A connection follows few streams, so that a search is faster than a hash.
    delivered: Mutex<Vec<(StreamId, u64)>>,
    controls: Mutex<Vec<Control>>,
    closing: OnceLock<CloseFrame>,
    /// It ends without a Close frame.
    cut: AtomicBool,
    /// Wakes the session: for a message, a control, a due ping, or the end.
    wake: Notify,
    ping_due: AtomicBool,
    /// The tick of the timer wheel at which it is closed; `u64::MAX`: never.
    pub deadline: AtomicU64,
    /// The Close frame at the deadline.
    pub deadline_close: Mutex<Option<CloseFrame>>,
    /// Whether the deadline is that of [`crate::Options::identify_within`].
    pub awaits_identity: AtomicBool,
    pub slots: Slots,
}

#[derive(Default)]
struct Rooms {
    joined: HashSet<RoomId>,
    /// The connection has ended: it joins no rooms any more.
    disconnected: bool,
}

/// Sends to a connection, closes it, or evicts it from a room, from any task on its node.
#[derive(Clone)]
pub struct Handle(Arc<Member>);

impl Handle {
    pub(crate) fn new(hub: Hub, settings: MemberSettings, remote_address: Option<IpAddr>) -> Self {
        Self(Arc::new(Member {
            id: ConnectionId::new(),
            hub,
            settings,
            remote_address,
            user: OnceLock::new(),
            format: Mutex::default(),
            outbox: Mutex::default(),
            rooms: Mutex::default(),
            delivered: Mutex::default(),
            controls: Mutex::default(),
            closing: OnceLock::new(),
            cut: AtomicBool::new(false),
            wake: Notify::new(),
            ping_due: AtomicBool::new(false),
            deadline: AtomicU64::new(u64::MAX),
            deadline_close: Mutex::default(),
            awaits_identity: AtomicBool::new(false),
            slots: Slots::default(),
        }))
    }

    pub(crate) fn member(&self) -> &Member {
        &self.0
    }

    pub(crate) fn downgrade(&self) -> Weak<Member> {
        Arc::downgrade(&self.0)
    }

    pub(crate) fn upgrade(member: &Weak<Member>) -> Option<Self> {
        member.upgrade().map(Self)
    }

    pub(crate) fn settings(&self) -> MemberSettings {
        self.0.settings
    }

    /// The hub that the connection belongs to.
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// The connection's id.
    pub fn id(&self) -> ConnectionId {
        self.0.id
    }

    /// The identity of the peer, once it is known.
    pub fn user(&self) -> Option<&Arc<str>> {
        self.0.user.get()
    }

    /// The peer's address, if the server knows it.
    pub fn remote_address(&self) -> Option<IpAddr> {
        self.0.remote_address
    }

    /// The rooms that the connection has joined.
    pub fn rooms(&self) -> Vec<RoomId> {
        lock(&self.0.rooms).joined.iter().cloned().collect()
    }

    /// Puts a message into the outbox, without waiting. A full outbox closes the connection with 4008: no message is
    /// dropped silently, and no other connection is delayed. Has no effect if the message is not for the connection's
    /// user ([`crate::Render::is_for`]).
    pub fn send(&self, message: Arc<Message>) {
        if !message.is_for(self.user().map(|user| &**user)) {
            return;
        }
        if lock(&self.0.outbox).push(message, self.0.settings.outbox) {
            self.0.wake.notify_one();
        } else if self.end(CloseFrame::new(
            CloseCode::SLOW_CONSUMER,
            "too slow: reconnect and recover",
        )) {
            self.0.hub.metrics().outbox_overflows.inc();
        }
    }

    /// Requests the end of the connection, once its outbox is written. The first frame counts.
    pub fn close(&self, close: CloseFrame) {
        self.end(close);
    }

    /// Ends the connection without a Close frame, and without writing its outbox, as a network does that breaks off.
    pub fn cut(&self) {
        self.0.cut.store(true, Ordering::Release);
        self.end(CloseFrame::new(CloseCode::GOING_AWAY, ""));
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.0.cut.load(Ordering::Acquire)
    }

    /// Closes the connection with 4008: it has lost messages, and the client recovers them when it reconnects.
    pub fn recover(&self) {
        self.end(CloseFrame::new(
            CloseCode::SLOW_CONSUMER,
            "messages were lost: reconnect and recover",
        ));
    }

    /// Sends a value of the application to the connection's protocol. Values arrive in the order of the calls.
    pub fn control(&self, control: impl Any + Send) {
        self.push_control(Control::Custom(Box::new(control)));
    }

    pub(crate) fn push_control(&self, control: Control) {
        lock(&self.0.controls).push(control);
        self.0.wake.notify_one();
    }

    pub(crate) fn take_controls(&self) -> Vec<Control> {
        std::mem::take(&mut *lock(&self.0.controls))
    }

    pub(crate) fn has_controls(&self) -> bool {
        !lock(&self.0.controls).is_empty()
    }

    fn end(&self, close: CloseFrame) -> bool {
        let first = self.0.closing.set(close).is_ok();
        if first {
            self.0.wake.notify_one();
        }
        first
    }

    pub(crate) fn ping(&self) {
        self.0.ping_due.store(true, Ordering::Release);
        self.0.wake.notify_one();
    }

    pub(crate) fn take_ping(&self) -> bool {
        self.0.ping_due.swap(false, Ordering::AcqRel)
    }

    pub(crate) fn identify(&self, user: Arc<str>) {
        // The first identity is final: a connection does not change its user.
        let _ = self.0.user.set(user);
        if self.0.awaits_identity.swap(false, Ordering::AcqRel) {
            self.0.deadline.store(u64::MAX, Ordering::Release);
        }
    }

    pub(crate) fn set_format(&self, format: Format) {
        *lock(&self.0.format) = format;
    }

    pub(crate) fn format(&self) -> Format {
        lock(&self.0.format).clone()
    }

    /// Joins a room. `pending`: a subscription is starting; messages of the room are held back until its start is sent.
    pub(crate) fn join(&self, room: &RoomId, pending: bool) -> Result<(), TooManyRooms> {
        let mut rooms = lock(&self.0.rooms);
        if rooms.disconnected || rooms.joined.contains(room) {
            return Ok(());
        }
        let limit = self.0.settings.max_rooms;
        if rooms.joined.len() >= limit {
            return Err(TooManyRooms { limit });
        }
        rooms.joined.insert(room.clone());
        self.0.hub.rooms().join(room, self, pending);
        Ok(())
    }

    /// Leaves a room. Returns whether the connection was a member.
    pub(crate) fn leave(&self, room: &RoomId) -> bool {
        let mut rooms = lock(&self.0.rooms);
        if !rooms.joined.remove(room) {
            return false;
        }
        self.0.hub.rooms().leave(room, self.0.id);
        lock(&self.0.delivered).retain(|(stream, _)| stream.room() != room);
        // Lock order: presence locks the rooms while it is locked, never the other way round.
        drop(rooms);
        self.0.hub.leave_presence(room, self);
        true
    }

    pub(crate) fn is_in(&self, room: &RoomId) -> bool {
        lock(&self.0.rooms).joined.contains(room)
    }

    /// Leaves all rooms and the hub.
    pub(super) fn disconnect(&self) {
        let rooms = {
            let mut rooms = lock(&self.0.rooms);
            rooms.disconnected = true;
            std::mem::take(&mut rooms.joined)
        };
        for room in &rooms {
            self.0.hub.rooms().leave(room, self.0.id);
            self.0.hub.leave_presence(room, self);
        }
        self.0.hub.deregister(self);
    }

    /// The last event of a stream that the client has received; `None` if it does not follow the stream.
    pub(crate) fn delivered(&self, stream: &StreamId) -> Option<u64> {
        let delivered = lock(&self.0.delivered);
        delivered.iter().find(|(known, _)| known == stream).map(|(_, seq)| *seq)
    }

    /// Records that the client has received the stream up to here.
    pub(crate) fn set_delivered(&self, stream: &StreamId, seq: u64) {
        let mut delivered = lock(&self.0.delivered);
        match delivered.iter_mut().find(|(known, _)| known == stream) {
            Some((_, known)) => *known = seq,
            None => delivered.push((stream.clone(), seq)),
        }
    }

    pub(crate) fn push_start(&self, messages: Vec<Message>) {
        lock(&self.0.outbox).push_start(messages);
        self.0.wake.notify_one();
    }

    pub(crate) fn next_entry(&self) -> Option<Entry> {
        lock(&self.0.outbox).pop()
    }

    pub(crate) fn take_ack(&self, position: (&StreamId, u64)) -> Option<Arc<Message>> {
        lock(&self.0.outbox).take_ack(position)
    }

    /// The requested Close frame, if any.
    pub fn closing(&self) -> Option<CloseFrame> {
        self.0.closing.get().cloned()
    }

    /// Waits until the end of the connection is requested.
    pub(crate) async fn close_requested(&self) -> CloseFrame {
        loop {
            if let Some(close) = self.closing() {
                return close;
            }
            self.wait_for_work().await;
        }
    }

    /// Waits until there may be something to do. The caller has to check for everything.
    pub(crate) async fn wait_for_work(&self) {
        self.0.wake.notified().await;
    }
}
