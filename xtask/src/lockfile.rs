//! Reads Cargo.lock.

use anyhow::{Context, Result, bail};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// The locked version of `package`.
///
/// # Errors
/// When the text is not a lock file, or does not contain the package exactly once.
pub fn find_version(lock: &str, package: &str) -> Result<String> {
    let lock = DeTable::parse(lock).context("Cargo.lock is not valid TOML.")?;
    let packages = lock
        .get_ref()
        .get("package")
        .and_then(|value| value.get_ref().as_array());
    let mut versions = packages
        .context("Cargo.lock lists no packages.")?
        .iter()
        .filter(|entry| read(entry, "name") == Some(package))
        .filter_map(|entry| read(entry, "version"));
    match (versions.next(), versions.next()) {
        (Some(version), None) => Ok(version.to_owned()),
        (None, _) => bail!("Cargo.lock does not contain `{package}`."),
        (Some(_), Some(_)) => {
            bail!(
                "Cargo.lock contains `{package}` more than once: `cargo tree --duplicates` shows the dependents of each version."
            )
        }
    }
}

fn read<'a>(entry: &'a Spanned<DeValue<'_>>, key: &str) -> Option<&'a str> {
    entry.get_ref().get(key)?.get_ref().as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "wasm-bindgen-futures"
version = "0.4.80"

[[package]]
name = "rand"
version = "0.9.5"

[[package]]
name = "rand"
version = "0.10.3"
"#;

    #[test]
    fn a_package_is_found_by_its_exact_name() {
        assert_eq!(find_version(LOCK, "wasm-bindgen").unwrap(), "0.2.130");
    }

    #[test]
    fn missing_duplicate_and_invalid_have_distinct_errors() {
        let message = |lock, package| find_version(lock, package).unwrap_err().to_string();
        assert!(message(LOCK, "leptos").contains("does not contain"));
        assert!(message(LOCK, "rand").contains("more than once"));
        assert!(message("[[package", "rand").contains("not valid TOML"));
        assert!(message("version = 4", "rand").contains("no packages"));
    }
}
