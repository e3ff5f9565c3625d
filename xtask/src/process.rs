//! Running other programs: quiet ones and loud ones, and never leaving any behind.
//!
//! Each program gets a process group of its own, so that one signal reaches it and all that it started (cargo-leptos
//! for one starts cargo and goes without it). What ends xtask is forwarded there first.

use std::{
    env,
    ffi::OsStr,
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

/// What the signal thread needs to know: the running program's group, and whether it is time to end.
struct Running {
    group: Option<Pid>,
    interrupted: bool,
}

static RUNNING: Mutex<Running> = Mutex::new(Running {
    group: None,
    interrupted: false,
});

fn running() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on Ctrl-C, SIGTERM and SIGHUP end the running program's whole group; a second one kills it.
pub fn forward_signals() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        for number in signals.forever() {
            let mut running = running();
            let signal = match number {
                _ if running.interrupted => Signal::KILL,
                SIGINT => Signal::INT,
                SIGHUP => Signal::HUP,
                _ => Signal::TERM,
            };
            running.interrupted = true;
            match running.group {
                // Gone already is as good as ended.
                Some(group) => drop(kill_process_group(group, signal)),
                None => std::process::exit(128 + number),
            }
        }
    });
    Ok(())
}

/// Whether a signal asked xtask to end. Whatever failed after that failed because of it.
pub fn was_interrupted() -> bool {
    running().interrupted
}

/// A command free of what `cargo run` put into xtask's environment. Build scripts that watch those variables would
/// run again whenever cargo is called by hand and through xtask in turn, and tools that find `CARGO` take themselves
/// for called by cargo.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text == "CARGO" || text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a command whose output the person sees.
///
/// # Errors
/// When it cannot be started, was interrupted or ends with a failure.
pub fn run(command: &mut Command) -> Result<()> {
    let mut child = spawn(command.stdin(Stdio::null()))?;
    let status = child.wait();
    judge(command, finish(status)?)
}

/// Runs a command for what it writes to its standard output.
///
/// # Errors
/// As [`run`].
pub fn read(command: &mut Command) -> Result<String> {
    let child = spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let output = finish(child.wait_with_output())?;
    judge(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The command takes xtask's place, so that signals go straight to it. Returns only when that fails.
pub fn replace(command: &mut Command) -> Result<()> {
    let error = command.exec();
    Err(error).with_context(|| format!("{} could not be started.", describe(command)))
}

fn spawn(command: &mut Command) -> Result<Child> {
    // Held while starting, so that no signal falls between the start and its note.
    let mut running = running();
    if running.interrupted {
        bail!("Interrupted.");
    }
    let child = command
        .process_group(0)
        .spawn()
        .with_context(|| format!("{} could not be started.", describe(command)))?;
    running.group = Pid::from_raw(child.id().cast_signed());
    Ok(child)
}

fn finish<T>(waited: std::io::Result<T>) -> Result<T> {
    let mut running = running();
    running.group = None;
    if running.interrupted {
        bail!("Interrupted.");
    }
    Ok(waited?)
}

fn judge(command: &Command, status: ExitStatus) -> Result<()> {
    match (status.success(), status.code(), status.signal()) {
        (true, ..) => Ok(()),
        (_, Some(code), _) => bail!("{} ended with code {code}.", describe(command)),
        (_, _, Some(signal)) => bail!("{} was ended by signal {signal}.", describe(command)),
        _ => bail!("{} failed.", describe(command)),
    }
}

/// The command as a person would type it, between backticks.
fn describe(command: &Command) -> String {
    let words: Vec<_> = [command.get_program()]
        .into_iter()
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    format!("`{}`", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let error = run(command("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(error.to_string(), "`sh -c exit 3` ended with code 3.");
        assert_eq!(read(command("echo").arg("in step")).unwrap(), "in step\n");
    }

    #[test]
    fn cargos_variables_do_not_leak() {
        // Set by cargo for this very test.
        assert!(env::var_os("CARGO_PKG_NAME").is_some());
        assert_eq!(read(command("sh").args(["-c", "echo $CARGO_PKG_NAME"])).unwrap(), "\n");
    }
}
