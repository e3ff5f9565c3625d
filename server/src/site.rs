//! Where the pages' files are: the WebAssembly, the styles, the icon.

use crate::config::{Config, Environment};
use leptos::config::{Env, LeptosOptions, ReloadWSProtocol};
use std::{env, path::PathBuf};

/// The name of the WebAssembly and its JavaScript (`output-name` in Cargo.toml).
const OUTPUT_NAME: &str = "lockstep";

/// The options of Leptos: from cargo-leptos' variables where it runs the server, else found beside the binary.
pub fn options(config: &Config) -> LeptosOptions {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let root = variable("LEPTOS_SITE_ROOT")
        .map(PathBuf::from)
        .or_else(beside_the_binary);
    if root.as_ref().is_none_or(|root| !root.join("pkg").is_dir()) {
        tracing::warn!(
            root = ?root,
            "the site's files are not there: pages will not come alive; set LEPTOS_SITE_ROOT or put them in site/ \
             beside the binary. The API serves all the same"
        );
    }
    let development = config.environment == Environment::Development;
    LeptosOptions::builder()
        .output_name(OUTPUT_NAME)
        .site_root(root.unwrap_or_else(|| "site".into()).to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .env(if development { Env::DEV } else { Env::PROD })
        .reload_port(
            variable("LEPTOS_RELOAD_PORT")
                .and_then(|port| port.parse().ok())
                .unwrap_or(2615),
        )
        .reload_ws_protocol(ReloadWSProtocol::WS)
        .build()
}

/// `site/` beside the binary, or where cargo puts it: beside the folder of the profile.
fn beside_the_binary() -> Option<PathBuf> {
    let folder = env::current_exe().ok()?.parent()?.to_owned();
    [folder.join("site"), folder.parent()?.join("site")]
        .into_iter()
        .find(|site| site.is_dir())
}
