//! Shared parts of the use cases.

pub mod delivery;
pub mod effects;
pub mod quotas;
pub mod references;
pub mod refusal;
pub mod removal;
pub mod sharing;
pub mod streams;
