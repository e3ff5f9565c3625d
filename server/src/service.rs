//! The use cases: rules, one transaction each, returning what changed and who may know.

pub mod accounts;
pub mod delivery;
pub mod friends;
pub mod housekeeping;
pub mod profiles;
mod refusal;
mod removal;
pub mod sharing;
pub mod tags;
pub mod timers;
pub mod users;
pub mod visibility;

pub use refusal::Refusal;
