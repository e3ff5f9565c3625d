//! WebSockets (RFC 6455, RFC 7692): from an HTTP request to messages and back. Nothing here knows what a message says.
//!
//! [`codec`] is pure: bytes in, messages or a close code out. [`Upgrade`] is the handshake, [`Socket`] drives a codec on
//! the upgraded connection.

pub mod codec;
mod driver;
mod extensions;
mod handshake;
mod outgoing;

pub use codec::{Encoding, Frame, encode};
pub use driver::{Incoming, Socket, WriteError};
pub use handshake::{Options, Upgrade};
