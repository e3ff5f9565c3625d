//! What runs on a connection.

use crate::{CloseFrame, CloseOutcome, Connection, ConnectionError, Control};
use std::future::Future;

/// A message from the client, as the endpoint accepts it ([`crate::Accepts`]).
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// A text message that is JSON.
    Json(serde_json::Value),
}

/// What follows an error that need not end the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// The connection ends with the error's close code.
    Close,
    /// The error was handled, and the connection goes on.
    Continue,
}

/// How a message follows on what the client has received of its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// It is the next one.
    InOrder,
    /// The client has it already.
    Duplicate,
    /// Events after number `after` are missing before it: other nodes publish as well, and their messages may come later,
    /// or never.
    Gap { after: u64 },
}

/// What an endpoint does on one connection. The methods of a connection never run at the same time. While one waits,
/// messages are still written, pings answered and the connection closed. A panic closes the connection with 1011, and
/// nothing else.
pub trait Protocol: Send + 'static {
    /// What authentication returned ([`crate::Service::authenticate`]).
    type Auth: Send + Sync + 'static;

    /// The connection is open: join rooms, subscribe, send what comes first.
    ///
    /// # Errors
    /// What the connection is closed with instead; [`Self::closed`] follows.
    fn connected(
        &mut self,
        _connection: &mut Connection<Self::Auth>,
    ) -> impl Future<Output = Result<(), CloseFrame>> + Send {
        std::future::ready(Ok(()))
    }

    /// A message came. When the connection is closed, it is waited for at most two seconds more, then dropped.
    fn message(
        &mut self,
        connection: &mut Connection<Self::Auth>,
        message: Received,
    ) -> impl Future<Output = ()> + Send;

    /// A Ping or Pong frame came; pings have been answered.
    fn control_frame(&mut self, _connection: &mut Connection<Self::Auth>) {}

    /// Something of the rest of the server: an eviction, or what was sent by [`crate::Handle::control`].
    fn control(
        &mut self,
        _connection: &mut Connection<Self::Auth>,
        _control: Control,
    ) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// Something went wrong. Only [`ConnectionError::InvalidJson`] can be handled; any other error ends the connection
    /// whatever is returned, and [`Self::closed`] follows.
    fn error(
        &mut self,
        _connection: &mut Connection<Self::Auth>,
        _error: &ConnectionError,
    ) -> impl Future<Output = OnError> + Send {
        std::future::ready(OnError::Close)
    }

    /// The connection ends. Called once, while it is still in its rooms, so that it can tell them. Where the server closes
    /// it, the Close frame is sent after this.
    fn closed(
        &mut self,
        _connection: &mut Connection<Self::Auth>,
        _outcome: &CloseOutcome,
    ) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}
