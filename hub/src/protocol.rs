//! The protocol that runs on a connection.

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
    /// Closes the connection with the error's close code.
    Close,
    /// The error was handled, and the connection stays open.
    Continue,
}

/// How an event relates to those that the client has received of its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// It is the next one.
    InOrder,
    /// The client has it already.
    Duplicate,
    /// Events after number `after` are missing before it: other nodes publish as well, and their messages may arrive later,
    /// or never.
    Gap { after: u64 },
}

/// The behaviour of an endpoint on one connection. The methods of one connection never run concurrently. While one
/// waits, messages are written, pings answered and the connection closed as usual. A panic closes the connection with
/// 1011 and affects no other.
pub trait Protocol: Send + 'static {
    /// The result of authentication ([`crate::Service::authenticate`]).
    type Auth: Send + Sync + 'static;

    /// Called when the connection is open: joins rooms, subscribes, sends the first messages.
    ///
    /// # Errors
    /// The Close frame to close the connection with instead; [`Self::closed`] follows.
    fn connected(
        &mut self,
        _connection: &mut Connection<Self::Auth>,
    ) -> impl Future<Output = Result<(), CloseFrame>> + Send {
        std::future::ready(Ok(()))
    }

    /// Called for each message. When the connection is closed, a running call is dropped after two seconds.
    fn message(
        &mut self,
        connection: &mut Connection<Self::Auth>,
        message: Received,
    ) -> impl Future<Output = ()> + Send;

    /// Called for each Ping or Pong frame. Pings have been answered already.
    fn control_frame(&mut self, _connection: &mut Connection<Self::Auth>) {}

    /// Called for an eviction, and for values that were sent by [`crate::Handle::control`].
    fn control(
        &mut self,
        _connection: &mut Connection<Self::Auth>,
        _control: Control,
    ) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// Called for each error. Only [`ConnectionError::InvalidJson`] can be handled; any other error ends the connection
    /// whatever is returned, and [`Self::closed`] follows.
    fn error(
        &mut self,
        _connection: &mut Connection<Self::Auth>,
        _error: &ConnectionError,
    ) -> impl Future<Output = OnError> + Send {
        std::future::ready(OnError::Close)
    }

    /// Called once when the connection ends, while it is still in its rooms and can send to them. If the server closes
    /// it, the Close frame is sent after this.
    fn closed(
        &mut self,
        _connection: &mut Connection<Self::Auth>,
        _outcome: &CloseOutcome,
    ) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}
