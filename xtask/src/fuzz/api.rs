//! REST and WebSocket requests generated from the server's own documents: schemathesis and `xtask/fuzz`.

use std::{fs, path::PathBuf, process::Command, time::Duration};

use anyhow::{Context, Result};

use crate::{process, python::Environment, session::Session, test_server::TestServer};

/// The checks on every answer: its status, type and body are documented, and it is no 5xx. Acceptance of valid data
/// is not checked: no schema can say which ids exist, and schemathesis guesses members that the schema leaves out.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance,response_headers_conformance,ignored_auth,allow_header_conformance,unsupported_method";

/// schemathesis and the scripts, installed.
pub struct Fuzzer {
    environment: Environment,
    scripts: PathBuf,
}

impl Fuzzer {
    /// Installs the requirements, unless the same ones were installed last.
    pub fn ensure(session: &mut Session) -> Result<Self> {
        let scripts = session.workspace.root().join("xtask/fuzz");
        let environment = Environment::new(&session.cache, "fuzz", "python");
        let requirements = scripts.join("requirements.txt");
        session.steps.take("schemathesis", || {
            let wanted = fs::read_to_string(&requirements)
                .with_context(|| format!("{} could not be read.", requirements.display()))?;
            environment.ensure(&wanted, || environment.install(&requirements, &[]))
        })?;
        Ok(Self { environment, scripts })
    }

    /// Sends valid and invalid requests of all operations of `/openapi.json`, as two users.
    pub fn rest(&self, server: &TestServer, seed: u32, time: Duration) -> Result<()> {
        let mut schemathesis = self.environment.program("st");
        schemathesis
            .current_dir(server.folder())
            .env("SCHEMATHESIS_HOOKS", self.scripts.join("rest.py"))
            .env("LOCKSTEP_SEED", seed.to_string())
            .arg("run")
            .arg(format!("{}/openapi.json", server.url()))
            .args([
                "--no-color",
                "--continue-on-failure",
                "--warnings=off",
                "--generation-database=none",
            ])
            // The WebSocket upgrade: the checks of plain requests do not apply. `socket` tests its messages.
            .args(["--exclude-path", "/v1/ws/timers"])
            .args(["--checks", CHECKS, "--seed", &seed.to_string()])
            .args(["--max-time", &time.as_secs().to_string()]);
        self.run(&mut schemathesis, server)
    }

    /// Sends messages from `/asyncapi.json`: valid, nearly valid and invalid ones.
    pub fn socket(&self, server: &TestServer, seed: u32, time: Duration) -> Result<()> {
        let mut messages = self.environment.python();
        messages
            .arg(self.scripts.join("socket_messages.py"))
            .args([seed.to_string(), time.as_secs().to_string()]);
        self.run(&mut messages, server)
    }

    fn run(&self, command: &mut Command, server: &TestServer) -> Result<()> {
        command.env("LOCKSTEP_URL", server.url());
        // The server is on loopback, so no configured proxy may be used.
        command.env("NO_PROXY", "127.0.0.1");
        process::run(command).with_context(|| format!("The server's log:\n{}", server.end_of_log()))
    }
}
