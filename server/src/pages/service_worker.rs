//! `/sw.js`: the service worker, with the names of this release's files.

use super::assets;
use crate::site;
use app::{SiteFiles, pages::ROUTES};
use axum::response::{IntoResponse, Response};
use http::{
    HeaderName, HeaderValue,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};
use leptos::config::LeptosOptions;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What it does.
const WORKER: &str = include_str!("service_worker.js");
/// The browser compares the script byte by byte, and so finds a new release.
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");
const JAVASCRIPT: HeaderValue = HeaderValue::from_static("text/javascript; charset=utf-8");
/// The scope that it may have (Service Workers, 7.1.1).
const ALLOWED: HeaderName = HeaderName::from_static("service-worker-allowed");
/// It loads no scripts, and reads from this origin only.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; connect-src 'self'");
/// The page that the worker shows in place of others; it is in its cache.
const OFFLINE_PAGE: &str = "/offline";
/// The chunk of the page that opens first.
const FIRST_CHUNK: &str = "timers";

/// What the worker knows of its release: the constant `RELEASE` of the script.
#[derive(Serialize)]
struct Release {
    /// Differs if any file does.
    version: String,
    /// The files without which no page works.
    first: Vec<String>,
    /// The others.
    rest: Vec<String>,
    /// The patterns of the paths of live pages.
    pages: Vec<&'static str>,
    /// The paths of the pages for visitors who are not signed in.
    plain: Vec<&'static str>,
}

/// The script of a site.
#[derive(Clone)]
pub struct ServiceWorker(Arc<str>);

impl ServiceWorker {
    /// Reads the names of the site's files. Under `cargo leptos watch` there are none, since it replaces the files while
    /// the server runs.
    pub fn new(options: &LeptosOptions) -> Self {
        let files = (!site::is_watched()).then(|| site::files(options));
        let root = Path::new(&*options.site_root);
        let release = Release::new(root, &options.site_pkg_dir, files.unwrap_or_default());
        // JSON is JavaScript (ECMA-262, 2019).
        let release = serde_json::to_string(&release).unwrap_or_default();
        Self(format!("const RELEASE = {release};\n{WORKER}").into())
    }

    /// The answer with the script.
    pub async fn answer(self) -> Response {
        let headers = [
            (CONTENT_TYPE, JAVASCRIPT),
            (CACHE_CONTROL, NO_CACHE),
            (CONTENT_SECURITY_POLICY, POLICY),
            (ALLOWED, HeaderValue::from_static("/")),
        ];
        (headers, self.0.to_string()).into_response()
    }
}

impl Release {
    fn new(root: &Path, pkg: &str, files: SiteFiles) -> Self {
        // Names without hashes are not of one release.
        let listed = match files.build.is_empty() {
            true => BTreeMap::new(),
            false => list(root, pkg),
        };
        let first = files.of_page(FIRST_CHUNK).map(str::to_owned);
        let typefaces = listed.keys().filter(|path| path.starts_with("/fonts/")).cloned();
        let mut first: Vec<String> = first.chain(typefaces).collect();
        first.retain(|path| listed.contains_key(path));
        let rest = listed.keys().filter(|path| !first.contains(path)).cloned();
        let paths = |are_live: bool| {
            let pages = ROUTES.iter().filter(move |page| page.data_path().is_some() == are_live);
            pages
                .map(|page| page.path)
                .filter(|path| *path != OFFLINE_PAGE)
                .collect()
        };
        Self {
            version: version(&listed),
            rest: rest.collect(),
            first,
            pages: paths(true),
            plain: paths(false),
        }
    }
}

/// The site's files that pages load, by their paths: the scripts, styles and WebAssembly, the typefaces, the icons of tabs
/// and the script of a worker.
fn list(root: &Path, pkg: &str) -> BTreeMap<String, PathBuf> {
    let mut listed = BTreeMap::new();
    let of_root = |path: &Path| has_extension(path, &["svg", "js"]);
    add(root, "", false, of_root, &mut listed);
    let of_pkg = |path: &Path| has_extension(path, &["js", "wasm", "css"]);
    add(&root.join(pkg), &format!("/{pkg}"), true, of_pkg, &mut listed);
    let typefaces = |path: &Path| has_extension(path, &["woff2"]);
    add(&root.join("fonts"), "/fonts", true, typefaces, &mut listed);
    listed
}

