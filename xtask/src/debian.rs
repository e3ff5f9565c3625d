//! Packages that are installed where that is possible without asking.

use anyhow::{Context, Result, bail};

use crate::process;

/// Installs a package, as root and with apt; elsewhere says how to do it. `what` is its name for people, `by_hand` how it is
/// installed where there is no apt.
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
