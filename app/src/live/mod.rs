//! The live part of the timers page: confirmed state, pending commands, and the connection that keeps them in sync.
//!
//! The rules are pure and tested natively; code that uses browser APIs is behind the feature `hydrate`.

pub mod clock;
mod handle;
pub mod pending;
pub mod reconnect;
pub mod state;
mod status;
mod timer_item;

#[cfg(feature = "hydrate")]
mod alarms;
#[cfg(feature = "hydrate")]
mod connection;
#[cfg(feature = "hydrate")]
mod socket;
#[cfg(feature = "hydrate")]
mod storage;
#[cfg(feature = "hydrate")]
mod ticker;
#[cfg(feature = "hydrate")]
mod token;
#[cfg(feature = "hydrate")]
mod wake;

pub use handle::{Alert, Live, Wish};
pub use status::Status;
pub use timer_item::TimerItem;

#[cfg(feature = "hydrate")]
pub use connection::start;
