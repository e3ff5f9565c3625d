//! A connection as the rest of the server sees it.

use super::{
    Entry, TooManyRooms,
    outbox::{Outbox, OutboxLimits},
};
use crate::{
    CloseCode, CloseFrame, ConnectionId, Format, Hub, Message, RoomId, StreamId, sync::lock, timer_wheel::Slots,
};
use std::{
    any::Any,
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::{
        Arc, Mutex, OnceLock, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use tokio::sync::Notify;

/// What reaches a protocol from the rest of the server ([`crate::Protocol::control`]).
pub enum Control {
    /// The connection was put out of a room ([`Hub::evict`]); it has left already.
    Evicted(RoomId),
    /// Something of the application's ([`Handle::control`]).
    Custom(Box<dyn Any + Send>),
}

/// How one endpoint's connections are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemberSettings {
    pub outbox: OutboxLimits,
    pub max_rooms: usize,
    /// Ticks of the timer wheel between two pings; `None`: no heartbeat.
    pub heartbeat_ticks: Option<u64>,
}

/// The state of a connection that is shared with whatever sends to it.
pub(crate) struct Member {
    id: ConnectionId,
    hub: Hub,
    settings: MemberSettings,
    remote_address: Option<IpAddr>,
    user: OnceLock<Arc<str>>,
    format: Mutex<Format>,
    outbox: Mutex<Outbox>,
    rooms: Mutex<Rooms>,
    /// The last event of each stream that the client has received, or that its snapshot contains.
    delivered: Mutex<HashMap<StreamId, u64>>,
    controls: Mutex<Vec<Control>>,
    closing: OnceLock<CloseFrame>,
    /// The session has something to do: a message, a control, a ping that is due, or the end.
    wake: Notify,
    ping_due: AtomicBool,
    /// The tick of the timer wheel at which it is closed, `u64::MAX` for never.
    pub deadline: AtomicU64,
    /// What it is closed with then.
    pub deadline_close: Mutex<Option<CloseFrame>>,
    /// The deadline is that of [`crate::Options::identify_within`].
    pub awaits_identity: AtomicBool,
    pub slots: Slots,
}

#[derive(Default)]
struct Rooms {
    joined: HashSet<RoomId>,
    /// The connection is gone: it joins nothing any more.
    disconnected: bool,
}

/// Sends to a connection, closes it, or puts it out of a room, from anywhere on its node.
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

    /// Who is at the other end, once that is known.
    pub fn user(&self) -> Option<&Arc<str>> {
        self.0.user.get()
    }

    /// The address at the other end, where the server knows it.
    pub fn remote_address(&self) -> Option<IpAddr> {
        self.0.remote_address
    }

    /// The rooms that the connection is in.
    pub fn rooms(&self) -> Vec<RoomId> {
        lock(&self.0.rooms).joined.iter().cloned().collect()
    }

    /// Puts a message into the outbox, without waiting. A full outbox closes the connection with 4008: no message is
    /// dropped silently, and no other connection is delayed. Does nothing where the message is not for the connection's
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

    /// Asks the connection to end, once what waits in its outbox is written. The first frame counts.
    pub fn close(&self, close: CloseFrame) {
        self.end(close);
    }

    /// Closes the connection with 4008: messages for it were lost, and it recovers them when it connects again.
    pub fn recover(&self) {
        self.end(CloseFrame::new(
            CloseCode::SLOW_CONSUMER,
            "messages were lost: reconnect and recover",
        ));
    }

    /// Hands the connection's protocol something of the application's, in the order of the calls.
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
        // The first identity stays: a connection does not change hands.
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

    /// Joins a room; `pending`: the start of a subscription is still to be sent, and until then nothing of the room is.
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

    /// Leaves a room; whether it was there.
    pub(crate) fn leave(&self, room: &RoomId) -> bool {
        let mut rooms = lock(&self.0.rooms);
        if !rooms.joined.remove(room) {
            return false;
        }
        self.0.hub.rooms().leave(room, self.0.id);
        lock(&self.0.delivered).retain(|stream, _| stream.room() != room);
        // Presence looks at the rooms while it is locked, never the other way round.
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
        self.0.hub.forget(self);
    }

    /// The last event of a stream that the client has received; `None` where it does not follow the stream.
    pub(crate) fn delivered(&self, stream: &StreamId) -> Option<u64> {
        lock(&self.0.delivered).get(stream).copied()
    }

    /// The client has received the stream up to here.
    pub(crate) fn set_delivered(&self, stream: &StreamId, seq: u64) {
        let mut delivered = lock(&self.0.delivered);
        match delivered.get_mut(stream) {
            Some(known) => *known = seq,
            None => drop(delivered.insert(stream.clone(), seq)),
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

    /// What the connection is to be closed with, once something has asked for it.
    pub fn closing(&self) -> Option<CloseFrame> {
        self.0.closing.get().cloned()
    }

    /// Waits until something asks the connection to end.
    pub(crate) async fn close_requested(&self) -> CloseFrame {
        loop {
            if let Some(close) = self.closing() {
                return close;
            }
            self.woken().await;
        }
    }

    /// Waits until there is something to do. Whoever waited has to look for everything.
    pub(crate) async fn woken(&self) {
        self.0.wake.notified().await;
    }
}
