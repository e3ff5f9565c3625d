//! WebSockets: the handshake, the socket, and one file a protocol on top.

mod handshake;
mod session;
mod socket;
pub mod timers;
