//! `cargo xtask autobahn`: the WebSocket layer (`hub/src/socket/` and `hub/src/codec/`) against the cases of the
//! Autobahn|Testsuite.

mod report;
mod suite;

use std::fs;

use anyhow::{Result, ensure};

use self::{report::Report, suite::Suite};
use crate::{process, python, session::Session};

/// The cases that `cargo xtask test` runs, in about ten seconds. The limits and compression cases take minutes, so only
/// a few of them are included.
const QUICK: [&str; 15] = [
    "1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.1.1", "9.2.1", "10.*", "12.1.1", "12.1.2", "12.1.3", "13.1.1",
    "13.1.2",
];

/// Runs all cases and writes `docs/autobahn.md`.
///
/// # Errors
/// When a case fails, is not run, or is closed in another way than it asks for.
pub fn run_all(session: &mut Session) -> Result<()> {
    let suite = Suite::ensure(session)?;
    let report = run(session, &suite, &["*"])?;
    let path = session.workspace.root().join("docs/autobahn.md");
    fs::write(&path, report.to_markdown())?;
    eprintln!("\n{}\nThis table is in {} now.", report.table(), path.display());
    report.verdict()
}

/// Runs the quick cases, or skips them with a message where no suitable Python is installed.
pub fn run_quick(session: &mut Session) -> Result<()> {
    if python::find().is_none() {
        eprintln!("\n==> Autobahn|Testsuite\n    skipped: {}", python::NOT_FOUND);
        return Ok(());
    }
    let suite = Suite::ensure(session)?;
    let report = run(session, &suite, &QUICK)?;
    eprintln!("\n{}", report.table());
    report.verdict()
}

fn run(session: &mut Session, suite: &Suite, cases: &[&str]) -> Result<Report> {
    let mut build = session.command("cargo", &[])?;
    // The development build, as for the tests, so that dependencies are not compiled again.
    build.args(["build", "-p", "hub", "--example", "echo"]);
    session
        .steps
        .take("build of the echo server", || process::run(&mut build))?;

    let reports = session.workspace.target().join("autobahn");
    let echo = session.workspace.target().join("debug/examples/echo");
    session.steps.take("Autobahn|Testsuite's cases", || {
        let (_server, url) = process::start(&mut process::command(&echo))?;
        ensure!(url.starts_with("ws://"), "The echo server printed no address.");
        process::run(suite.command(&url, &reports).args(cases))?;
        Report::read(&reports.join("index.json"))
    })
}
