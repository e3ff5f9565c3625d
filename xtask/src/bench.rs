//! `cargo xtask bench` and `floods`: throughput, latency and cost of the server, and its behaviour under floods of
//! requests.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::{process, session::Session};

/// What to measure, and on what. LOCKSTEP_BENCH_SECONDS sets how long each measurement lasts.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// Measure memory under a steady load instead of the usual measurements.
    pub soak: bool,
    /// The duration of the steady load; an hour by default.
    pub minutes: Option<u32>,
    /// Another `lockstep` binary to measure in the same run.
    pub against: Option<PathBuf>,
    /// The URL of a PostgreSQL server, of a user who may create databases; SQLite by default.
    pub database: Option<String>,
    /// The names of the measurements to run; all if empty.
    pub measurements: Vec<String>,
}

/// Builds the server and the load generator for release, and runs the load. The table goes to standard output.
///
/// # Errors
/// When a request of the load failed.
pub fn measure(session: &mut Session, options: &Options) -> Result<()> {
    let mut bench = session.command("cargo", &[])?;
    bench.args(["bench", "--package", "server", "--bench", "load", "--"]);
    if options.soak {
        bench.args(["--soak", &options.minutes.unwrap_or(60).to_string()]);
    }
    if let Some(binary) = &options.against {
        ensure!(
            binary.is_file(),
            "{} is not a file: `--against` needs a `lockstep` binary, such as an earlier commit's target/release/lockstep.",
            binary.display()
        );
        // The load runs in the folder of its package.
        let binary = std::path::absolute(binary).context("The binary's path cannot be resolved.")?;
        bench.arg("--against").arg(binary);
    }
    if let Some(database) = &options.database {
        bench.args(["--database", database]);
    }
    bench.args(&options.measurements);
    session.steps.take("load", || process::run(&mut bench))
}

/// Builds the server and the flood generator for release, and floods the server. The table goes to standard output.
///
/// # Errors
/// When the server failed, ended, or did not release what a flood allocated.
pub fn flood(session: &mut Session, kinds: &[String]) -> Result<()> {
    let mut bench = session.command("cargo", &[])?;
    bench
        .args(["bench", "--package", "server", "--bench", "floods", "--"])
        .args(kinds);
    session.steps.take("floods", || process::run(&mut bench))
}
