//! `cargo xtask test`: all checks and tests, the cheapest first.

use anyhow::Result;

use crate::{
    autobahn, lint, playwright, postgres, process,
    program::{CHROMIUM, FIREFOX, NATS_SERVER},
    renderers, run,
    session::Session,
    size,
};

/// Whether to run the browser tests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    Wanted,
    Unwanted,
}

/// Lints, then runs the crates' tests, the WebSocket cases and the browser tests, and checks the sizes of the pages.
///
/// A program that tests use is found before anything compiles (`program.rs`), and passed on as an environment variable.
pub fn test_all(session: &mut Session, browser: Browser) -> Result<()> {
    // First, so that a missing browser is reported before ten minutes of compiling.
    let browsers = match browser {
        Browser::Wanted => Some([
            CHROMIUM.ensure(session)?,
            FIREFOX.ensure_if_possible(session, "The tests in Firefox")?,
        ]),
        Browser::Unwanted => None,
    };
    if browsers.is_some() {
        playwright::ensure(session)?;
    }
    renderers::build(session)?;
    let nats = NATS_SERVER.ensure_if_possible(session, "The tests of several nodes")?;
    let postgres = postgres::start(session)?;

    lint::lint(session)?;

    // The default members: all but `frontend`, whose features are for the browser.
    let mut tests = session.command("cargo", &[])?;
    tests.arg("test").env(NATS_SERVER.variable, &nats);
    session
        .steps
        .take("unit and integration tests", || process::run(&mut tests))?;

    // The same tests on the other database, and those of several nodes.
    let mut again = session.command("cargo", &[])?;
    again
        // All default members again, so that the previous build is reused.
        .args(["test", "--lib", "--test", "api"])
        .env(NATS_SERVER.variable, &nats)
        .env("LOCKSTEP_TEST_POSTGRES", postgres.url());
    session
        .steps
        .take("the server's tests on PostgreSQL", || process::run(&mut again))?;
    drop(postgres);

    autobahn::run_quick(session)?;

    if let Some([chromium, firefox]) = browsers {
        build_for_browser(session)?;
        playwright::test(session, &chromium, &firefox)?;
        // Last, since it replaces the site by that of a release. Needs Node.js, as the browser tests do.
        size::measure(session)?;
    }
    Ok(())
}

/// Builds server and site for development: a release takes minutes longer and runs the same code.
fn build_for_browser(session: &mut Session) -> Result<()> {
    // `--tests` selects the features of the previous builds: the server is only linked, where cargo-leptos would
    // compile it again.
    let mut server = session.command("cargo", &[])?;
    server.args(["build", "--tests", "--bin", "lockstep"]);
    session
        .steps
        .take("build of the server", || process::run(&mut server))?;

    run::build_site(session)
}
