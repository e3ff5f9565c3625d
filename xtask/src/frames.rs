//! `cargo xtask frames`: whether a page with many running timers is drawn smoothly while they change.

use anyhow::{Context, Result};

use crate::{playwright, process, profile::Profile, program::CHROMIUM, run, session::Session, test_server::TestServer};

/// Builds for release, and measures a server with an empty database.
///
/// # Errors
/// When frames are dropped; `xtask/frames/run.mjs` says how many may be.
pub fn measure(session: &mut Session) -> Result<()> {
    let chromium = CHROMIUM.ensure(session)?;
    playwright::ensure(session)?;
    run::build_release(session)?;
    let server = TestServer::start(session, Profile::Release)?;
    let root = session.workspace.root();
    let mut node = process::command("node");
    node.arg(root.join("xtask/frames/run.mjs"))
        .arg(session.workspace.end2end())
        .arg(server.url())
        .env("CHROMIUM", chromium);
    session.steps.take("frames", || {
        process::run(&mut node).context("The page was not drawn in time, or could not be measured.")
    })
}
