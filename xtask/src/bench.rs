//! `cargo xtask bench` and `floods`: what Lockstep does in a second, what it costs, and what floods of requests cost it.

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

/// Builds server and load for release, and floods the one with the other. The table goes to standard output.
///
/// # Errors
/// When the server failed, ended, or kept what a flood took.
pub fn flood(session: &mut Session, kinds: &[String]) -> Result<()> {
    let mut bench = session.command("cargo", &[])?;
    bench
        .args(["bench", "--package", "server", "--bench", "floods", "--"])
        .args(kinds);
    session.steps.take("floods", || process::run(&mut bench))
}
