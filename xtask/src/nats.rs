//! The `nats-server` program. Each test starts a server of its own, so that it can stop it at any point.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{debian, session::Session};

/// The environment variable in which tests find its path.
pub const VARIABLE: &str = "LOCKSTEP_NATS_SERVER";
/// Debian installs it in a folder that is on root's PATH only.
const DEBIAN: &str = "/usr/sbin/nats-server";

/// Finds nats-server (by the variable, else on PATH), or installs it with apt. Where that is not possible, prints why
/// and returns an empty path: tests of several nodes are then left out.
pub fn ensure(session: &mut Session) -> Result<PathBuf> {
    session.steps.take("nats-server", || {
        if let Some(found) = find()? {
            eprintln!("    {}", found.display());
            return Ok(found);
        }
        let by_hand = format!("install it (macOS: `brew install nats-server`) or set {VARIABLE} to its path");
        if let Err(error) = debian::install("nats-server", "nats-server", &by_hand) {
            eprintln!("    {error:#}\n    The tests of several nodes are LEFT OUT.");
            return Ok(PathBuf::new());
        }
        find()?.with_context(|| format!("nats-server was installed, but is not on PATH: set {VARIABLE}."))
    })
}

fn find() -> Result<Option<PathBuf>> {
    let named = env::var_os(VARIABLE).filter(|path| !path.is_empty());
    if let Some(path) = named.map(PathBuf::from) {
        ensure!(
            path.is_file(),
            "{VARIABLE} is {}, which is not a file: correct it or leave it unset.",
            path.display()
        );
        return Ok(Some(path));
    }
    let debian = PathBuf::from(DEBIAN);
    Ok(which::which("nats-server")
        .ok()
        .or_else(|| debian.is_file().then_some(debian)))
}
