//! One connection: a handle for other tasks, and a guard that removes the connection from the hub when it is dropped.

mod handle;
mod outbox;

pub use handle::{Control, Handle};
pub(crate) use handle::{Member, MemberSettings};
pub(crate) use outbox::{Entry, OutboxLimits};

use crate::{Audience, CloseCode, CloseFrame, ConnectionId, Format, Hub, Message, Request, RoomId};
use std::{net::IpAddr, sync::Arc};

/// The connection has joined the maximum number of rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a connection may be in at most {limit} rooms")]
pub struct TooManyRooms {
    /// The maximum ([`crate::Options::max_rooms`]).
    pub limit: usize,
}

impl From<TooManyRooms> for CloseFrame {
    /// 1008, with the limit.
    fn from(error: TooManyRooms) -> Self {
        Self::new(CloseCode::POLICY, error.to_string())
    }
}

/// An open connection, as its protocol sees it. `A` is the result of authentication. Dropping it leaves all rooms.
pub struct Connection<A = ()> {
    handle: Handle,
    auth: A,
    request: Option<Arc<Request>>,
}

impl<A> Connection<A> {
    pub(crate) fn new(handle: Handle, auth: A, request: Option<Arc<Request>>) -> Self {
        Self { handle, auth, request }
    }

    /// A handle with which other tasks send to it, close it or evict it.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// The hub that it belongs to.
    pub fn hub(&self) -> &Hub {
        self.handle.hub()
    }

    /// Its id, unique over all nodes.
    pub fn id(&self) -> ConnectionId {
        self.handle.id()
    }

    /// The result of authentication.
    pub fn auth(&self) -> &A {
        &self.auth
    }

    /// The same, mutable: an identity may come, or be renewed, on the open connection.
    pub fn auth_mut(&mut self) -> &mut A {
        &mut self.auth
    }

    /// The request of the handshake; `None` if the endpoint does not keep requests.
    pub fn request(&self) -> Option<&Request> {
        self.request.as_deref()
    }

    /// The peer's address, if the server knows it.
    pub fn remote_address(&self) -> Option<IpAddr> {
        self.handle.remote_address()
    }

    /// The rooms that the connection has joined.
    pub fn rooms(&self) -> Vec<RoomId> {
        self.handle.rooms()
    }

    /// Sets the identity of the peer, such as a user's id: for presence and [`Hub::evict`]. Cancels the deadline of
    /// [`crate::Options::identify_within`].
    pub fn identify(&mut self, user: impl Into<Arc<str>>) {
        self.handle.identify(user.into());
    }

    /// The format of its messages.
    pub fn format(&self) -> Format {
        self.handle.format()
    }

    /// Changes the format of its messages, from the next one that is written.
    pub fn set_format(&mut self, format: Format) {
        self.handle.set_format(format);
    }

    /// Sends a message to it.
    pub fn send(&self, message: impl Into<Message>) {
        self.handle.send(Arc::new(message.into()));
    }

    /// Sends a message to connections on every node; to this one only if `include_self`.
    pub fn broadcast(&self, audience: Audience<'_>, message: impl Into<Message>, include_self: bool) {
        let except = (!include_self).then(|| self.id());
        self.hub().broadcast(audience, &Arc::new(message.into()), except);
    }

    /// Joins a room, whose messages it receives from now on. Joining again has no effect.
    ///
    /// # Errors
    /// [`TooManyRooms`].
    pub fn join(&mut self, room: &RoomId) -> Result<(), TooManyRooms> {
        self.handle.join(room, false)
    }

    /// Leaves a room, whose messages it no longer receives, except for those in its outbox.
    pub fn leave(&mut self, room: &RoomId) {
        self.handle.leave(room);
    }

    /// Sends a Ping frame soon.
    pub fn ping(&self) {
        self.handle.ping();
    }

    /// Closes it, once its outbox is written. The first code and reason count.
    pub fn close(&self, code: CloseCode, reason: impl Into<std::borrow::Cow<'static, str>>) {
        self.handle.close(CloseFrame::new(code, reason));
    }
}

impl<A> Drop for Connection<A> {
    fn drop(&mut self) {
        self.handle.disconnect();
    }
}
