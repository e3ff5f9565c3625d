//! The Autobahn|Testsuite in an environment of its own in the cache folder.
//!
//! It was written for Python 2, which nobody has any more; `xtask/autobahn/patch.py` ports the part that is used.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{process, session::Session};

/// What to do where [`python`] finds none.
pub const NO_PYTHON: &str =
    "it needs Python 3.11 or newer with venv (Debian: `apt-get install python3-venv`, macOS: `brew install python`).";

const PACKAGE: &str = "autobahntestsuite";
const VERSION: &str = "25.10.1";

/// The installed suite.
pub struct Suite {
    python: PathBuf,
    scripts: PathBuf,
}

/// A Python that is new enough.
pub fn python() -> Option<PathBuf> {
    let check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
    ["python3", "python3.11", "python3.12", "python3.13", "python3.14"]
        .iter()
        .filter_map(|name| which::which(name).ok())
        .find(|python| {
            // Whatever it answers is about itself, and not for the person.
            process::command(python)
                .args(["-c", check])
                .output()
                .is_ok_and(|output| output.status.success())
        })
}

impl Suite {
    /// Installs it, unless this very version was, with these very scripts.
    pub fn ensure(session: &mut Session) -> Result<Self> {
        let scripts = session.workspace.root().join("xtask/autobahn");
        let root = session.cache.tool(PACKAGE, VERSION);
        let suite = Self {
            python: root.join("bin/python"),
            scripts,
        };
        session.steps.take(&format!("{PACKAGE} {VERSION}"), || {
            let wanted = suite.script("requirements.txt")? + &suite.script("suite.txt")? + &suite.script("patch.py")?;
            // Written last, so that an interrupted installation is done again.
            let installed = root.join("lockstep-installed.txt");
            if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
                eprintln!("    found in {}", root.display());
                return Ok(());
            }
            suite.install(&root)?;
            Ok(fs::write(installed, wanted)?)
        })?;
        Ok(suite)
    }

    /// Runs cases against the server at `url`: their patterns are the arguments to come. The verdicts go to `reports`.
    pub fn command(&self, url: &str, reports: &Path) -> Command {
        let mut command = process::command(&self.python);
        command.arg(self.scripts.join("run.py")).arg(url).arg(reports);
        command
    }

    fn script(&self, name: &str) -> Result<String> {
        let path = self.scripts.join(name);
        fs::read_to_string(&path).with_context(|| format!("{} could not be read.", path.display()))
    }

    fn install(&self, root: &Path) -> Result<()> {
        let python =
            python().with_context(|| format!("No Python was found for the Autobahn|Testsuite: {NO_PYTHON}"))?;
        process::run(process::command(python).args(["-m", "venv", "--clear"]).arg(root))?;
        process::run(
            self.pip()
                .arg("--requirement")
                .arg(self.scripts.join("requirements.txt")),
        )
        .context(OFFLINE)?;
        // It is not compiled, for it is Python 2 until it is ported.
        let mut suite = self.pip();
        suite
            .args(["--no-deps", "--no-compile", "--no-build-isolation", "--requirement"])
            .arg(self.scripts.join("suite.txt"));
        process::run(&mut suite).context(OFFLINE)?;
        let mut port = process::command(&self.python);
        process::run(port.args(["-W", "ignore"]).arg(self.scripts.join("patch.py")))
    }

    fn pip(&self) -> Command {
        let mut pip = process::command(&self.python);
        pip.args([
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--quiet",
            "install",
            "--require-hashes",
        ]);
        pip
    }
}

const OFFLINE: &str = "The Autobahn|Testsuite could not be installed: check the network, then try again.";
