//! `cargo xtask lint`: static checks, the cheapest first.

use anyhow::{Context, Result};

use crate::{dependencies, process, session::Session, setup, tools::Tool};

/// Checks formatting, dependencies, clippy's lints and the documentation.
pub fn lint(session: &mut Session) -> Result<()> {
    let tools = setup::ensure_linters(session)?;
    let front = session.workspace.front_target().to_string_lossy().into_owned();

    check(
        session,
        &tools,
        "formatting",
        "fmt --all --check",
        "`cargo fmt --all` fixes it.",
    )?;
    let mut leptosfmt = session.command("leptosfmt", &tools)?;
    leptosfmt.args(["--check", "app/src"]);
    session.steps.take("formatting of views", || {
        process::run(&mut leptosfmt).context(format!(
            "`leptosfmt app/src` fixes it (in {}).",
            Tool::leptosfmt().bin(&session.cache).display()
        ))
    })?;
    check(
        session,
        &tools,
        "unused dependencies",
        "machete",
        "Remove them from the Cargo.toml named above.",
    )?;
    dependencies::check(session, &tools)?;

    let advice = "Follow clippy's advice above.";
    check(session, &tools, "clippy", "clippy --all-targets -- -D warnings", advice)?;
    // In cargo-leptos's target folder and profile, so that the macros are compiled once for both.
    let wasm = "clippy --package frontend --target wasm32-unknown-unknown --profile wasm-dev --target-dir";
    let mut clippy = session.command("cargo", &tools)?;
    clippy.args(wasm.split(' ')).arg(front).args(["--", "-D", "warnings"]);
    session
        .steps
        .take("clippy, WebAssembly", || process::run(&mut clippy).context(advice))?;

    // With private items, since most crates of this repository have no other users.
    let mut doc = session.command("cargo", &tools)?;
    doc.args(["doc", "--no-deps", "--document-private-items"])
        .env("RUSTDOCFLAGS", "-D warnings");
    session.steps.take("documentation", || {
        process::run(&mut doc)
            .context("Fix what rustdoc reports above: links must lead to items that exist and are visible.")
    })
}

fn check(session: &mut Session, tools: &[Tool], name: &str, args: &str, advice: &'static str) -> Result<()> {
    let mut cargo = session.command("cargo", tools)?;
    cargo.args(args.split(' '));
    session.steps.take(name, || process::run(&mut cargo).context(advice))
}
