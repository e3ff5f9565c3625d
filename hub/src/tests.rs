//! The hub through its public interface, with clients on in-memory pipes and a bus that the test controls.

mod endings;
mod nodes;
mod presence;
mod rooms;
mod sessions;
mod streams;
mod support;
