//! The site's files: their names in pages, and their cache headers.

use crate::support::Process;
use reqwest::{Response, StatusCode, header};
use std::{fs, path::Path};
use tempfile::TempDir;

/// Writes the files of one build. `hash` has the length of cargo-leptos's hashes.
pub fn build(site: &Path, hash: &str) {
    let pkg = site.join("pkg");
    let _ = fs::remove_dir_all(site);
    for folder in [&pkg, &site.join("fonts")] {
        fs::create_dir_all(folder).unwrap();
    }
    for extension in ["js", "wasm", "css"] {
        fs::write(
            pkg.join(format!("lockstep.{hash}.{extension}")),
            format!("{extension} of {hash}"),
        )
        .unwrap();
    }
    fs::write(
        site.join("hash.txt"),
        format!("js: {hash}\nwasm: {hash}\ncss: {hash}\n"),
    )
    .unwrap();
    fs::write(site.join("favicon.svg"), "<svg/>").unwrap();
    fs::write(site.join("fonts/typeface.woff2"), "typeface").unwrap();
}

pub fn cache_control(response: &Response) -> &str {
    let value = response.headers().get(header::CACHE_CONTROL);
    value.map_or("", |value| value.to_str().unwrap())
}

pub async fn serve(site: &TempDir) -> Process {
    Process::with([
        ("LEPTOS_SITE_ROOT", site.path().to_str().unwrap()),
        ("LOG_LEVEL", "error"),
    ])
    .await
}

#[tokio::test]
async fn pages_reference_hashed_files_that_are_cached_as_immutable() {
    let (old, new) = ("1B2M2Y8AsgTpgAmY7PhCfg", "-_2M2Y8AsgTpgAmY7PhCfg");
    let site = tempfile::tempdir().unwrap();
    build(site.path(), old);
    let mut process = serve(&site).await;
    let address = process.address.clone();
    let get = async |path: String| reqwest::get(format!("http://{address}{path}")).await.unwrap();
    for (hash, other) in [(old, new), (new, old)] {
        let page = get("/sign-in".into()).await;
        assert_eq!(cache_control(&page), "no-store");
        let html = page.text().await.unwrap();
        assert!(html.contains(hash) && !html.contains(other), "{html}");
        for extension in ["js", "wasm", "css"] {
            let path = format!("/pkg/lockstep.{hash}.{extension}");
            assert!(html.contains(&path), "{path}: {html}");
            let file = get(path).await;
            assert_eq!(cache_control(&file), "public, max-age=31536000, immutable");
            assert_eq!(file.text().await.unwrap(), format!("{extension} of {hash}"));
            // A file of another build is 404, never answered with this build's.
            let missing = get(format!("/pkg/lockstep.{other}.{extension}")).await;
            assert_eq!(
                (missing.status(), cache_control(&missing)),
                (StatusCode::NOT_FOUND, "no-store")
            );
        }
        process.kill();
        build(site.path(), new);
        process.start_again().await;
    }
}

#[tokio::test]
async fn unhashed_files_are_revalidated() {
    let site = tempfile::tempdir().unwrap();
    build(site.path(), "1B2M2Y8AsgTpgAmY7PhCfg");
    let process = serve(&site).await;
    for path in ["/favicon.svg", "/fonts/typeface.woff2", "/hash.txt"] {
        let url = format!("http://{}{path}", process.address);
        let file = reqwest::get(&url).await.unwrap();
        assert_eq!(
            (file.status(), cache_control(&file)),
            (StatusCode::OK, "no-cache"),
            "{path}"
        );
        let modified = file.headers()[header::LAST_MODIFIED].clone();
        let again = reqwest::Client::new()
            .get(&url)
            .header(header::IF_MODIFIED_SINCE, modified);
        let again = again.send().await.unwrap();
        assert_eq!(
            (again.status(), cache_control(&again)),
            (StatusCode::NOT_MODIFIED, "no-cache"),
            "{path}"
        );
    }
}
