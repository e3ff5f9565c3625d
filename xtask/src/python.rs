//! Python programs, each in a virtual environment of its own in the cache folder, installed by hash.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{cache::Cache, process};

/// The advice when [`find`] returns `None`.
pub const NOT_FOUND: &str =
    "it needs Python 3.11 or newer with venv (Debian: `apt-get install python3-venv`, macOS: `brew install python`).";

/// A Python interpreter that is new enough.
pub fn find() -> Option<PathBuf> {
    let check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
    ["python3", "python3.11", "python3.12", "python3.13", "python3.14"]
        .iter()
        .filter_map(|name| which::which(name).ok())
        .find(|python| {
            // Its output is not shown.
            process::command(python)
                .args(["-c", check])
                .output()
                .is_ok_and(|output| output.status.success())
        })
}

/// A virtual environment.
pub struct Environment {
    root: PathBuf,
}

impl Environment {
    /// The environment of a name and version, installed or not.
    pub fn new(cache: &Cache, name: &str, version: &str) -> Self {
        Self {
            root: cache.tool(name, version),
        }
    }

    /// Creates the environment and installs into it, unless the last installation was of the same `wanted`.
    pub fn ensure(&self, wanted: &str, install: impl FnOnce() -> Result<()>) -> Result<()> {
        // Written last, so that an interrupted installation is repeated.
        let installed = self.root.join("lockstep-installed.txt");
        if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
            eprintln!("    found in {}", self.root.display());
            return Ok(());
        }
        let python = find().with_context(|| format!("No Python was found: {NOT_FOUND}"))?;
        process::run(process::command(python).args(["-m", "venv", "--clear"]).arg(&self.root))?;
        install()?;
        Ok(fs::write(installed, wanted)?)
    }

    /// Installs the packages that the file lists, each checked by its hash. `args` are further arguments of pip.
    pub fn install(&self, requirements: &Path, args: &[&str]) -> Result<()> {
        let mut pip = self.python();
        pip.args(["-m", "pip", "--disable-pip-version-check", "--quiet", "install"])
            .args(["--require-hashes", "--requirement"])
            .arg(requirements)
            .args(args);
        process::run(&mut pip).context("PyPI could not be reached: check the network, then try again.")
    }

    pub fn python(&self) -> Command {
        self.program("python")
    }

    /// A program that a package installed.
    pub fn program(&self, name: &str) -> Command {
        process::command(self.root.join("bin").join(name))
    }
}
