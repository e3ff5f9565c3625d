//! The live connection: state machines that are pure and tested natively, and the runtime that performs their effects in
//! the browser.
//!
//! [`LiveProtocol`] is what differs between protocols; [`timers`] is one. [`machine`] is the connection of any,
//! [`session`] the token for all of a page's connections, [`election`] decides which tab of the browser holds them.

pub mod clock;
pub mod election;
pub mod live_protocol;
pub mod machine;
pub mod outbox;
pub mod reconnect;
#[cfg(feature = "hydrate")]
mod runtime;
pub mod session;
pub mod status;
pub mod timers;

pub use clock::ServerClock;
pub use live_protocol::LiveProtocol;
pub use machine::Machine;
pub use outbox::{Outbox, Pending};
#[cfg(feature = "hydrate")]
pub use runtime::{Inputs, LiveView, TokenSource, start, wait_for_lock};
pub use status::Status;
pub use timers::{EndOffer, TimerChanges, TimerItem, TimerNotice, Timers};
