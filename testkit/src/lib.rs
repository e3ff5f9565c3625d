//! Test helpers shared by several crates: empty databases, a NATS server, the `lockstep` binary as a process, an
//! OIDC provider with its keys, and a WebSocket frame by frame.
//!
//! It depends on none of the crates that use it, so each of them can have it as a dev-dependency. Everything ends
//! when the value that started it is dropped. Helpers panic on errors, which fails the test.

// A helper of tests.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[cfg(feature = "database")]
pub mod database;
pub mod nats;
#[cfg(feature = "oidc")]
pub mod oidc;
#[cfg(feature = "process")]
pub mod process;
#[cfg(feature = "socket")]
pub mod raw_socket;

#[cfg(feature = "database")]
pub use database::TestDatabase;
pub use nats::NatsServer;
#[cfg(feature = "oidc")]
pub use oidc::{Provider, SigningKey};
#[cfg(feature = "process")]
pub use process::Process;

use std::time::Duration;

/// Timeout of a test's waits: much longer than anything takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);
