//! The use cases: rules, one transaction each, returning what changed and which events follow.

pub mod accounts;
mod common;
pub mod friends;
pub mod jobs;
pub mod notifications;
pub mod preferences;
pub mod profiles;
pub mod schedules;
pub mod sessions;
pub mod tags;
pub mod timers;
pub mod todos;
pub mod users;
pub mod visibility;

pub use common::{delivery, effects, quotas, refusal::Refusal, sharing, streams};
use common::{references, removal};
pub use protocol::sharing::Scope;

#[cfg(test)]
mod atomicity_tests;
