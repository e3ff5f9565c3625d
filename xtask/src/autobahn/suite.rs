//! The Autobahn|Testsuite, installed in a virtual environment of its own in the cache folder.
//!
//! It was written for Python 2; `xtask/autobahn/patch.py` ports the part that is used to Python 3.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{process, python::Environment, session::Session};

const PACKAGE: &str = "autobahntestsuite";
const VERSION: &str = "25.10.1";

/// The installed suite.
pub struct Suite {
    environment: Environment,
    scripts: PathBuf,
}

impl Suite {
    /// Installs the suite, unless this version was already installed with the same scripts.
    pub fn ensure(session: &mut Session) -> Result<Self> {
        let suite = Self {
            environment: Environment::new(&session.cache, PACKAGE, VERSION),
            scripts: session.workspace.root().join("xtask/autobahn"),
        };
        session.steps.take(&format!("{PACKAGE} {VERSION}"), || {
            let wanted = ["requirements.txt", "suite.txt", "patch.py"].map(|name| suite.script(name));
            let wanted: Vec<_> = wanted.into_iter().collect::<Result<_>>()?;
            suite.environment.ensure(&wanted.concat(), || suite.install())
        })?;
        Ok(suite)
    }

    /// A command that runs cases against the server at `url` and writes the verdicts to `reports`. The caller appends
    /// the case patterns as arguments.
    pub fn command(&self, url: &str, reports: &Path) -> Command {
        let mut command = self.environment.python();
        command.arg(self.scripts.join("run.py")).arg(url).arg(reports);
        command
    }

    fn script(&self, name: &str) -> Result<String> {
        let path = self.scripts.join(name);
        fs::read_to_string(&path).with_context(|| format!("{} could not be read.", path.display()))
    }

    fn install(&self) -> Result<()> {
        self.environment.install(&self.scripts.join("requirements.txt"), &[])?;
        // Not byte-compiled: it is Python 2 until `patch.py` has run.
        let as_it_is = ["--no-deps", "--no-compile", "--no-build-isolation"];
        self.environment.install(&self.scripts.join("suite.txt"), &as_it_is)?;
        let mut port = self.environment.python();
        process::run(port.args(["-W", "ignore"]).arg(self.scripts.join("patch.py")))
    }
}
