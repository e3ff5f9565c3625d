//! A NATS server for one test.

use std::{
    env,
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::PATIENCE;

/// The environment variable with the program's path.
const VARIABLE: &str = "LOCKSTEP_NATS_SERVER";

/// A running server; dropping it ends the process.
pub struct NatsServer {
    /// The listen address.
    pub address: SocketAddr,
    login: Option<(&'static str, &'static str)>,
    process: Option<Child>,
}

impl NatsServer {
    /// Starts a server on a free port. `None` if LOCKSTEP_NATS_SERVER is empty, which means that there is deliberately
    /// none.
    pub fn start() -> Option<Self> {
        Self::with(None)
    }

    /// Starts a server that requires a user name and a password.
    pub fn guarded(name: &'static str, password: &'static str) -> Option<Self> {
        Self::with(Some((name, password)))
    }

    fn with(login: Option<(&'static str, &'static str)>) -> Option<Self> {
        if env::var_os(VARIABLE).is_some_and(|program| program.is_empty()) {
            eprintln!("skipped: there is no nats-server");
            return None;
        }
        let mut server = Self {
            address: TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap(),
            login,
            process: None,
        };
        server.restart();
        Some(server)
    }

    /// The value of NATS_URL.
    pub fn url(&self) -> String {
        format!("nats://{}", self.address)
    }

    /// Kills it, as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Starts it again on the same port.
    pub fn restart(&mut self) {
        let mut command = Command::new(program());
        command
            .args(["--addr", "127.0.0.1", "--port", &self.address.port().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some((name, password)) = self.login {
            command.args(["--user", name, "--pass", password]);
        }
        self.process = Some(
            command
                .spawn()
                .expect("nats-server (Debian: apt-get install nats-server)"),
        );
        let start = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            assert!(
                start.elapsed() < PATIENCE,
                "nats-server does not listen on {}",
                self.address
            );
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// LOCKSTEP_NATS_SERVER, or the program on PATH; Debian installs it in a folder that is on root's PATH only.
fn program() -> PathBuf {
    let debian = PathBuf::from("/usr/sbin/nats-server");
    match env::var_os(VARIABLE) {
        Some(program) => program.into(),
        None if debian.exists() => debian,
        None => "nats-server".into(),
    }
}
