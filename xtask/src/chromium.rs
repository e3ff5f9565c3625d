//! The browser for the browser tests.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::{process, session::Session};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Finds Chromium (`CHROMIUM`, else by its usual names) or installs it where that is possible.
pub fn ensure(session: &mut Session) -> Result<PathBuf> {
    session.steps.take("Chromium", || {
        let found = match find()? {
            Some(found) => found,
            None => {
                install()?;
                find()?.context("Chromium was installed, but is not on PATH: set CHROMIUM to its path.")?
            }
        };
        eprintln!("    {}", found.display());
        Ok(found)
    })
}

fn find() -> Result<Option<PathBuf>> {
    if let Some(path) = env::var_os("CHROMIUM").map(PathBuf::from) {
        ensure!(
            path.is_file(),
            "CHROMIUM is {}, where no file is: correct it or leave it unset.",
            path.display()
        );
        return Ok(Some(path));
    }
    Ok(NAMES.iter().find_map(|name| which::which(name).ok()))
}

fn install() -> Result<()> {
    let has_apt = which::which("apt-get").is_ok();
    if !has_apt {
        bail!("No Chromium was found: install it (macOS: `brew install --cask chromium`) or set CHROMIUM to its path.");
    }
    if !rustix::process::geteuid().is_root() {
        bail!("No Chromium was found: run `sudo apt-get update && sudo apt-get install chromium`, then try again.");
    }
    for args in [
        &["update"][..],
        &["install", "--yes", "--no-install-recommends", "chromium"],
    ] {
        let mut apt = process::command("apt-get");
        process::run(apt.env("DEBIAN_FRONTEND", "noninteractive").args(args))
            .context("Chromium could not be installed: check the network, or set CHROMIUM to a browser's path.")?;
    }
    Ok(())
}
