//! Background jobs.

pub mod event_poller;
pub mod housekeeping;
