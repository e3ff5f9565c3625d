//! The compiler's components: `rust-toolchain.toml` names them, but rustup installs them by itself only where its
//! automatic installation is on.

use anyhow::{Context, Result};

use crate::{process, session::Session};

const WASM: &str = "wasm32-unknown-unknown";

/// Adds the WebAssembly target if it is missing.
pub fn ensure_wasm(session: &mut Session) -> Result<()> {
    ensure(session, "target", &[WASM])
}

/// Adds rustfmt and clippy if they are missing.
pub fn ensure_linters(session: &mut Session) -> Result<()> {
    ensure(session, "component", &["rustfmt", "clippy"])
}

fn ensure(session: &mut Session, kind: &str, wanted: &[&str]) -> Result<()> {
    let name = format!("Rust {kind} {}", wanted.join(", "));
    // Building and linting both need the target; one check per run is enough.
    if session.steps.has_taken(&name) {
        return Ok(());
    }
    let root = session.workspace.root();
    session.steps.take(&name, || {
        if which::which("rustup").is_err() {
            eprintln!("    rustup is not installed: assuming that the compiler has it");
            return Ok(());
        }
        let installed =
            process::read(
                process::command("rustup")
                    .current_dir(root)
                    .args([kind, "list", "--installed"]),
            )?;
        for name in wanted {
            // Components are listed with the host as a suffix: `clippy-x86_64-unknown-linux-gnu`.
            if !installed.lines().any(|line| line.starts_with(name)) {
                let mut rustup = process::command("rustup");
                process::run(rustup.current_dir(root).args([kind, "add", name]))
                    .with_context(|| format!("The {kind} {name} needs the network: `rustup {kind} add {name}`."))?;
            }
        }
        Ok(())
    })
}
