//! What every command needs at hand.

use std::{env, ffi::OsString, process::Command};

use anyhow::Result;

use crate::{cache::Cache, process, steps::Steps, tools::Tool, workspace::Workspace};

/// One call of xtask: the repository, the cache, and the steps taken.
pub struct Session {
    pub workspace: Workspace,
    pub cache: Cache,
    pub steps: Steps,
}

impl Session {
    /// Finds the repository and the cache folder.
    pub fn start() -> Result<Self> {
        let steps = Steps::start();
        Ok(Self {
            workspace: Workspace::locate()?,
            cache: Cache::locate()?,
            steps,
        })
    }

    /// Installs those of `tools` that are not there yet.
    pub fn ensure(&mut self, tools: &[Tool]) -> Result<()> {
        for tool in tools {
            self.steps.take(&tool.to_string(), || tool.ensure(&self.cache))?;
        }
        Ok(())
    }

    /// A command in the repository's root that finds `tools` first on its PATH.
    pub fn command(&self, program: &str, tools: &[Tool]) -> Result<Command> {
        let mut command = process::command(program);
        command
            .current_dir(self.workspace.root())
            .env("PATH", self.path_with(tools)?);
        Ok(command)
    }

    fn path_with(&self, tools: &[Tool]) -> Result<OsString> {
        let usual = env::var_os("PATH").unwrap_or_default();
        let folders = tools
            .iter()
            .map(|tool| tool.bin(&self.cache))
            .chain(env::split_paths(&usual));
        Ok(env::join_paths(folders)?)
    }
}
