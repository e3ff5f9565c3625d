//! Running other programs: quiet ones and loud ones, and never leaving any behind.
//!
//! Each program gets a process group of its own, so that one signal reaches it and all that it started (cargo-leptos
//! for one starts cargo and goes without it). What ends xtask is forwarded there first.

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

/// What the signal thread needs to know: the groups of the running programs, and whether it is time to end.
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
                // Gone already is as good as ended.
                let _ = kill_process_group(*group, signal);
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
    let group = group(&child);
    let status = child.wait();
    judge(&describe(command), finish(group, status)?)
}

/// Runs a command for what it writes to its standard output.
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

/// A command that runs beside others until it is waited for. Dropped before that, it is killed with all that it started.
pub struct Background {
    child: Option<Child>,
    description: String,
}

impl Background {
    /// Waits for its end.
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

/// Starts a command whose output the person sees.
///
/// # Errors
/// When it cannot be started.
pub fn run_in_background(command: &mut Command) -> Result<Background> {
    Ok(Background {
        child: Some(spawn(command.stdin(Stdio::null()))?),
        description: describe(command),
    })
}

/// A server that runs beside other programs, and is killed with all that it started when this is dropped.
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
    // Nobody waits for its verdict.
    drop(finish(group, child.wait()));
}

/// Starts a server, and waits for the first line of its standard output: where it listens. Nothing reads the rest.
///
/// # Errors
/// When it cannot be started or ends before that.
pub fn start(command: &mut Command) -> Result<(Server, String)> {
    let mut server = Server(spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()))?);
    let mut line = String::new();
    if let Some(output) = server.0.stdout.take() {
        BufReader::new(output).read_line(&mut line)?;
    }
    ensure!(line.ends_with('\n'), "{} did not start.", describe(command));
    Ok((server, line.trim_end().to_owned()))
}

/// Starts a server that tells by other means when it is ready.
///
/// # Errors
/// When it cannot be started.
pub fn serve(command: &mut Command) -> Result<Server> {
    Ok(Server(spawn(command.stdin(Stdio::null()).stdout(Stdio::null()))?))
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
    running.groups.extend(group(&child));
    Ok(child)
}

/// The group that [`spawn`] gave it: its own id.
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
    fn a_server_ends_when_it_is_dropped() {
        let (mut heard, stderr) = std::io::pipe().unwrap();
        let script = "(sleep 60; echo still here >&2) & echo here; wait";
        // The command holds the pipe open for as long as it is kept.
        let (server, line) = start(command("sh").args(["-c", script]).stderr(stderr)).unwrap();
        assert_eq!(line, "here");
        let group = group(&server.0).unwrap();
        drop(server);
        // Ends when nobody is left who could write, whether or not init has buried them yet.
        assert_eq!(std::io::read_to_string(&mut heard).unwrap(), "");
        assert!(!running().groups.contains(&group));
        assert!(start(command("sh").args(["-c", "exit 3"])).is_err());
    }

    #[test]
    fn a_command_in_the_background_is_judged_when_it_is_waited_for() {
        let start = |script| run_in_background(command("sh").args(["-c", script])).unwrap();
        start("exit 0").wait().unwrap();
        let error = start("exit 3").wait().unwrap_err();
        assert_eq!(error.to_string(), "`sh -c exit 3` ended with code 3.");
    }

    #[test]
    fn cargos_variables_do_not_leak() {
        // Set by cargo for this very test.
        assert!(env::var_os("CARGO_PKG_NAME").is_some());
        assert_eq!(read(command("sh").args(["-c", "echo $CARGO_PKG_NAME"])).unwrap(), "\n");
    }
}
