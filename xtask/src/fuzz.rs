//! `cargo xtask fuzz`: random and mutated inputs, for a bounded time. Not part of `test`.
//!
//! First the targets of `fuzz/`, in process; then REST and WebSocket requests generated from the server's own
//! descriptions, against a separate server on loopback with a database of its own.

mod api;
mod targets;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::{
    profile::Profile,
    session::Session,
    test_server::{self, TestServer},
};

/// The command's options.
pub struct Options {
    /// The duration of all fuzzing in minutes, builds excluded.
    pub minutes: u64,
    /// Seed of the request generators. The same seed sends the same requests as long as the answers are the same.
    pub seed: u32,
}

impl Default for Options {
    fn default() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            minutes: 10,
            seed: since_epoch.subsec_nanos(),
        }
    }
}

/// Runs each fuzzer for its share of the time.
///
/// # Errors
/// At the first finding. The output contains the input.
pub fn fuzz(session: &mut Session, options: Options) -> Result<()> {
    let share = |percent: u64| Duration::from_secs((options.minutes * 60 * percent / 100).max(1));
    targets::run(session, share(40))?;
    let api = api::Fuzzer::ensure(session)?;
    test_server::build(session)?;
    let server = TestServer::start(session, Profile::Dev)?;
    eprintln!("\nThe seed is {}.", options.seed);
    session.steps.take("REST by /openapi.json", || {
        api.rest(&server, options.seed, share(45))?;
        server.check()
    })?;
    session.steps.take("WebSocket by /asyncapi.json", || {
        api.socket(&server, options.seed, share(15))?;
        server.check()
    })
}
