//! The program of NATS, which tests start by themselves: each its own, to end it in the middle of things.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{debian, session::Session};

/// The variable by which tests find it.
pub const VARIABLE: &str = "LOCKSTEP_NATS_SERVER";
/// Debian keeps it where only root looks.
const DEBIAN: &str = "/usr/sbin/nats-server";

/// Finds nats-server (by the variable, else on PATH), or installs it where that is possible.
pub fn ensure(session: &mut Session) -> Result<PathBuf> {
    session.steps.take("nats-server", || {
        let found = match find()? {
            Some(found) => found,
            None => {
                let by_hand = format!("install it (macOS: `brew install nats-server`) or set {VARIABLE} to its path");
                debian::install("nats-server", "nats-server", &by_hand)?;
                find()?.with_context(|| format!("nats-server was installed, but is not on PATH: set {VARIABLE}."))?
            }
        };
        eprintln!("    {}", found.display());
        Ok(found)
    })
}

fn find() -> Result<Option<PathBuf>> {
    if let Some(path) = env::var_os(VARIABLE).map(PathBuf::from) {
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
