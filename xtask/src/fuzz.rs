//! `cargo xtask fuzz`: what nobody thought of sending, for a bounded time. Not part of `test`.
//!
//! The targets of `fuzz/` first, in this process's memory; then REST and WebSocket by the server's own descriptions,
//! against a server of this command's own, on loopback and with a database of its own.

mod api;
mod server;
mod targets;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;

use self::server::TestServer;
use crate::session::Session;

/// What a person may choose.
pub struct Options {
    /// For all of it, builds not counted.
    pub minutes: u64,
    /// The same seed sends the same requests, as far as the answers are the same.
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

/// Fuzzes, each kind for its share of the time.
///
/// # Errors
/// At the first finding; the output says what was sent.
pub fn fuzz(session: &mut Session, options: Options) -> Result<()> {
    let share = |percent: u64| Duration::from_secs((options.minutes * 60 * percent / 100).max(1));
    targets::run(session, share(40))?;
    let api = api::Fuzzer::ensure(session)?;
    server::build(session)?;
    let server = TestServer::start(session)?;
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
