//! Finds the site's files: the WebAssembly, the styles, the icon.

use crate::config::{Config, Environment};
use app::SiteFiles;
use leptos::config::{Env, LeptosOptions, ReloadWSProtocol};
use std::{
    env,
    path::{Path, PathBuf},
};

/// The name of the WebAssembly and its JavaScript (`output-name` in Cargo.toml).
const OUTPUT_NAME: &str = "lockstep";

/// The file with the hashes in the names of `pkg/`'s files (`hash-file-name` in Cargo.toml), a line each: `css:
/// <hash>`.
const HASH_FILE: &str = "hash.txt";

/// The options of Leptos: from cargo-leptos's variables if it runs the server, otherwise beside the binary.
pub fn options(config: &Config) -> LeptosOptions {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let root = variable("LEPTOS_SITE_ROOT")
        .map(PathBuf::from)
        .or_else(beside_the_binary);
    if root.as_ref().is_none_or(|root| !root.join("pkg").is_dir()) {
        tracing::warn!(
            root = ?root,
            "the site's files are missing: pages will not be interactive; set LEPTOS_SITE_ROOT or put them in site/ \
             beside the binary. The API serves all the same"
        );
    }
    let root = root.unwrap_or_else(|| "site".into());
    // Beside the site's files, since they are moved together; Leptos looks beside the binary by default.
    let hash_file = std::path::absolute(root.join(HASH_FILE)).unwrap_or_else(|_| root.join(HASH_FILE));
    let development = config.environment == Environment::Development;
    LeptosOptions::builder()
        .output_name(OUTPUT_NAME)
        .site_root(root.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .hash_files(hash_file.is_file())
        .hash_file(hash_file.to_string_lossy().into())
        .env(if development { Env::DEV } else { Env::PROD })
        .reload_port(
            variable("LEPTOS_RELOAD_PORT")
                .and_then(|port| port.parse().ok())
                .unwrap_or(2615),
        )
        .reload_ws_protocol(ReloadWSProtocol::WS)
        .build()
}

/// `site/` beside the binary, or where cargo puts it: beside the profile's folder.
fn beside_the_binary() -> Option<PathBuf> {
    let folder = env::current_exe().ok()?.parent()?.to_owned();
    [folder.join("site"), folder.parent()?.join("site")]
        .into_iter()
        .find(|site| site.is_dir())
}

/// Whether `cargo leptos watch` runs the server, and replaces the site's files meanwhile.
pub fn is_watched() -> bool {
    env::var("LEPTOS_WATCH").is_ok()
}

/// The names of the site's files.
pub fn files(options: &LeptosOptions) -> SiteFiles {
    SiteFiles::read(
        Path::new(&*options.site_root),
        &options.site_pkg_dir,
        &options.output_name,
        Path::new(&*options.hash_file),
    )
}
