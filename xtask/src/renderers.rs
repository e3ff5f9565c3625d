//! The renderers of `/docs`, which a server that is built for development contains.

use anyhow::Result;

use crate::{npm, process, session::Session};

/// Bundles them into `server/docs/dist`. Without Node.js the server is built without them, and says so at `/docs`.
pub fn build(session: &mut Session) -> Result<()> {
    let (folder, cache) = (session.workspace.root().join("server/docs"), session.cache.npm());
    session.steps.take("renderers of the API's documents", || {
        if which::which("npm").is_err() {
            eprintln!("    left out: they need Node.js (https://nodejs.org)");
            return Ok(());
        }
        npm::ensure(&folder, &cache, &[])?;
        process::run(process::command("node").current_dir(&folder).arg("build.mjs"))
    })
}
