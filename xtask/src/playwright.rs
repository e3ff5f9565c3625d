//! Playwright, which drives the browser; it is installed in `end2end/`.

use std::path::Path;

use anyhow::{Context, Result};

use crate::{
    npm, process,
    profile::Profile,
    program::{CHROMIUM, FIREFOX},
    session::Session,
};

/// Installs the packages of `package-lock.json`, unless the same lock file was installed last.
pub fn ensure(session: &mut Session) -> Result<()> {
    let (folder, cache) = (session.workspace.end2end(), session.cache.npm());
    session.steps.take("Playwright", || {
        // The system's Chromium is used; Playwright's own browsers are not downloaded.
        npm::ensure(&folder, &cache, &[("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")])
            .context("The browser tests need Playwright, and it could not be installed.")
    })
}

/// Runs the browser tests against the server built for development.
///
/// Without Firefox, its path is empty, and its tests are left out.
pub fn test(session: &mut Session, chromium: &Path, firefox: &Path) -> Result<()> {
    let folder = session.workspace.end2end();
    let mut playwright = process::command(folder.join("node_modules/.bin/playwright"));
    playwright
        .current_dir(&folder)
        .arg("test")
        .env(CHROMIUM.variable, chromium)
        .env(FIREFOX.variable, firefox)
        .env("LOCKSTEP_BIN", session.workspace.server_binary(Profile::Dev))
        .env("LEPTOS_SITE_ROOT", session.workspace.site_root());
    session.steps.take("browser tests", || {
        process::run(&mut playwright).context(
            "A browser test failed: its trace is in end2end/test-results (`npx playwright show-trace <trace.zip>`).",
        )
    })
}
