//! Runs the targets of `fuzz/` with cargo-fuzz.

use std::{fs, time::Duration};

use anyhow::{Context, Result};

use crate::{process, session::Session, tools::Tool};

/// The targets, each with the maximum input length in bytes. Frames are longer than messages.
const TARGETS: [(&str, u32); 4] = [
    ("client_message", 4_096),
    ("server_message", 4_096),
    ("socket_decoder", 8_192),
    ("socket_inflate", 8_192),
];

/// Runs each target for its share of the time.
///
/// # Errors
/// When an input violates an assertion: the input is then in `fuzz/artifacts`.
pub fn run(session: &mut Session, time: Duration) -> Result<()> {
    let tools = [Tool::cargo_fuzz()];
    session.ensure(&tools)?;
    let fuzz = session.workspace.root().join("fuzz");
    let built = session.workspace.target().join("fuzz");
    let seconds = (time / 4).as_secs().max(1);
    for (target, max_len) in TARGETS {
        // cargo-fuzz writes new inputs to the first folder; the repository's corpus is only read.
        let found = built.join("corpus").join(target);
        fs::create_dir_all(&found)?;
        let mut cargo = session.command("cargo", &tools)?;
        cargo
            // Lets the stable compiler accept the sanitizer's flags.
            .env("RUSTC_BOOTSTRAP", "1")
            .current_dir(&fuzz)
            .args(["fuzz", "run", "--target-dir"])
            .arg(&built)
            .arg(target)
            .arg(found)
            .arg(fuzz.join("corpus").join(target))
            .arg("--")
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={max_len}"))
            .args(["-malloc_limit_mb=16", "-print_final_stats=1", "-verbosity=0"]);
        session.steps.take(&format!("fuzz target {target}"), || {
            process::run(&mut cargo).with_context(|| {
                format!("The input is in fuzz/artifacts/{target}: fix the cause, and keep the input in fuzz/corpus/{target}.")
            })
        })?;
    }
    Ok(())
}
