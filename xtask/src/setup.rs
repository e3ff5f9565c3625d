//! `cargo xtask setup`: what building, serving and checking need.
//!
//! The commands call these parts themselves, each only what it needs and not before; so a mistake in the formatting is
//! told before ten minutes of compiling tools.

use anyhow::Result;

use crate::{profile::Profile, session::Session, toolchain, tools::Tool};

/// Installs all tools. The browser comes with the tests that use it.
pub fn set_up(session: &mut Session) -> Result<()> {
    ensure_linters(session)?;
    ensure_builders(session, Profile::Dev)?;
    if which::which("npm").is_ok() {
        session.ensure(&[Tool::wasm_opt()])?;
    } else {
        eprintln!(
            "\n==> {}\n    left out: a release build needs it and with it Node.js, all else does not",
            Tool::wasm_opt()
        );
    }
    Ok(())
}

/// What `lint` needs.
pub fn ensure_linters(session: &mut Session) -> Result<Vec<Tool>> {
    toolchain::ensure_linters(session)?;
    toolchain::ensure_wasm(session)?;
    let tools = vec![Tool::leptosfmt(), Tool::cargo_machete(), Tool::cargo_deny()];
    session.ensure(&tools)?;
    Ok(tools)
}

/// What `cargo leptos build` needs; wasm-opt only for a release.
pub fn ensure_builders(session: &mut Session, profile: Profile) -> Result<Vec<Tool>> {
    toolchain::ensure_wasm(session)?;
    let mut tools = vec![Tool::cargo_leptos(), Tool::wasm_bindgen(&session.workspace)?];
    if let Profile::Release = profile {
        tools.push(Tool::wasm_opt());
    }
    session.ensure(&tools)?;
    Ok(tools)
}
