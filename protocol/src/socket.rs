//! What every WebSocket here shares: close codes, the subprotocols of the handshake, and how a connection wants its
//! messages written.

mod close;
pub(crate) mod envelope;
pub(crate) mod names;
pub(crate) mod rendering;

pub use close::CloseCode;
pub use rendering::{Dialect, Rendering};

/// An offered subprotocol with this prefix carries the token: `authorization.bearer.<jwt>`.
pub const BEARER_PREFIX: &str = "authorization.bearer.";
/// The subprotocol that the server selects where it is offered, so that the token does not travel back.
pub const SUBPROTOCOL: &str = "lockstep.v1";
