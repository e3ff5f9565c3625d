//! The user's cache folder: where tools live between runs, outside of the repository.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use etcetera::BaseStrategy;

/// Lockstep's folder in the user's cache.
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// `LOCKSTEP_CACHE` when set, else `lockstep` in `XDG_CACHE_HOME`, else `~/.cache/lockstep`.
    pub fn locate() -> Result<Self> {
        let users = etcetera::base_strategy::Xdg::new()
            .context("No home folder was found: set HOME, or LOCKSTEP_CACHE to a folder for the tools.")?
            .cache_dir();
        let root = choose_root(env::var_os("LOCKSTEP_CACHE"), &users);
        Ok(Self {
            root: std::path::absolute(root)?,
        })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where one version of a tool is installed. The version is part of the name, so that two branches with
    /// different pins do not overwrite each other's tools.
    pub fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.root.join("tools").join(format!("{name}-{version}"))
    }

    /// Where a tool is compiled. Removed after a successful installation, kept after an interrupted one.
    pub fn build(&self, name: &str, version: &str) -> PathBuf {
        self.root.join("build").join(format!("{name}-{version}"))
    }

    /// npm's own download cache.
    pub fn npm(&self) -> PathBuf {
        self.root.join("npm")
    }
}

fn choose_root(explicit: Option<OsString>, users_cache: &Path) -> PathBuf {
    match explicit {
        Some(folder) if !folder.is_empty() => folder.into(),
        _ => users_cache.join("lockstep"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_variable_wins_unless_empty() {
        let users = Path::new("/home/ada/.cache");
        assert_eq!(choose_root(Some("/srv/tools".into()), users), Path::new("/srv/tools"));
        assert_eq!(
            choose_root(Some("".into()), users),
            Path::new("/home/ada/.cache/lockstep")
        );
        assert_eq!(choose_root(None, users), Path::new("/home/ada/.cache/lockstep"));
    }

    #[test]
    fn versions_do_not_share_a_folder() {
        let cache = Cache { root: "/c".into() };
        assert_eq!(
            cache.tool("leptosfmt", "0.1.33"),
            Path::new("/c/tools/leptosfmt-0.1.33")
        );
        assert_eq!(
            cache.build("leptosfmt", "0.1.33"),
            Path::new("/c/build/leptosfmt-0.1.33")
        );
        assert_ne!(cache.tool("leptosfmt", "0.1.33"), cache.tool("leptosfmt", "0.1.34"));
    }
}
