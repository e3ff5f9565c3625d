//! The pinned tools. [`install`] says how each gets into the cache folder.

mod install;

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
};

use anyhow::Result;

use crate::{cache::Cache, workspace::Workspace};

/// A program at one version.
pub struct Tool {
    name: &'static str,
    version: String,
    binary: &'static str,
    origin: Origin,
}

/// A file's path below the folder of its package, and its content.
type File = (&'static str, &'static str);

enum Origin {
    /// `cargo install`, with these further arguments.
    Cargo(&'static [&'static str]),
    /// `cargo install` without optimisation, which takes half of the time or less: for tools with little to compute.
    CargoUnoptimised(&'static [&'static str]),
    /// `cargo install` of a package in this repository, whose manifest and lock file pin the tool and its dependencies.
    Package(&'static [File]),
    /// `npm ci` of a package in this repository.
    Npm(&'static [File]),
}

const CARGO_LEPTOS: [File; 5] = [
    ("Cargo.toml", include_str!("../cargo-leptos/Cargo.toml")),
    ("Cargo.lock", include_str!("../cargo-leptos/Cargo.lock")),
    ("src/main.rs", include_str!("../cargo-leptos/src/main.rs")),
    (
        "cargo-generate/Cargo.toml",
        include_str!("../cargo-leptos/cargo-generate/Cargo.toml"),
    ),
    (
        "cargo-generate/lib.rs",
        include_str!("../cargo-leptos/cargo-generate/lib.rs"),
    ),
];
const BINARYEN: [File; 3] = [
    ("package.json", include_str!("../npm/package.json")),
    ("package-lock.json", include_str!("../npm/package-lock.json")),
    (".npmrc", include_str!("../npm/.npmrc")),
];
const LIGHTHOUSE: [File; 3] = [
    ("package.json", include_str!("../lighthouse/package.json")),
    ("package-lock.json", include_str!("../lighthouse/package-lock.json")),
    (".npmrc", include_str!("../lighthouse/.npmrc")),
];

impl Tool {
    /// Builds server and WebAssembly together.
    pub fn cargo_leptos() -> Self {
        Self {
            name: "cargo-leptos",
            version: "0.3.10".into(),
            binary: "cargo-leptos",
            origin: Origin::Package(&CARGO_LEPTOS),
        }
    }

    /// Generates the JavaScript side of the WebAssembly. Its version has to equal that of the library exactly.
    /// Installed without `--locked`, since its own lock file may name packages newer than the pinned compiler supports.
    pub fn wasm_bindgen(workspace: &Workspace) -> Result<Self> {
        let version = workspace.locked_version("wasm-bindgen")?;
        Ok(Self::cargo(
            "wasm-bindgen-cli",
            &version,
            "wasm-bindgen",
            Origin::Cargo(&[]),
        ))
    }

    /// Formats the `view!` macros, which rustfmt skips.
    pub fn leptosfmt() -> Self {
        Self::cargo("leptosfmt", "0.1.33", "leptosfmt", Origin::Cargo(&["--locked"]))
    }

    /// Finds unused dependencies.
    pub fn cargo_machete() -> Self {
        Self::cargo("cargo-machete", "0.9.2", "cargo-machete", Origin::Cargo(&["--locked"]))
    }

    /// Checks licences, sources and known vulnerabilities of dependencies.
    pub fn cargo_deny() -> Self {
        let origin = Origin::CargoUnoptimised(&["--locked"]);
        Self::cargo("cargo-deny", "0.20.2", "cargo-deny", origin)
    }

    /// Builds and runs the targets of `fuzz/`.
    pub fn cargo_fuzz() -> Self {
        let origin = Origin::CargoUnoptimised(&["--locked"]);
        Self::cargo("cargo-fuzz", "0.13.2", "cargo-fuzz", origin)
    }

    /// Shrinks the WebAssembly of a release; it is part of `binaryen` and runs on Node.js.
    pub fn wasm_opt() -> Self {
        Self {
            name: "binaryen",
            version: "132.0.0".into(),
            binary: "wasm-opt",
            origin: Origin::Npm(&BINARYEN),
        }
    }

    /// Measures a page's performance, accessibility and adherence to practices. The newest release that runs on
    /// Node.js 20.
    pub fn lighthouse() -> Self {
        Self {
            name: "lighthouse",
            version: "12.8.2".into(),
            binary: "lighthouse",
            origin: Origin::Npm(&LIGHTHOUSE),
        }
    }

    fn cargo(name: &'static str, version: &str, binary: &'static str, origin: Origin) -> Self {
        Self {
            name,
            version: version.into(),
            binary,
            origin,
        }
    }

    /// The folder that holds the program.
    pub fn bin(&self, cache: &Cache) -> PathBuf {
        let root = cache.tool(self.name, &self.pin());
        match self.origin {
            Origin::Cargo(_) | Origin::CargoUnoptimised(_) | Origin::Package(_) => root.join("bin"),
            Origin::Npm(_) => root.join("node_modules/.bin"),
        }
    }

    /// Identifies an installation: the version, and for a package in this repository a hash of its files.
    fn pin(&self) -> String {
        let Origin::Package(files) = self.origin else {
            return self.version.clone();
        };
        let mut hasher = DefaultHasher::new();
        files.hash(&mut hasher);
        format!("{}-{:016x}", self.version, hasher.finish())
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
    use crate::lockfile;

    #[test]
    fn tool_versions_equal_those_of_the_lock_files() {
        let wasm_opt = Tool::wasm_opt();
        let lock: serde_json::Value = serde_json::from_str(BINARYEN[1].1).unwrap();
        let package = format!("node_modules/{}", wasm_opt.name);
        assert_eq!(lock["packages"][package]["version"], wasm_opt.version);
        let version = lockfile::find_version(CARGO_LEPTOS[1].1, "cargo-leptos").unwrap();
        assert_eq!(version, Tool::cargo_leptos().version);
    }

    #[test]
    fn a_changed_lock_file_changes_the_pin() {
        const OTHER: [File; 1] = [("Cargo.lock", "")];
        let tool = Tool::cargo_leptos();
        let other = Tool {
            origin: Origin::Package(&OTHER),
            ..Tool::cargo_leptos()
        };
        assert_ne!(tool.pin(), other.pin());
        assert!(tool.pin().starts_with("0.3.10-"));
    }
}
