//! The repository's folders, as cargo sees them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{lockfile, process, profile::Profile};

/// Where the sources are and where builds go.
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Asks cargo, which takes `CARGO_TARGET_DIR` and every configuration file into account.
    pub fn locate() -> Result<Self> {
        let mut cargo = process::command("cargo");
        // The manifest's folder at compile time, so that `xtask` works from any directory.
        cargo
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["metadata", "--no-deps", "--format-version=1"]);
        let metadata: serde_json::Value = serde_json::from_str(&process::read(&mut cargo)?)?;
        let folder = |key: &str| {
            let path = metadata[key]
                .as_str()
                .with_context(|| format!("`cargo metadata` did not contain {key}."))?;
            anyhow::Ok(PathBuf::from(path))
        };
        Ok(Self {
            root: folder("workspace_root")?,
            target: folder("target_directory")?,
        })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn target(&self) -> &Path {
        &self.target
    }

    /// The folder of the browser tests.
    pub fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// Where cargo-leptos compiles the WebAssembly: a folder of its own within the target folder.
    pub fn front_target(&self) -> PathBuf {
        self.target.join("front")
    }

    /// The site's files (WebAssembly, JavaScript, CSS). cargo-leptos places its site root relative to the repository;
    /// here it is in the target folder, which CI moves elsewhere.
    pub fn site_root(&self) -> PathBuf {
        self.target.join("site")
    }

    pub fn server_binary(&self, profile: Profile) -> PathBuf {
        let folder = match profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        };
        self.target.join(folder).join("lockstep")
    }

    /// The version of a package in Cargo.lock.
    pub fn locked_version(&self, package: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock = fs::read_to_string(&path).with_context(|| {
            format!(
                "{} could not be read: `cargo generate-lockfile` writes it.",
                path.display()
            )
        })?;
        lockfile::find_version(&lock, package)
    }
}
