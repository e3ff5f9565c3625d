//! The use cases: rules, one transaction each, returning what changed and who may know.

pub mod accounts;
pub mod delivery;
pub mod housekeeping;
pub mod profiles;
pub mod sharing;
pub mod timers;
