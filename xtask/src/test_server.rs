//! A server without rate limits, in a temporary folder.

use std::{
    env,
    fs::{self, DirBuilder, File},
    net::{TcpListener, TcpStream},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};

use crate::{
    process::{self, Server},
    profile::Profile,
    session::Session,
};

/// Timeout for starting, which takes about a second.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// Number of log lines shown with a finding.
const LOG_LINES: usize = 30;

/// A running server. Dropping it ends the server and removes its folder.
pub struct TestServer {
    server: Option<Server>,
    folder: PathBuf,
    port: u16,
}

/// Builds the server for development, with overflow checks and debug assertions.
pub fn build(session: &mut Session) -> Result<()> {
    // `--tests` selects the features that the tests use, so that their build is reused.
    let mut cargo = session.command("cargo", &[])?;
    cargo.args(["build", "--tests", "--bin", "lockstep"]);
    session.steps.take("build of the server", || process::run(&mut cargo))
}

impl TestServer {
    /// Starts the server of a build and waits until it listens.
    pub fn start(session: &Session, profile: Profile) -> Result<Self> {
        // A free port; the system does not reuse it soon.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = env::temp_dir().join(format!("lockstep-test-{}", std::process::id()));
        // Only its user may access it, as the server requires of a database's folder.
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let mut server = Self {
            server: None,
            port,
            folder,
        };
        let mut command = process::command(session.workspace.server_binary(profile));
        command
            .current_dir(&server.folder)
            .env_clear()
            .env("PORT", port.to_string())
            .env(
                "DATABASE_URL",
                format!("sqlite:///{}", server.folder.join("fuzz.db").display()),
            )
            .env("LEPTOS_SITE_ROOT", session.workspace.site_root())
            .env("LOG_LEVEL", "warn")
            // Fuzzers exceed every quota that suits a person.
            .envs([("RATE_LIMIT_ENABLED", "false"), ("WS_RATE_LIMIT_ENABLED", "false")])
            .stderr(File::create(server.log_path())?);
        server.server = Some(process::serve(&mut command)?);
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if start.elapsed() > START_TIMEOUT {
                bail!("The server did not start:\n{}", server.end_of_log());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    /// The base URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A folder that the fuzzers may write to.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// # Errors
    /// When the server logged a panic or an error.
    pub fn check(&self) -> Result<()> {
        let log = fs::read_to_string(self.log_path())?;
        let fault = log
            .lines()
            .find(|line| line.contains("panicked at") || line.contains(" ERROR "));
        ensure!(
            fault.is_none(),
            "The server's log contains an error:\n{}",
            self.end_of_log()
        );
        Ok(())
    }

    /// The last lines of its log.
    pub fn end_of_log(&self) -> String {
        let log = fs::read_to_string(self.log_path()).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
    }

    fn log_path(&self) -> PathBuf {
        self.folder.join("stderr.log")
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        drop(self.server.take());
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{} could not be removed: {error}", self.folder.display());
        }
    }
}
