//! Programs of the system that tests use: found by a variable or by their names, or installed with apt.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{debian, session::Session};

/// A program that is not built here.
pub struct Program {
    /// Its name in messages.
    pub name: &'static str,
    /// The environment variable with its path, for users and for the tests.
    pub variable: &'static str,
    /// Its file names on PATH, or whole paths.
    files: &'static [&'static str],
    /// Debian's package.
    package: &'static str,
    /// How to install it on macOS.
    on_macos: &'static str,
}

/// The browser for the browser tests.
pub const CHROMIUM: Program = Program {
    name: "Chromium",
    variable: "CHROMIUM",
    files: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    package: "chromium",
    on_macos: "brew install --cask chromium",
};

/// The second browser, which some browser tests drive.
pub const FIREFOX: Program = Program {
    name: "Firefox",
    variable: "FIREFOX",
    files: &["firefox", "firefox-esr"],
    package: "firefox-esr",
    on_macos: "brew install --cask firefox",
};

/// Connects nodes. Each test starts a server of its own, so that it can stop it at any point.
pub const NATS_SERVER: Program = Program {
    name: "nats-server",
    variable: "LOCKSTEP_NATS_SERVER",
    // Debian installs it in a folder that is on root's PATH only.
    files: &["nats-server", "/usr/sbin/nats-server"],
    package: "nats-server",
    on_macos: "brew install nats-server",
};

impl Program {
    /// Finds it, or installs it with apt.
    ///
    /// # Errors
    /// When there is none, with how to install it.
    pub fn ensure(&self, session: &mut Session) -> Result<PathBuf> {
        session.steps.take(self.name, || self.find_or_install())
    }

    /// As [`Self::ensure`]; where that is not possible, prints why and what is left out, and returns an empty path.
    pub fn ensure_if_possible(&self, session: &mut Session, left_out: &str) -> Result<PathBuf> {
        session.steps.take(self.name, || {
            // A wrong variable is a mistake to correct.
            self.named()?;
            Ok(self.find_or_install().unwrap_or_else(|error| {
                eprintln!("    {error:#}\n    {left_out} are LEFT OUT.");
                PathBuf::new()
            }))
        })
    }

    fn find_or_install(&self) -> Result<PathBuf> {
        let Self {
            name,
            variable,
            package,
            on_macos,
            ..
        } = self;
        if let Some(found) = self.find()? {
            eprintln!("    {}", found.display());
            return Ok(found);
        }
        let by_hand = format!("install it (macOS: `{on_macos}`) or set {variable} to its path");
        debian::install(name, package, &by_hand)?;
        self.find()?
            .with_context(|| format!("{name} was installed, but is not on PATH: set {variable} to its path."))
    }

    fn find(&self) -> Result<Option<PathBuf>> {
        let on_path = || self.files.iter().find_map(|file| which::which(file).ok());
        Ok(self.named()?.or_else(on_path))
    }

    fn named(&self) -> Result<Option<PathBuf>> {
        let named = env::var_os(self.variable).filter(|path| !path.is_empty());
        let Some(path) = named.map(PathBuf::from) else {
            return Ok(None);
        };
        ensure!(
            path.is_file(),
            "{} is {}, which is not a file: correct it or leave it unset.",
            self.variable,
            path.display()
        );
        Ok(Some(path))
    }
}
