//! What tests and benches of several crates share: empty databases, a NATS server, the `lockstep` binary as a process, an
//! OIDC provider with its keys, and a WebSocket frame by frame.
//!
//! It depends on none of the crates that it helps to test, so each of them can have it as a dev-dependency. Everything ends
//! with the value that started it. Helpers panic where something is wrong: the test has failed then.

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

/// How long a test waits for anything before it fails: much longer than all that it waits for takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);
