//! The `lockstep` binary as a process, for tests of start-up, shutdown and resource use.

use crate::{PATIENCE, TestDatabase};
use std::{
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

/// The binary with its own port and folder; killed when dropped.
pub struct Process {
    /// `127.0.0.1:<port>`
    pub address: String,
    binary: PathBuf,
    folder: tempfile::TempDir,
    database: TestDatabase,
    vars: Vec<(String, String)>,
    child: Option<Child>,
}

impl Process {
    /// Starts a `lockstep` binary with an empty database, and waits until it is healthy.
    pub async fn start<'a>(
        binary: &Path,
        database: TestDatabase,
        vars: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        // The system does not reuse a port soon that was free just now.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let vars = vars
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let database_url = ("DATABASE_URL".to_owned(), database.url.clone());
        let mut process = Self {
            address: format!("127.0.0.1:{port}"),
            binary: binary.to_owned(),
            folder: tempfile::tempdir().unwrap(),
            vars: [database_url].into_iter().chain(vars).collect(),
            database,
            child: None,
        };
        process.start_again().await;
        process
    }

    /// Starts it again with the same database and port.
    pub async fn start_again(&mut self) {
        assert!(self.child.is_none());
        let port = self.address.rsplit(':').next().unwrap();
        let log = File::options().append(true).create(true).open(self.log_path()).unwrap();
        let child = command(&self.binary, self.folder.path())
            .env("PORT", port)
            .envs(self.vars.iter().cloned())
            .stdin(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        let healthy = async {
            while reqwest::get(format!("http://{}/health", self.address)).await.is_err() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, healthy).await.expect("a healthy server");
    }

    /// Sets a variable for the next start.
    pub fn set(&mut self, name: &str, value: &str) {
        self.vars.push((name.to_owned(), value.to_owned()));
    }

    /// The value of DATABASE_URL.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// Its standard error over all starts.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap()
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("stderr.log")
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// The resident memory in bytes.
    pub fn resident_bytes(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        let kib: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kib * 1024
    }

    /// Kills it with SIGKILL: no Close frames, nothing flushed.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.child.is_some() {
            self.kill();
        }
        if std::thread::panicking() {
            let log = self.log();
            let tail = log.lines().rev().take(40).collect::<Vec<_>>();
            eprintln!("the end of the server's log:");
            tail.iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}

/// Runs a binary with arguments and variables until it exits.
pub fn output(binary: &Path, folder: &Path, arguments: &[&str], vars: &[(&str, &str)]) -> Output {
    command(binary, folder)
        .args(arguments)
        .envs(vars.iter().copied())
        .output()
        .unwrap()
}

fn command(binary: &Path, folder: &Path) -> Command {
    let mut command = Command::new(binary);
    command.current_dir(folder).env_clear().env("PORT", "0");
    // Tests exceed quotas that suit users.
    command
        .env("RATE_LIMIT_ENABLED", "false")
        .env("WS_RATE_LIMIT_ENABLED", "false")
        .env("MAX_CONNECTIONS_PER_ADDRESS", "10000");
    command
}
