//! One connection: its outbox, and the guard that removes it everywhere however it ends.

use super::{Hub, Message, Who, shards::lock, wheel::Places};
use protocol::socket::{CloseCode, Rendering};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, OnceLock, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use tokio::sync::Notify;
use uuid::Uuid;

/// An empty outbox keeps room for so many messages, and gives back what a burst took.
const KEPT_MESSAGES: usize = 8;
/// The most bytes that wait in an outbox; a single message may be larger.
const OUTBOX_BYTES: usize = 4 * 1024 * 1024;

/// A connection's id, unique over all nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub(super) Uuid);

/// Why a connection is to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The close code.
    pub code: CloseCode,
    /// For people, at most 123 bytes (RFC 6455, 5.5).
    pub reason: &'static str,
}

pub(super) struct Member {
    id: ConnectionId,
    who: Who,
    rendering: Rendering,
    outbox: Mutex<Outbox>,
    limit: usize,
    closing: OnceLock<Closing>,
    /// Whoever drives the socket is to look again: a message, a ping that is due, or the end.
    wake: Notify,
    ping_due: AtomicBool,
    /// The wheel's tick at which it ends; see [`super::Wheel`].
    pub(super) deadline: AtomicU64,
    pub(super) places: Places,
    /// What the connection ends with at its deadline: the token has expired, or nobody said who they are.
    pub(super) expired: Mutex<&'static str>,
    hub: Hub,
}

/// What waits for the connection, and about how many bytes that is.
#[derive(Default)]
struct Outbox {
    messages: VecDeque<Arc<Message>>,
    bytes: usize,
}

impl Outbox {
    /// Puts a message at the end if it fits.
    fn push(&mut self, message: Arc<Message>, limit: usize) -> bool {
        let bytes = self.bytes + message.weigh();
        let fits = self.messages.len() < limit && (self.messages.is_empty() || bytes <= OUTBOX_BYTES);
        if fits {
            self.bytes = bytes;
            self.messages.push_back(message);
        }
        fits
    }

    fn pop(&mut self) -> Option<Arc<Message>> {
        let next = self.messages.pop_front();
        self.bytes -= next.as_ref().map_or(0, |message| message.weigh());
        if self.messages.is_empty() && self.messages.capacity() > KEPT_MESSAGES {
            self.messages = VecDeque::new();
        }
        next
    }
}

/// Sends to a connection and closes it, from anywhere.
#[derive(Clone)]
pub struct Handle(Arc<Member>);

impl Handle {
    pub(super) fn new(hub: Hub, who: Who, rendering: Rendering, limit: usize) -> Self {
        Self(Arc::new(Member {
            id: ConnectionId(Uuid::now_v7()),
            who,
            rendering,
            outbox: Mutex::default(),
            limit,
            closing: OnceLock::new(),
            wake: Notify::new(),
            ping_due: AtomicBool::new(false),
            deadline: AtomicU64::new(u64::MAX),
            places: Places::default(),
            expired: Mutex::new("the token has expired"),
            hub,
        }))
    }

    pub(super) fn member(&self) -> &Member {
        &self.0
    }

    pub(super) fn downgrade(&self) -> Weak<Member> {
        Arc::downgrade(&self.0)
    }

    pub(super) fn upgrade(member: &Weak<Member>) -> Option<Self> {
        member.upgrade().map(Self)
    }

    /// Which connection it is.
    pub fn id(&self) -> ConnectionId {
        self.0.id
    }

    /// Whose it is.
    pub fn who(&self) -> &Who {
        &self.0.who
    }

    /// Puts a message into the outbox, without waiting. A full outbox ends the connection with 4008: nothing is
    /// dropped in silence, and nobody else is delayed.
    pub fn send(&self, message: Arc<Message>) {
        if lock(&self.0.outbox).push(message, self.0.limit) {
            self.0.wake.notify_one();
        } else if self.end(CloseCode::SlowConsumer, "too slow: reconnect and recover") {
            self.0.hub.figures().overflowed();
        }
    }

    /// Asks the connection to end; the first reason counts.
    pub fn close(&self, code: CloseCode, reason: &'static str) {
        self.end(code, reason);
    }

    /// Ends the connection with 4008: it missed something, and recovers it when it is back.
    pub fn recover(&self) {
        self.close(CloseCode::SlowConsumer, "messages were lost: reconnect and recover");
    }

    fn end(&self, code: CloseCode, reason: &'static str) -> bool {
        let first = self.0.closing.set(Closing { code, reason }).is_ok();
        if first {
            self.0.wake.notify_one();
        }
        first
    }

    pub(super) fn ping(&self) {
        self.0.ping_due.store(true, Ordering::Release);
        self.0.wake.notify_one();
    }
}

/// A registered connection, held by whoever drives its socket. Dropping it leaves all rooms.
pub struct Connection {
    handle: Handle,
    rooms: Vec<Arc<str>>,
}

impl Connection {
    pub(super) fn new(handle: Handle) -> Self {
        Self { handle, rooms: vec![] }
    }

    /// For others to send to it.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// How its messages are written.
    pub fn rendering(&self) -> &Rendering {
        &self.handle.0.rendering
    }

    /// From now on it gets what is published in the room. Joining twice is joining once.
    pub fn join(&mut self, room: &str) {
        if !self.rooms.iter().any(|known| **known == *room) {
            let room: Arc<str> = room.into();
            self.handle.0.hub.rooms().join(&room, &self.handle);
            self.rooms.push(room);
        }
    }

    /// It gets nothing of the room from now on, but for what waits in its outbox.
    pub fn leave(&mut self, room: &str) {
        if let Some(index) = self.rooms.iter().position(|known| **known == *room) {
            self.rooms.swap_remove(index);
            self.handle.0.hub.rooms().leave(room, self.handle.id());
        }
    }

    /// The next message, if one waits.
    pub fn try_next(&mut self) -> Option<Arc<Message>> {
        lock(&self.handle.0.outbox).pop()
    }

    /// All that waits.
    pub(super) fn take_waiting(&mut self) -> VecDeque<Arc<Message>> {
        std::mem::take(&mut *lock(&self.handle.0.outbox)).messages
    }

    /// Puts back what was taken, before what came meanwhile.
    pub(super) fn put_back(&mut self, waiting: VecDeque<Arc<Message>>) {
        let mut outbox = lock(&self.handle.0.outbox);
        outbox.bytes += waiting.iter().map(|message| message.weigh()).sum::<usize>();
        let came = std::mem::replace(&mut outbox.messages, waiting);
        outbox.messages.extend(came);
    }

    /// Why it is to end, once somebody asked for it.
    pub fn closing(&self) -> Option<Closing> {
        self.handle.0.closing.get().cloned()
    }

    /// Waits until somebody asks it to end.
    pub async fn closed(&self) -> Closing {
        loop {
            if let Some(closing) = self.closing() {
                return closing;
            }
            self.woken().await;
        }
    }

    /// Waits until there is something to look for. Who waited has to look for everything.
    pub(super) async fn woken(&self) {
        self.handle.0.wake.notified().await;
    }

    pub(super) fn take_ping(&self) -> bool {
        self.handle.0.ping_due.swap(false, Ordering::AcqRel)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let hub = &self.handle.0.hub;
        for room in &self.rooms {
            hub.rooms().leave(room, self.handle.id());
        }
        hub.forget(&self.handle);
    }
}
