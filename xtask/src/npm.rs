//! Packages of npm in folders of this repository.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::process;

/// Installs the packages of a folder's `package-lock.json`, unless the same lock file was installed last.
///
/// # Errors
/// When npm is missing or fails.
pub fn ensure(folder: &Path, cache: &Path, variables: &[(&str, &str)]) -> Result<()> {
    which::which("npm").context("Node.js 20 or newer with npm is needed (https://nodejs.org).")?;
    let lock = fs::read_to_string(folder.join("package-lock.json"))?;
    // Written last, so that an interrupted installation is repeated.
    let installed = folder.join("node_modules/.lockstep-installed.json");
    if fs::read_to_string(&installed).is_ok_and(|text| text == lock) {
        eprintln!("    found in {}", folder.join("node_modules").display());
        return Ok(());
    }
    let mut npm = process::command("npm");
    npm.current_dir(folder)
        .args(["ci", "--no-audit", "--no-fund", "--cache"])
        .arg(cache)
        .envs(variables.iter().copied());
    process::run(&mut npm).context("`npm ci` failed: check the network, then try again.")?;
    Ok(fs::write(installed, lock)?)
}
