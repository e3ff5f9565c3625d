//! What all WebSockets share: close codes, the subprotocols of the handshake, and the rendering of a connection's
//! messages.

mod close;
pub(crate) mod envelope;
pub(crate) mod names;
pub(crate) mod rendering;

pub use close::CloseCode;
pub use rendering::{Dialect, Rendering};

/// An offered subprotocol with this prefix carries the token: `authorization.bearer.<jwt>`.
pub const BEARER_PREFIX: &str = "authorization.bearer.";
/// The subprotocol that the server selects if it is offered, so that the response does not repeat the token.
pub const SUBPROTOCOL: &str = "lockstep.v1";
