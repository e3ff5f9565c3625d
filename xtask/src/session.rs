//! What every command uses.

use std::{
    env,
    ffi::OsString,
    fs::{self, File, TryLockError},
    path::Path,
    process::Command,
};

use anyhow::Result;

use crate::{cache::Cache, process, steps::Steps, tools::Tool, workspace::Workspace};

/// One call of xtask: the repository, the cache, and the steps so far.
pub struct Session {
    pub workspace: Workspace,
    pub cache: Cache,
    pub steps: Steps,
    /// The lock, held until xtask ends: see [`lock_target`].
    _target_lock: File,
}

impl Session {
    /// Finds the repository and the cache folder, and waits for the lock on the target folder.
    pub fn start() -> Result<Self> {
        let steps = Steps::start();
        let workspace = Workspace::locate()?;
        let lock = lock_target(workspace.target())?;
        Ok(Self {
            workspace,
            cache: Cache::locate()?,
            steps,
            _target_lock: lock,
        })
    }

    /// Installs those of `tools` that are missing.
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

/// Allows one xtask at a time in a target folder: a build empties the site first, and browser tests of another run read
/// it. The system releases the lock when xtask ends, however it ends, and when the server replaces its process.
fn lock_target(target: &Path) -> Result<File> {
    fs::create_dir_all(target)?;
    let lock = File::create(target.join("xtask.lock"))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!(
                "Another `cargo xtask` uses {}: waiting for it to end.",
                target.display()
            );
            lock.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    Ok(lock)
}
