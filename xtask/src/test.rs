//! `cargo xtask test`: everything that has to hold, in the order of what it costs to find out.

use anyhow::Result;

use crate::{chromium, lint, playwright, process, run, run::Profile, session::Session};

/// Whether the browser tests are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    Wanted,
    Unwanted,
}

/// Lints, runs the tests of the crates, then those in a browser.
///
/// A service that tests talk to (a database, a message bus) belongs here as one more module like [`chromium`]: found
/// before anything compiles, its address handed on as an environment variable.
pub fn test_all(session: &mut Session, browser: Browser) -> Result<()> {
    // First, for a missing browser should not be told after ten minutes.
    let chromium = match browser {
        Browser::Wanted => Some(chromium::ensure(session)?),
        Browser::Unwanted => None,
    };
    if chromium.is_some() {
        playwright::ensure(session)?;
    }

    lint::lint(session)?;

    let mut cargo = session.command("cargo", &[])?;
    // The default members: all but `frontend`, whose features are for the browser.
    cargo.arg("test");
    session
        .steps
        .take("unit and integration tests", || process::run(&mut cargo))?;

    if let Some(chromium) = chromium {
        // A development build: a release takes minutes longer and runs the same code.
        run::build(session, Profile::Dev)?;
        playwright::test(session, Profile::Dev, &chromium)?;
    }
    Ok(())
}
