//! `cargo xtask test`: everything that has to hold, in the order of what it costs to find out.

use anyhow::Result;

use crate::{autobahn, chromium, lint, nats, playwright, postgres, process, run, session::Session};

/// Whether the browser tests are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    Wanted,
    Unwanted,
}

/// Lints, runs the tests of the crates, the WebSocket cases, then those in a browser.
///
/// A service that tests talk to belongs here as one more module like [`postgres`] or [`nats`]: found before anything
/// compiles, and handed on as an environment variable.
pub fn test_all(session: &mut Session, browser: Browser) -> Result<()> {
    // First, for a missing browser should not be told after ten minutes.
    let chromium = match browser {
        Browser::Wanted => Some(chromium::ensure(session)?),
        Browser::Unwanted => None,
    };
    if chromium.is_some() {
        playwright::ensure(session)?;
    }
    let nats = nats::ensure(session)?;
    let postgres = postgres::start(session)?;

    lint::lint(session)?;

    // The default members: all but `frontend`, whose features are for the browser.
    let mut tests = session.command("cargo", &[])?;
    tests.arg("test").env(nats::VARIABLE, &nats);
    session
        .steps
        .take("unit and integration tests", || process::run(&mut tests))?;

    // The same stories again, on the other database, and those of several nodes.
    let mut again = session.command("cargo", &[])?;
    again
        // Of all default members, so that it is what was built a moment ago.
        .args(["test", "--lib", "--test", "api"])
        .env(nats::VARIABLE, &nats)
        .env("LOCKSTEP_TEST_POSTGRES", postgres.url());
    session
        .steps
        .take("the server's tests on PostgreSQL", || process::run(&mut again))?;
    drop(postgres);

    autobahn::run_quick(session)?;

    if let Some(chromium) = chromium {
        build_for_browser(session)?;
        playwright::test(session, &chromium)?;
    }
    Ok(())
}

/// Builds server and site, both as for development: a release takes minutes longer and runs the same code.
fn build_for_browser(session: &mut Session) -> Result<()> {
    // `--tests` for the features that the crates' tests had a moment ago: so the server is linked, not compiled again as
    // cargo-leptos would by itself.
    let mut server = session.command("cargo", &[])?;
    server.args(["build", "--tests", "--bin", "lockstep"]);
    session
        .steps
        .take("build of the server", || process::run(&mut server))?;

    run::build_site(session)
}
