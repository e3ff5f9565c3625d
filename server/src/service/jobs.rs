//! What runs in the background, beside requests and connections.

pub mod event_poller;
pub mod housekeeping;
