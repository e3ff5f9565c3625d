//! `cargo xtask seed`: fills an account with much invented data.

use anyhow::Result;

use crate::{process, profile::Profile, session::Session};

/// What to fill, and where.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// The options of `lockstep seed`.
    pub arguments: Vec<String>,
    /// The URL of the database; by default that of the environment or `.env`, or the file that `cargo xtask run` uses.
    pub database: Option<String>,
}

/// Builds the server for development, and has it write the data. The server may be running meanwhile.
///
/// # Errors
/// When the server refuses: it says why.
pub fn seed(session: &mut Session, options: &Options) -> Result<()> {
    let mut cargo = session.command("cargo", &[])?;
    cargo.args(["build", "--package", "server", "--bin", "lockstep"]);
    session.steps.take("build of the server", || process::run(&mut cargo))?;
    let mut lockstep = process::command(session.workspace.server_binary(Profile::Dev));
    lockstep
        .current_dir(session.workspace.root())
        .arg("seed")
        .args(&options.arguments);
    if let Some(database) = &options.database {
        lockstep.env("DATABASE_URL", database);
    }
    session.steps.take("data", || process::run(&mut lockstep))
}
