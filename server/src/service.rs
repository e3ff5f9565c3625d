//! The use cases: rules, one transaction each, returning what changed and who may know.

pub mod accounts;
pub mod delivery;
pub mod effects;
pub mod friends;
pub mod heads;
pub mod housekeeping;
pub mod profiles;
pub mod quotas;
mod references;
mod refusal;
mod removal;
pub mod schedules;
mod scope;
pub mod sessions;
pub mod sharing;
pub mod tags;
pub mod timers;
pub mod todos;
pub mod users;
pub mod visibility;

pub use refusal::Refusal;
pub use scope::Scope;

#[cfg(test)]
mod wholeness;
