//! `cargo xtask setup`: installs the tools for building, serving and checking.
//!
//! The commands call these parts themselves, each only when it needs them; so a formatting error is reported before ten
//! minutes of compiling tools.

use anyhow::Result;

use crate::{profile::Profile, session::Session, toolchain, tools::Tool};

/// Installs all tools. The browser is installed by the tests that use it.
pub fn set_up(session: &mut Session) -> Result<()> {
    ensure_linters(session)?;
    ensure_builders(session, Profile::Dev)?;
    if which::which("npm").is_ok() {
        session.ensure(&[Tool::wasm_opt()])?;
    } else {
        eprintln!(
            "\n==> {}\n    left out: only a release build needs it, and Node.js with it",
            Tool::wasm_opt()
        );
    }
    Ok(())
}

/// The tools of `lint`.
pub fn ensure_linters(session: &mut Session) -> Result<Vec<Tool>> {
    toolchain::ensure_linters(session)?;
    toolchain::ensure_wasm(session)?;
    let tools = vec![Tool::leptosfmt(), Tool::cargo_machete(), Tool::cargo_deny()];
    session.ensure(&tools)?;
    Ok(tools)
}

/// The tools of `cargo leptos build`; wasm-opt only for a release.
pub fn ensure_builders(session: &mut Session, profile: Profile) -> Result<Vec<Tool>> {
    toolchain::ensure_wasm(session)?;
    let mut tools = vec![Tool::cargo_leptos(), Tool::wasm_bindgen(&session.workspace)?];
    if let Profile::Release = profile {
        tools.push(Tool::wasm_opt());
    }
    session.ensure(&tools)?;
    Ok(tools)
}
