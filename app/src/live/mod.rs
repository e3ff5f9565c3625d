//! The live half of the timers page: what is known, what waits, and the connection that keeps both in step.
//!
//! The rules are pure and tested natively; what touches the browser is behind the feature `hydrate` and thin.

pub mod clock;
mod handle;
pub mod pending;
pub mod reconnect;
mod shown;
pub mod state;
mod status;

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
pub use shown::Shown;
pub use status::Status;

#[cfg(feature = "hydrate")]
pub use connection::start;
