//! What a release must not contain: pages for developers.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

/// A text of each of these pages' parts: paths, the style sheet, the page, its test users, the renderers of `/docs`.
const MARKS: [&str; 6] = [
    "ws-playground",
    "pg-card",
    "WebSocket playground",
    "playground.test",
    "SwaggerUI",
    "/docs/websocket",
];
/// Compressed files, which have the content of the file beside them.
const COMPRESSED: [&str; 2] = ["br", "gz"];

/// Checks every file of a site.
///
/// # Errors
/// When a file contains a part of these pages, or cannot be read.
pub fn check_site(site: &Path) -> Result<()> {
    for entry in fs::read_dir(site).with_context(|| format!("{} cannot be read.", site.display()))? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() {
            check_site(&path)?;
        } else if !extension.is_some_and(|extension| COMPRESSED.contains(&extension)) {
            check_binary(&path)?;
        }
    }
    Ok(())
}

/// Checks a file, such as the server.
///
/// # Errors
/// When it contains a part of these pages, or cannot be read.
pub fn check_binary(path: &Path) -> Result<()> {
    let content = fs::read(path).with_context(|| format!("{} cannot be read.", path.display()))?;
    let text = String::from_utf8_lossy(&content);
    for mark in MARKS {
        ensure!(
            !text.contains(mark),
            "{} is built for release, but contains {mark:?}: pages for developers must be behind `cfg(debug_assertions)`.",
            path.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_for_developers_is_found_in_a_site() {
        let site = std::env::temp_dir().join(format!("lockstep-release-{}", std::process::id()));
        let pkg = site.join("pkg");
        fs::create_dir_all(&pkg).unwrap();
        fs::write(site.join("hash.txt"), "js: A").unwrap();
        fs::write(pkg.join("a.wasm"), b"\0asm\xff playground").unwrap();
        fs::write(pkg.join("a.wasm.br"), "ws-playground").unwrap();
        check_site(&site).unwrap();
        fs::write(pkg.join("b.wasm"), b"\0asm\xff/ws-playground\0").unwrap();
        let error = check_site(&site).unwrap_err().to_string();
        assert!(error.contains("b.wasm") && error.contains("ws-playground"), "{error}");
        fs::remove_dir_all(site).unwrap();
    }
}
