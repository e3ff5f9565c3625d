//! `cargo xtask run`: builds Lockstep and serves it.

use std::{env, process::Command};

use anyhow::Result;

use crate::{process, profile::Profile, release, renderers, session::Session, setup};

/// Builds, then replaces xtask's process by the server.
///
/// Not `cargo leptos serve`: it leaves the server running on SIGTERM and kills it on Ctrl-C instead of letting it
/// drain.
pub fn serve(session: &mut Session, profile: Profile) -> Result<()> {
    match profile {
        Profile::Dev => build(session),
        Profile::Release => build_release(session),
    }?;
    eprint!("{}", session.steps);

    let port = env::var("PORT").unwrap_or_else(|_| "2614".into());
    eprintln!("\nLockstep: http://localhost:{port} (Ctrl-C ends it)\n");
    let mut server = process::command(session.workspace.server_binary(profile));
    // In the root, so that the repository's `data/` and `.env` are used.
    server
        .current_dir(session.workspace.root())
        .env("LEPTOS_SITE_ROOT", session.workspace.site_root());
    process::replace(&mut server)
}

/// Builds for development. The server needs none of the tools: where they are missing it is compiled while they are
/// installed, otherwise beside the site, which cargo-leptos would build first.
fn build(session: &mut Session) -> Result<()> {
    renderers::build(session)?;
    let mut cargo = session.command("cargo", &[])?;
    let server = process::run_in_background(cargo.args(["build", "--package", "server", "--bin", "lockstep"]))?;
    build_site(session)?;
    session.steps.take("build of the server", || server.wait())
}

/// Builds for release: both parts with erased types, since the markup of the two modes differs.
pub fn build_release(session: &mut Session) -> Result<()> {
    build_site_for_release(session)?;
    let mut cargo = session.command("cargo", &[])?;
    cargo.args(["build", "--release", "--package", "server", "--bin", "lockstep"]);
    erase_types(&mut cargo);
    let binary = session.workspace.server_binary(Profile::Release);
    session.steps.take("build of the server", || {
        process::run(&mut cargo)?;
        release::check_binary(&binary)
    })
}

/// Builds the site for release, with .br and .gz beside each file, so that the server need not compress them on each
/// request.
pub fn build_site_for_release(session: &mut Session) -> Result<()> {
    let mut cargo = leptos_build(session, Profile::Release)?;
    cargo.args(["--frontend-only", "--release", "--precompress"]);
    erase_types(&mut cargo);
    let site = session.workspace.site_root();
    session.steps.take("build of the site for release", || {
        process::run(&mut cargo)?;
        release::check_site(&site)
    })
}

/// Has Leptos give all views one type: 13 % less WebAssembly.
fn erase_types(cargo: &mut Command) {
    let flags = env::var("RUSTFLAGS").unwrap_or_default();
    cargo.env("RUSTFLAGS", format!("{flags} --cfg erase_components").trim());
}

/// Builds the site for development.
pub fn build_site(session: &mut Session) -> Result<()> {
    let mut cargo = leptos_build(session, Profile::Dev)?;
    cargo.arg("--frontend-only");
    session.steps.take("build of the site", || process::run(&mut cargo))
}

/// `cargo leptos build` with its tools on PATH and the site in the folder where the server looks for it.
fn leptos_build(session: &mut Session, profile: Profile) -> Result<Command> {
    let tools = setup::ensure_builders(session, profile)?;
    let mut cargo = session.command("cargo", &tools)?;
    cargo
        .args(["leptos", "build", "--split"])
        .env("LEPTOS_SITE_ROOT", session.workspace.site_root());
    Ok(cargo)
}
