//! The program of NATS, which tests start by themselves: each its own, to end it in the middle of things.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{debian, session::Session};

/// The variable by which tests find it.
pub const VARIABLE: &str = "LOCKSTEP_NATS_SERVER";
/// Debian keeps it where only root looks.
const DEBIAN: &str = "/usr/sbin/nats-server";

/// Finds nats-server (by the variable, else on PATH), or installs it where that is possible. Where it is not, says so, and
/// the path is empty: then tests of several nodes are left out.
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
            "{VARIABLE} is {}, where no file is: correct it or leave it unset.",
            path.display()
        );
        return Ok(Some(path));
    }
    let debian = PathBuf::from(DEBIAN);
    Ok(which::which("nats-server")
        .ok()
        .or_else(|| debian.is_file().then_some(debian)))
}
