//! The names of the site's files.

use std::{collections::HashMap, fs, path::Path};

/// The paths under which the browser loads the files of one build. Read once, when the server starts: a build's files
/// are replaced together with the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteFiles {
    /// The style sheet.
    pub style: String,
    /// The WebAssembly's JavaScript.
    pub script: String,
    /// The WebAssembly that all pages need.
    pub main_wasm: String,
    /// The JavaScript that loads the chunks of the WebAssembly.
    pub loader: Option<String>,
    /// The WebAssembly of each chunk.
    chunks: HashMap<String, Vec<String>>,
    /// Identifies the build: the content of the file with the hashes. Empty for a build without them.
    pub build: String,
}

impl SiteFiles {
    /// Reads the names from the files that cargo-leptos wrote: `hash_file` with a hash per line (`css: <hash>`), and the
    /// list of the chunks.
    pub fn read(site_root: &Path, pkg: &str, output_name: &str, hash_file: &Path) -> Self {
        let hashes = fs::read_to_string(hash_file).unwrap_or_default();
        let hash = |kind: &str| {
            let mut lines = hashes.lines().filter_map(|line| line.split_once(':'));
            let found = lines.find(|(found, _)| *found == kind);
            found.map(|(_, hash)| format!(".{}", hash.trim())).unwrap_or_default()
        };
        let path = |kind: &str| format!("/{pkg}/{output_name}{}.{kind}", hash(kind));
        let loader = match hash("split") {
            hash if hash.is_empty() => "__wasm_split.______________________.js".to_owned(),
            hash => format!("__wasm_split{hash}.js"),
        };
        let folder = site_root.join(pkg);
        let manifest = fs::read(folder.join(format!("__wasm_split_manifest{}.json", hash("manifest")))).ok();
        let manifest: Option<HashMap<String, Vec<String>>> =
            manifest.and_then(|manifest| serde_json::from_slice(&manifest).ok());
        let chunks = manifest.unwrap_or_default().into_iter();
        Self {
            style: path("css"),
            script: path("js"),
            main_wasm: path("wasm"),
            loader: folder.join(&loader).is_file().then(|| format!("/{pkg}/{loader}")),
            chunks: chunks
                .map(|(chunk, modules)| {
                    let modules = modules.iter().map(|module| format!("/{pkg}/{module}.wasm"));
                    (chunk, modules.collect())
                })
                .collect(),
            build: hashes.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }

    /// All files that a page loads from `pkg/`.
    pub fn of_page(&self, chunk: &str) -> impl Iterator<Item = &str> {
        let style = [self.style.as_str()].into_iter();
        style.chain(self.modules(chunk)).chain(self.wasm(chunk))
    }

    /// The JavaScript of a page.
    pub(super) fn modules(&self, chunk: &str) -> impl Iterator<Item = &str> {
        let loader = self.loader.as_deref().filter(|_| self.chunks.contains_key(chunk));
        [self.script.as_str()].into_iter().chain(loader)
    }

    /// The WebAssembly of a page.
    pub(super) fn wasm(&self, chunk: &str) -> impl Iterator<Item = &str> {
        let chunks = self.chunks.get(chunk).into_iter().flatten();
        [self.main_wasm.as_str()].into_iter().chain(chunks.map(String::as_str))
    }
}
