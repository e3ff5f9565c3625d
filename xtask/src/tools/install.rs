//! How tools are installed into the cache folder.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use super::{File, Origin, Tool};
use crate::{cache::Cache, process};

/// Cargo's profile for [`Origin::CargoUnoptimised`].
const UNOPTIMISED: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

impl Tool {
    /// Installs the tool unless it is there and runs. An interrupted installation is continued.
    pub fn ensure(&self, cache: &Cache) -> Result<()> {
        if self.answers(cache) {
            eprintln!("    found in {}", self.bin(cache).display());
            return Ok(());
        }
        match self.origin {
            Origin::Cargo(args) => self.install_from_registry(cache, args, &[]),
            Origin::CargoUnoptimised(args) => self.install_from_registry(cache, args, &UNOPTIMISED),
            Origin::Package(files) => self.install_package(cache, files),
            Origin::Npm(files) => self.install_with_npm(cache, files),
        }?;
        ensure!(
            self.answers(cache),
            "{self} was installed, but does not answer to `--version`: remove {} and try again.",
            self.root(cache).display()
        );
        Ok(())
    }

    /// The folder of the installation.
    pub fn root(&self, cache: &Cache) -> PathBuf {
        cache.tool(self.name, &self.pin())
    }

    /// Whether the program is there and reports the expected version.
    fn answers(&self, cache: &Cache) -> bool {
        let program = self.bin(cache).join(self.binary);
        // npm's versions end in `.0.0`; the program prints only the first number.
        let version = self.version.trim_end_matches(".0.0");
        program.exists()
            && process::read(process::command(program).arg("--version"))
                .is_ok_and(|answer| answer.split_whitespace().any(|word| word == version))
    }

    fn install_from_registry(&self, cache: &Cache, args: &[&str], profile: &[(&str, &str)]) -> Result<()> {
        let mut cargo = process::command("cargo");
        cargo
            .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback")
            .envs(profile.iter().copied())
            .args(["install", "--force", "--version", &self.version, self.name])
            .args(args);
        self.install_with_cargo(cache, &mut cargo)
    }

    fn install_package(&self, cache: &Cache, files: &[File]) -> Result<()> {
        // Outside of the build folder and of the repository with its `.cargo/config.toml`.
        let package = self.root(cache).join("package");
        write_files(&package, files)?;
        let mut cargo = process::command("cargo");
        cargo.args(["install", "--force", "--locked", "--path"]).arg(&package);
        self.install_with_cargo(cache, &mut cargo)
    }

    fn install_with_cargo(&self, cache: &Cache, cargo: &mut Command) -> Result<()> {
        let build = cache.build(self.name, &self.pin());
        fs::create_dir_all(cache.root())?;
        eprintln!(
            "    compiling it once; the next run finds it in {}",
            self.bin(cache).display()
        );
        cargo
            // Not in the repository, whose `.cargo/config.toml` applies to Lockstep only.
            .current_dir(cache.root())
            .env("CARGO_TARGET_DIR", &build)
            .arg("--root")
            .arg(self.root(cache));
        process::run(cargo).with_context(|| {
            format!(
                "{self} could not be installed. It needs the network and a C compiler (Debian: `apt-get install \
                 build-essential`). Then run the command again: what was built so far is kept."
            )
        })?;
        fs::remove_dir_all(&build).with_context(|| format!("{} could not be removed.", build.display()))
    }

    fn install_with_npm(&self, cache: &Cache, files: &[File]) -> Result<()> {
        let root = self.root(cache);
        write_files(&root, files)?;
        let mut npm = process::command("npm");
        npm.current_dir(&root)
            .args(["ci", "--no-audit", "--no-fund", "--cache"])
            .arg(cache.npm());
        process::run(&mut npm).with_context(|| {
            format!("{self} could not be installed. It needs the network and Node.js 20 or newer (https://nodejs.org).")
        })
    }
}

fn write_files(folder: &Path, files: &[File]) -> Result<()> {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)?;
    }
    Ok(())
}