/// Adds the files of a folder. One that cannot be read is not cached.
fn add(
    folder: &Path,
    path: &str,
    with_folders: bool,
    is_wanted: fn(&Path) -> bool,
    listed: &mut BTreeMap<String, PathBuf>,
) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (file, path) = (entry.path(), format!("{path}/{}", entry.file_name().to_string_lossy()));
        if file.is_dir() {
            if with_folders {
                add(&file, &path, true, is_wanted, listed);
            }
        } else if is_wanted(&file) {
            listed.insert(path, file);
        }
    }
}

fn has_extension(path: &Path, wanted: &[&str]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| wanted.contains(&extension))
}

/// A hash of the names, and of the contents of files without a hash in theirs.
fn version(listed: &BTreeMap<String, PathBuf>) -> String {
    let mut hash = Sha256::new();
    for (path, file) in listed {
        hash.update(path);
        hash.update([0]);
        if !assets::is_hashed(path) {
            hash.update(Sha256::digest(fs::read(file).unwrap_or_default()));
        }
    }
    let hash = hash.finalize();
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "1B2M2Y8AsgTpgAmY7PhCfg";

    fn release(root: &Path) -> Release {
        let files = SiteFiles::read(root, "pkg", "lockstep", &root.join("hash.txt"));
        Release::new(root, "pkg", files)
    }

    fn write(root: &Path, path: &str, content: &str) {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }

    fn site() -> tempfile::TempDir {
        let site = tempfile::tempdir().unwrap();
        let root = site.path();
        write(root, "hash.txt", &format!("js: {HASH}\nwasm: {HASH}\ncss: {HASH}\n"));
        for extension in ["js", "wasm", "css", "js.br", "d.ts"] {
            write(root, &format!("pkg/lockstep.{HASH}.{extension}"), extension);
        }
        write(root, &format!("pkg/split_todos.{HASH}.wasm"), "todos");
        write(root, "pkg/snippets/one/inline0.js", "snippet");
        write(root, "fonts/typeface.woff2", "typeface");
        write(root, "favicon.svg", "<svg/>");
        write(root, "wake.js", "worker");
        site
    }

    #[test]
    fn every_file_that_a_page_loads_is_listed_once() {
        let site = site();
        let release = release(site.path());
        let path = |extension: &str| format!("/pkg/lockstep.{HASH}.{extension}");
        let typeface = "/fonts/typeface.woff2".to_owned();
        assert_eq!(release.first, [path("css"), path("js"), path("wasm"), typeface]);
        let todos = format!("/pkg/split_todos.{HASH}.wasm");
        assert_eq!(
            release.rest,
            ["/favicon.svg", "/pkg/snippets/one/inline0.js", &todos, "/wake.js"]
        );
        assert!(release.pages.contains(&"/timers/{id}") && release.pages.contains(&"/"));
        assert_eq!(release.plain, ["/sign-in", "/sign-up"]);
    }

    #[test]
    fn the_version_changes_with_the_files() {
        let site = site();
        let mut known = vec![release(site.path()).version];
        assert_eq!(known[0], release(site.path()).version);
        for (path, content) in [
            ("fonts/typeface.woff2", "another"),
            ("pkg/split_tags.-_2M2Y8AsgTpgAmY7PhCfg.wasm", "tags"),
            ("pkg/snippets/one/inline0.js", "another"),
        ] {
            write(site.path(), path, content);
            let version = release(site.path()).version;
            assert!(!known.contains(&version), "{path}");
            known.push(version);
        }
    }

    #[test]
    fn a_site_without_hashes_is_not_cached() {
        let site = site();
        fs::remove_file(site.path().join("hash.txt")).unwrap();
        let release = release(site.path());
        assert!(release.first.is_empty() && release.rest.is_empty());
    }
}
