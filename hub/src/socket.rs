//! WebSockets (RFC 6455, RFC 7692): from an HTTP request to messages and back.
//!
//! [`Upgrade`] is the handshake, [`Socket`] drives a [`crate::codec`] on the upgraded connection.

mod driver;
mod extensions;
mod handshake;
mod outgoing;

pub use driver::{Incoming, Socket, WriteError};
pub use handshake::{Rejection, Settings, Upgrade};
