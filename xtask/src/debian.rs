//! Installs Debian packages where that needs no confirmation.

use anyhow::{Context, Result, bail};

use crate::process;

/// Installs a package with apt when run as root; otherwise returns an error that says how to install it. `what` is the
/// program's name in messages, `by_hand` the instruction for systems without apt.
pub fn install(what: &str, package: &str, by_hand: &str) -> Result<()> {
    if which::which("apt-get").is_err() {
        bail!("No {what} was found: {by_hand}.");
    }
    if !rustix::process::geteuid().is_root() {
        bail!("No {what} was found: run `sudo apt-get update && sudo apt-get install {package}`, then try again.");
    }
    for args in [
        &["update"][..],
        &["install", "--yes", "--no-install-recommends", package],
    ] {
        let mut apt = process::command("apt-get");
        process::run(apt.env("DEBIAN_FRONTEND", "noninteractive").args(args))
            .with_context(|| format!("{what} could not be installed: check the network, or {by_hand}."))?;
    }
    Ok(())
}
