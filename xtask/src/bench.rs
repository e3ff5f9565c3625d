//! `cargo xtask bench` and `floods`: what Lockstep does in a second, what it costs, and what floods of requests cost it.

use anyhow::Result;

use crate::{process, session::Session};

/// What to measure.
#[derive(Clone, Copy)]
pub enum Load {
    /// How much, how fast and at what cost. LOCKSTEP_BENCH_SECONDS sets how long each measurement lasts.
    Figures,
    /// Whether memory stays level under a steady load.
    Soak {
        /// How long it lasts.
        minutes: u32,
    },
}

/// Builds server and load for release, and runs the load. The table goes to standard output.
///
/// # Errors
/// When the load met an error.
pub fn measure(session: &mut Session, load: Load) -> Result<()> {
    let mut bench = session.command("cargo", &[])?;
    bench.args(["bench", "--package", "server", "--bench", "load"]);
    if let Load::Soak { minutes } = load {
        bench.args(["--", "--soak", &minutes.to_string()]);
    }
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
