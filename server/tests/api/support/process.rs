//! The real binary, for what only a process can show: how it starts and how it dies.

use super::PATIENCE;
use std::{
    net::TcpListener,
    process::{Child, Command, Output, Stdio},
};

/// The binary on a port and a folder of its own; killed with the test.
pub struct Process {
    /// `127.0.0.1:<port>`
    pub address: String,
    folder: tempfile::TempDir,
    child: Option<Child>,
}

impl Process {
    /// Starts it and waits until it is healthy.
    pub async fn start() -> Self {
        // Free now, and given to nobody else soon.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Self {
            address: format!("127.0.0.1:{port}"),
            folder: tempfile::tempdir().unwrap(),
            child: None,
        };
        process.start_again().await;
        process
    }

    /// The same database, the same port.
    pub async fn start_again(&mut self) {
        assert!(self.child.is_none());
        let port = self.address.rsplit(':').next().unwrap();
        let child = command(self.folder.path())
            .env("PORT", port)
            .env("LOG_LEVEL", "error")
            .stdin(Stdio::null())
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

    /// SIGKILL: no goodbye, nothing flushed.
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
    }
}

/// Runs the binary until it ends by itself.
pub fn output(folder: &std::path::Path, vars: &[(&str, &str)]) -> Output {
    command(folder).envs(vars.iter().copied()).output().unwrap()
}

fn command(folder: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lockstep"));
    command.current_dir(folder).env_clear().env("PORT", "0");
    command
}
