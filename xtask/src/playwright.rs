//! Playwright, which drives the browser; it is installed in `end2end/`.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    process,
    profile::Profile,
    program::{CHROMIUM, FIREFOX},
    session::Session,
};

/// Installs the packages of `package-lock.json`, unless the same lock file was installed last.
pub fn ensure(session: &mut Session) -> Result<()> {
    let folder = session.workspace.end2end();
    session.steps.take("Playwright", || {
        which::which("npm").context("The browser tests need Node.js 20 or newer with npm (https://nodejs.org).")?;
        let lock = fs::read_to_string(folder.join("package-lock.json"))?;
        // Written last, so that an interrupted installation is repeated.
        let installed = folder.join("node_modules/.lockstep-installed.json");
        if fs::read_to_string(&installed).is_ok_and(|text| text == lock) {
            eprintln!("    found in {}", folder.join("node_modules").display());
            return Ok(());
        }
        let mut npm = process::command("npm");
        npm.current_dir(&folder)
            .args(["ci", "--no-audit", "--no-fund", "--cache"])
            .arg(session.cache.npm());
        // The system's Chromium is used; Playwright's own browsers are not downloaded.
        process::run(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
            .context("Playwright could not be installed: check the network, then try again.")?;
        Ok(fs::write(installed, lock)?)
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
