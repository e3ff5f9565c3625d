//! The hub over its public interface, with clients on in-memory pipes and a bus whose other end is the test.

mod endings;
mod nodes;
mod presence;
mod rooms;
mod sessions;
mod streams;
mod support;
