//! The pinned tools, and how each is installed into the cache folder.

use std::{fmt, fs, path::PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{cache::Cache, process, workspace::Workspace};

/// A program at one version.
pub struct Tool {
    name: &'static str,
    version: String,
    binary: &'static str,
    origin: Origin,
}

enum Origin {
    /// `cargo install`, with these further arguments.
    Cargo(&'static [&'static str]),
    /// The same without optimisation, which saves half of the time or more: for what has little to do.
    CargoUnoptimised(&'static [&'static str]),
    /// A package of npm's, as `xtask/npm/package-lock.json` has it.
    Npm,
}

/// Cargo's profile for [`Origin::CargoUnoptimised`].
const UNOPTIMISED: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

/// What `npm ci` installs from.
const NPM_FILES: [(&str, &str); 3] = [
    ("package.json", include_str!("../npm/package.json")),
    ("package-lock.json", include_str!("../npm/package-lock.json")),
    (".npmrc", include_str!("../npm/.npmrc")),
];

impl Tool {
    /// Builds server and WebAssembly together. `no_downloads`: it takes its helpers from PATH, where xtask puts
    /// them, instead of fetching binaries at versions of its own choice.
    pub fn cargo_leptos() -> Self {
        Self::cargo(
            "cargo-leptos",
            "0.3.6",
            "cargo-leptos",
            &["--locked", "--features", "no_downloads"],
        )
    }

    /// Makes the JavaScript side of the WebAssembly. Its version has to equal that of the library to the last digit.
    /// Without `--locked`, for its own lock file may name packages newer than the pinned compiler.
    pub fn wasm_bindgen(workspace: &Workspace) -> Result<Self> {
        let version = workspace.locked_version("wasm-bindgen")?;
        Ok(Self::cargo("wasm-bindgen-cli", &version, "wasm-bindgen", &[]))
    }

    /// Formats the `view!` macros, which rustfmt leaves alone.
    pub fn leptosfmt() -> Self {
        Self::cargo("leptosfmt", "0.1.33", "leptosfmt", &["--locked"])
    }

    /// Finds dependencies nobody uses.
    pub fn cargo_machete() -> Self {
        Self::cargo("cargo-machete", "0.9.2", "cargo-machete", &["--locked"])
    }

    /// Checks licences and sources of dependencies, and whether vulnerabilities are known.
    pub fn cargo_deny() -> Self {
        Self {
            origin: Origin::CargoUnoptimised(&["--locked"]),
            ..Self::cargo("cargo-deny", "0.20.2", "cargo-deny", &[])
        }
    }

    /// Builds and runs the targets of `fuzz/`.
    pub fn cargo_fuzz() -> Self {
        Self {
            origin: Origin::CargoUnoptimised(&["--locked"]),
            ..Self::cargo("cargo-fuzz", "0.13.2", "cargo-fuzz", &[])
        }
    }

    /// Makes the WebAssembly of a release smaller; it comes with `binaryen` and runs on Node.js.
    pub fn wasm_opt() -> Self {
        Self {
            name: "binaryen",
            version: "132.0.0".into(),
            binary: "wasm-opt",
            origin: Origin::Npm,
        }
    }

    fn cargo(name: &'static str, version: &str, binary: &'static str, args: &'static [&'static str]) -> Self {
        Self {
            name,
            version: version.into(),
            binary,
            origin: Origin::Cargo(args),
        }
    }

    /// The folder that holds the program.
    pub fn bin(&self, cache: &Cache) -> PathBuf {
        let root = cache.tool(self.name, &self.version);
        match self.origin {
            Origin::Cargo(_) | Origin::CargoUnoptimised(_) => root.join("bin"),
            Origin::Npm => root.join("node_modules/.bin"),
        }
    }

    /// Installs the tool unless it is there and answers. An installation that was interrupted is taken up again.
    pub fn ensure(&self, cache: &Cache) -> Result<()> {
        if self.answers(cache) {
            eprintln!("    found in {}", self.bin(cache).display());
            return Ok(());
        }
        match self.origin {
            Origin::Cargo(args) => self.install_with_cargo(cache, args, &[]),
            Origin::CargoUnoptimised(args) => self.install_with_cargo(cache, args, &UNOPTIMISED),
            Origin::Npm => self.install_with_npm(cache),
        }?;
        ensure!(
            self.answers(cache),
            "{self} was installed, but does not answer to `--version`: remove {} and try again.",
            cache.tool(self.name, &self.version).display()
        );
        Ok(())
    }

    /// Whether the program is there and tells the version expected of it.
    fn answers(&self, cache: &Cache) -> bool {
        let program = self.bin(cache).join(self.binary);
        // npm's versions end in `.0.0`, where the program itself tells a single number.
        let version = self.version.trim_end_matches(".0.0");
        program.exists()
            && process::read(process::command(program).arg("--version"))
                .is_ok_and(|answer| answer.split_whitespace().any(|word| word == version))
    }

    fn install_with_cargo(&self, cache: &Cache, args: &[&str], profile: &[(&str, &str)]) -> Result<()> {
        let build = cache.build(self.name, &self.version);
        fs::create_dir_all(cache.root())?;
        eprintln!(
            "    compiling it once; the next run finds it in {}",
            self.bin(cache).display()
        );
        let mut cargo = process::command("cargo");
        cargo
            // Not in the repository, whose `.cargo/config.toml` is about Lockstep only.
            .current_dir(cache.root())
            .env("CARGO_TARGET_DIR", &build)
            .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback")
            .envs(profile.iter().copied())
            .args(["install", "--force", "--version", &self.version])
            .args(args)
            .arg("--root")
            .arg(cache.tool(self.name, &self.version))
            .arg(self.name);
        process::run(&mut cargo).with_context(|| {
            format!(
                "{self} could not be installed. It needs the network, a C compiler, make and perl (Debian: `apt-get \
                 install build-essential perl`). Then run the command again: what was built so far is kept."
            )
        })?;
        fs::remove_dir_all(&build).with_context(|| format!("{} could not be removed.", build.display()))
    }

    fn install_with_npm(&self, cache: &Cache) -> Result<()> {
        let root = cache.tool(self.name, &self.version);
        fs::create_dir_all(&root)?;
        for (name, text) in NPM_FILES {
            fs::write(root.join(name), text)?;
        }
        let mut npm = process::command("npm");
        npm.current_dir(&root)
            .args(["ci", "--no-audit", "--no-fund", "--cache"])
            .arg(cache.npm());
        process::run(&mut npm).with_context(|| {
            format!("{self} could not be installed. It needs the network and Node.js 20 or newer (https://nodejs.org).")
        })
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_from_npm_is_the_locked_one() {
        let tool = Tool::wasm_opt();
        let lock: serde_json::Value = serde_json::from_str(NPM_FILES[1].1).unwrap();
        assert_eq!(
            lock["packages"][format!("node_modules/{}", tool.name)]["version"],
            tool.version
        );
    }
}
