//! Runs other programs, with their output shown or captured, and leaves none of them running.
//!
//! Each program gets a process group of its own, so that one signal reaches it and its descendants (cargo-leptos, for
//! one, starts cargo and ends without it). Signals that end xtask are forwarded to these groups first.

use std::{
    env,
    ffi::OsStr,
    io::{BufRead, BufReader},
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

/// State shared with the signal thread: the groups of the running programs, and whether a signal arrived.
struct Running {
    groups: Vec<Pid>,
    interrupted: bool,
}

static RUNNING: Mutex<Running> = Mutex::new(Running {
    groups: Vec::new(),
    interrupted: false,
});

fn running() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on Ctrl-C, SIGTERM and SIGHUP end the running programs' whole groups; a second one kills them.
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
            if running.groups.is_empty() {
                std::process::exit(128 + number);
            }
            for group in &running.groups {
                // A group that no longer exists needs no signal.
                let _ = kill_process_group(*group, signal);
            }
        }
    });
    Ok(())
}

/// Whether a signal asked xtask to end. Errors after that are consequences of it.
pub fn was_interrupted() -> bool {
    running().interrupted
}

/// A command without the variables that `cargo run` sets for xtask. Build scripts that watch those variables would
/// run again whenever cargo is called by hand and through xtask in turn, and some tools behave as cargo subcommands
/// when `CARGO` is set.
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

/// Runs a command with its output shown.
///
/// # Errors
/// When it cannot be started, is interrupted or fails.
pub fn run(command: &mut Command) -> Result<()> {
    let mut child = spawn(command.stdin(Stdio::null()))?;
    let group = group(&child);
    let status = child.wait();
    judge(&describe(command), finish(group, status)?)
}

/// Runs a command and returns its standard output.
///
/// # Errors
/// As [`run`].
pub fn read(command: &mut Command) -> Result<String> {
    let child = spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let group = group(&child);
    let output = finish(group, child.wait_with_output())?;
    judge(&describe(command), output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A command that runs in the background until it is waited for. Dropping it kills its process group.
pub struct Background {
    child: Option<Child>,
    description: String,
}

impl Background {
    /// Waits until the command ends.
    ///
    /// # Errors
    /// As [`run`].
    pub fn wait(mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        let group = group(&child);
        let status = child.wait();
        judge(&self.description, finish(group, status)?)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            kill(child);
        }
    }
}

/// Starts a command in the background with its output shown.
///
/// # Errors
/// When it cannot be started.
pub fn run_in_background(command: &mut Command) -> Result<Background> {
    Ok(Background {
        child: Some(spawn(command.stdin(Stdio::null()))?),
        description: describe(command),
    })
}

/// A server that runs in the background. Dropping it kills its process group.
pub struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        kill(&mut self.0);
    }
}

fn kill(child: &mut Child) {
    let group = group(child);
    if let Some(group) = group {
        let _ = kill_process_group(group, Signal::KILL);
    }
    // The exit status does not matter.
    drop(finish(group, child.wait()));
}

/// Starts a server and waits for the first line of its standard output, its address. The rest is not read.
///
/// # Errors
/// When it cannot be started or ends without writing a line.
pub fn start(command: &mut Command) -> Result<(Server, String)> {
    let mut server = Server(spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()))?);
    let mut line = String::new();
    if let Some(output) = server.0.stdout.take() {
        BufReader::new(output).read_line(&mut line)?;
    }
    ensure!(line.ends_with('\n'), "{} did not start.", describe(command));
    Ok((server, line.trim_end().to_owned()))
}

/// Starts a server whose readiness the caller checks by other means.
///
/// # Errors
/// When it cannot be started.
pub fn serve(command: &mut Command) -> Result<Server> {
    Ok(Server(spawn(command.stdin(Stdio::null()).stdout(Stdio::null()))?))
}

/// Replaces xtask's process by the command, so that signals go straight to it. Returns only on failure.
pub fn replace(command: &mut Command) -> Result<()> {
    let error = command.exec();
    Err(error).with_context(|| format!("{} could not be started.", describe(command)))
}

fn spawn(command: &mut Command) -> Result<Child> {
    // Held while starting, so that no signal falls between the start and the registration of the group.
    let mut running = running();
    if running.interrupted {
        bail!("Interrupted.");
    }
    let child = command
        .process_group(0)
        .spawn()
        .with_context(|| format!("{} could not be started.", describe(command)))?;
    running.groups.extend(group(&child));
    Ok(child)
}

/// The process group that [`spawn`] created: its id is the child's.
fn group(child: &Child) -> Option<Pid> {
    Pid::from_raw(child.id().cast_signed())
}

fn finish<T>(group: Option<Pid>, waited: std::io::Result<T>) -> Result<T> {
    let mut running = running();
    running.groups.retain(|running| Some(*running) != group);
    if running.interrupted {
        bail!("Interrupted.");
    }
    Ok(waited?)
}

fn judge(command: &str, status: ExitStatus) -> Result<()> {
    match (status.success(), status.code(), status.signal()) {
        (true, ..) => Ok(()),
        (_, Some(code), _) => bail!("{command} ended with code {code}."),
        (_, _, Some(signal)) => bail!("{command} was ended by signal {signal}."),
        _ => bail!("{command} failed."),
    }
}

/// The command as typed in a shell, between backticks.
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
    fn the_error_of_a_failed_command_names_it() {
        let error = run(command("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(error.to_string(), "`sh -c exit 3` ended with code 3.");
        assert_eq!(read(command("echo").arg("in step")).unwrap(), "in step\n");
    }

    #[test]
    fn dropping_a_server_kills_its_process_group() {
        let (mut heard, stderr) = std::io::pipe().unwrap();
        let script = "(sleep 60; echo still here >&2) & echo here; wait";
        // The command keeps the write end of the pipe open until it is dropped.
        let (server, line) = start(command("sh").args(["-c", script]).stderr(stderr)).unwrap();
        assert_eq!(line, "here");
        let group = group(&server.0).unwrap();
        drop(server);
        // Ends when no process has the write end open, whether or not init has reaped them.
        assert_eq!(std::io::read_to_string(&mut heard).unwrap(), "");
        assert!(!running().groups.contains(&group));
        assert!(start(command("sh").args(["-c", "exit 3"])).is_err());
    }

    #[test]
    fn waiting_for_a_failed_background_command_returns_its_error() {
        let start = |script| run_in_background(command("sh").args(["-c", script])).unwrap();
        start("exit 0").wait().unwrap();
        let error = start("exit 3").wait().unwrap_err();
        assert_eq!(error.to_string(), "`sh -c exit 3` ended with code 3.");
    }

    #[test]
    fn cargos_variables_are_removed_from_commands() {
        // Cargo sets it for this test process.
        assert!(env::var_os("CARGO_PKG_NAME").is_some());
        assert_eq!(read(command("sh").args(["-c", "echo $CARGO_PKG_NAME"])).unwrap(), "\n");
    }
}
