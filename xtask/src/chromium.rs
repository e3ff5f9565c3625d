//! The browser for the browser tests.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{debian, session::Session};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Finds Chromium (`CHROMIUM`, else by its usual names), or installs it with apt.
pub fn ensure(session: &mut Session) -> Result<PathBuf> {
    session.steps.take("Chromium", || {
        let found = match find()? {
            Some(found) => found,
            None => {
                let by_hand = "install it (macOS: `brew install --cask chromium`) or set CHROMIUM to its path";
                debian::install("Chromium", "chromium", by_hand)?;
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
            "CHROMIUM is {}, which is not a file: correct it or leave it unset.",
            path.display()
        );
        return Ok(Some(path));
    }
    Ok(NAMES.iter().find_map(|name| which::which(name).ok()))
}
