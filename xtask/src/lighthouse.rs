//! `cargo xtask lighthouse`: Lighthouse's scores of the signed-in timers page, with its mobile profile.

use std::fs;

use anyhow::{Context, Result};

use crate::{
    process, profile::Profile, program::CHROMIUM, run, session::Session, test_server::TestServer, tools::Tool,
};

/// The table shows the median.
const VISITS: u32 = 5;

/// Builds for release, and measures a server with an empty database. The reports are in the target folder.
///
/// # Errors
/// When a score is below its bound, which `xtask/lighthouse/run.mjs` names.
pub fn measure(session: &mut Session) -> Result<()> {
    let chromium = CHROMIUM.ensure(session)?;
    let lighthouse = Tool::lighthouse();
    session.ensure(std::slice::from_ref(&lighthouse))?;
    run::build_release(session)?;
    let server = TestServer::start(session, Profile::Release)?;
    let reports = session.workspace.target().join("lighthouse");
    fs::create_dir_all(&reports)?;
    let mut node = process::command("node");
    node.arg(session.workspace.root().join("xtask/lighthouse/run.mjs"))
        .arg(lighthouse.root(&session.cache))
        .arg(server.url())
        .arg(&reports)
        .arg(VISITS.to_string())
        .env("CHROME_PATH", chromium);
    session.steps.take("Lighthouse", || {
        process::run(&mut node).with_context(|| format!("The reports are in {}.", reports.display()))
    })
}
