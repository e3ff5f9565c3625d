//! Licences, sources and known vulnerabilities of every package in every lock file.

use std::{path::Path, process::Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{process, session::Session, tools::Tool};

/// Each has a Cargo.lock of its own; `deny.toml` applies to both.
const MANIFESTS: [&str; 2] = ["Cargo.toml", "fuzz/Cargo.toml"];
/// Each has a package-lock.json.
pub const NPM_FOLDERS: [&str; 3] = ["end2end", "server/docs", "xtask/npm"];

/// Checks licences, sources and bans, and known vulnerabilities where the advisory databases can be reached.
pub fn check(session: &mut Session, tools: &[Tool]) -> Result<()> {
    let advice = "`deny.toml` says what is allowed; exceptions are listed there with their reason.";
    for manifest in MANIFESTS {
        let mut deny = deny(session, tools, manifest)?;
        deny.args(["check", "--hide-inclusion-graph", "bans", "licenses", "sources"]);
        session.steps.take(&format!("licences and sources of {manifest}"), || {
            process::run(&mut deny).context(advice)
        })?;
    }
    check_advisories(session, tools)?;
    audit_npm(session)
}

/// RustSec's database is a git repository on github.com, which not every network reaches.
fn check_advisories(session: &mut Session, tools: &[Tool]) -> Result<()> {
    let mut fetch = deny(session, tools, MANIFESTS[0])?;
    fetch
        .args(["fetch", "db"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        // A connection that delivers less than 1,000 bytes/s for 20 s is given up.
        .envs([
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_HTTP_LOW_SPEED_LIMIT", "1000"),
            ("GIT_HTTP_LOW_SPEED_TIME", "20"),
        ]);
    let mut checks = Vec::new();
    for manifest in MANIFESTS {
        let mut check = deny(session, tools, manifest)?;
        check.args(["check", "advisories"]);
        checks.push(check);
    }
    session.steps.take("advisories for crates", || {
        if process::read(&mut fetch).is_err() {
            eprintln!(
                "    NOT CHECKED: RustSec's database (https://github.com/RustSec/advisory-db) cannot be fetched here"
            );
            return Ok(());
        }
        checks.iter_mut().try_for_each(process::run)
    })
}

fn deny(session: &Session, tools: &[Tool], manifest: &str) -> Result<std::process::Command> {
    let mut cargo = session.command("cargo", tools)?;
    cargo.args(["deny", "--locked", "--all-features", "--manifest-path", manifest]);
    cargo.args(["--config", "deny.toml"]);
    Ok(cargo)
}

fn audit_npm(session: &mut Session) -> Result<()> {
    let root = session.workspace.root().to_owned();
    let cache = session.cache.npm();
    session.steps.take("advisories for npm packages", || {
        if which::which("npm").is_err() {
            eprintln!("    NOT CHECKED: npm is not installed");
            return Ok(());
        }
        for folder in NPM_FOLDERS {
            match audit(&root.join(folder), &cache)? {
                Some(0) => {}
                Some(_) => anyhow::bail!("`npm audit` in {folder} shows the vulnerable packages: update them."),
                None => {
                    eprintln!("    NOT CHECKED: this registry does not support `npm audit`");
                    return Ok(());
                }
            }
        }
        Ok(())
    })
}

/// The number of vulnerable packages in the folder's lock file; `None` when the registry returns no report.
fn audit(folder: &Path, cache: &Path) -> Result<Option<u64>> {
    let mut npm = process::command("npm");
    npm.current_dir(folder)
        .args([
            "audit",
            "--json",
            "--package-lock-only",
            "--fetch-retries=0",
            "--fetch-timeout=20000",
        ])
        .arg("--cache")
        .arg(cache)
        .stdin(Stdio::null());
    // Its exit code does not distinguish a vulnerability from a failed request.
    vulnerabilities(&npm.output()?.stdout)
}

fn vulnerabilities(report: &[u8]) -> Result<Option<u64>> {
    let report: Value = serde_json::from_slice(report).context("`npm audit --json` did not write JSON.")?;
    let total = &report["metadata"]["vulnerabilities"]["total"];
    ensure!(
        total.is_u64() || report.get("vulnerabilities").is_none(),
        "`npm audit --json` wrote a report without a total."
    );
    Ok(total.as_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreachable_registry_does_not_count_as_a_clean_report() {
        let unreachable = br#"{"message":"405 Method Not Allowed","statusCode":405,"error":{"summary":""}}"#;
        assert_eq!(vulnerabilities(unreachable).unwrap(), None);
        let clean = br#"{"vulnerabilities":{},"metadata":{"vulnerabilities":{"high":0,"total":0}}}"#;
        assert_eq!(vulnerabilities(clean).unwrap(), Some(0));
        let vulnerable = br#"{"vulnerabilities":{"x":{}},"metadata":{"vulnerabilities":{"high":1,"total":1}}}"#;
        assert_eq!(vulnerabilities(vulnerable).unwrap(), Some(1));
        assert!(vulnerabilities(br#"{"vulnerabilities":{}}"#).is_err());
        assert!(vulnerabilities(b"").is_err());
    }

    /// A lock file without hashes verifies nothing, and one with URLs binds every user to its writer's registry.
    #[test]
    fn npm_lock_files_contain_hashes_and_no_urls() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for folder in NPM_FOLDERS {
            let path = root.join(folder).join("package-lock.json");
            let lock: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let packages = lock["packages"].as_object().unwrap();
            assert!(packages.len() > 1, "{folder}");
            for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
                let integrity = package["integrity"].as_str().unwrap_or_default();
                assert!(integrity.starts_with("sha512-"), "{folder}: {name}");
                assert!(package.get("resolved").is_none(), "{folder}: {name}");
            }
        }
    }
}
