//! Lockstep's pages, components and live client.

#[cfg(feature = "ssr")]
pub mod backend;
pub mod snapshot;
