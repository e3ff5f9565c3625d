//! `cargo xtask bench`: what Lockstep does in a second, and what it costs.

use anyhow::Result;

use crate::{process, session::Session};

/// Builds server and load for release, and runs the load. The table goes to standard output.
///
/// LOCKSTEP_BENCH_SECONDS sets how long each measurement lasts.
pub fn measure(session: &mut Session) -> Result<()> {
    let mut bench = session.command("cargo", &[])?;
    bench.args(["bench", "--package", "server", "--bench", "load"]);
    session.steps.take("load", || process::run(&mut bench))
}
