//! One connection: its outbox, and the guard that removes it everywhere however it ends.

use super::{Hub, Message};
use protocol::wire::{CloseCode, Rendering};
use std::sync::{Arc, OnceLock};
use tokio::sync::mpsc::{self, error::TrySendError};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A connection's id, unique over all nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    rendering: Rendering,
    outbox: mpsc::Sender<Arc<Message>>,
    closing: OnceLock<Closing>,
    closed: CancellationToken,
}

impl Member {
    pub(super) fn new(rendering: Rendering, outbox_messages: usize) -> (Self, mpsc::Receiver<Arc<Message>>) {
        let (outbox, inbox) = mpsc::channel(outbox_messages);
        let id = ConnectionId(Uuid::now_v7());
        (
            Self {
                id,
                rendering,
                outbox,
                closing: OnceLock::new(),
                closed: CancellationToken::new(),
            },
            inbox,
        )
    }
}

/// Sends to a connection and closes it, from anywhere.
#[derive(Clone)]
pub struct Handle(Arc<Member>);

impl Handle {
    pub(super) fn new(member: Member) -> Self {
        Self(Arc::new(member))
    }

    /// Whose it is.
    pub fn id(&self) -> ConnectionId {
        self.0.id
    }

    /// Puts a message into the outbox, without waiting. A full outbox ends the connection with 4008: nothing is
    /// dropped in silence, and nobody else is delayed.
    pub fn send(&self, message: Arc<Message>) {
        match self.0.outbox.try_send(message) {
            Ok(()) | Err(TrySendError::Closed(_)) => {}
            Err(TrySendError::Full(_)) => self.close(CloseCode::SlowConsumer, "too slow: reconnect and recover"),
        }
    }

    /// Asks the connection to end; the first reason counts.
    pub fn close(&self, code: CloseCode, reason: &'static str) {
        if self.0.closing.set(Closing { code, reason }).is_ok() {
            self.0.closed.cancel();
        }
    }
}

/// A registered connection, held by whoever drives its socket. Dropping it leaves all rooms.
pub struct Connection {
    hub: Hub,
    handle: Handle,
    rooms: Vec<String>,
    inbox: mpsc::Receiver<Arc<Message>>,
}

impl Connection {
    pub(super) fn new(hub: Hub, handle: Handle, rooms: Vec<String>, inbox: mpsc::Receiver<Arc<Message>>) -> Self {
        Self {
            hub,
            handle,
            rooms,
            inbox,
        }
    }

    /// For others to send to it.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// How its messages are written.
    pub fn rendering(&self) -> &Rendering {
        &self.handle.0.rendering
    }

    /// The next message for it. Cancelling loses none.
    pub async fn next(&mut self) -> Arc<Message> {
        match self.inbox.recv().await {
            Some(message) => message,
            // The connection itself holds a sender.
            None => std::future::pending().await,
        }
    }

    /// The next message, if one waits.
    pub fn try_next(&mut self) -> Option<Arc<Message>> {
        self.inbox.try_recv().ok()
    }

    /// Waits until somebody asks it to end.
    pub fn closed(&self) -> impl Future<Output = Closing> + Send + use<> {
        let handle = self.handle.clone();
        async move {
            handle.0.closed.cancelled().await;
            let why = handle.0.closing.get().cloned();
            // It is set before the token is cancelled.
            why.unwrap_or(Closing {
                code: CloseCode::Internal,
                reason: "closed",
            })
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.hub.disconnect(self.handle.id(), &self.rooms);
    }
}
