//! REST and WebSocket by the documents that the server makes of itself: schemathesis and `xtask/fuzz`.

use std::{fs, path::PathBuf, process::Command, time::Duration};

use anyhow::{Context, Result};

use super::server::TestServer;
use crate::{process, python::Environment, session::Session};

/// What must hold of every answer: nothing but what is documented, and never the server's own fault. Whether data is
/// accepted is not checked: no schema says what an id of one's own is, and of what it leaves out schemathesis guesses some.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance,response_headers_conformance,ignored_auth,allow_header_conformance,unsupported_method";

/// schemathesis and the scripts, installed.
pub struct Fuzzer {
    environment: Environment,
    scripts: PathBuf,
}

impl Fuzzer {
    /// Installs what the requirements say, unless that is what was installed last.
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

    /// Requests of all operations of `/openapi.json`, by two users, valid and invalid.
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
            // An upgrade, of which no check of plain requests is right: its messages come next.
            .args(["--exclude-path", "/v1/ws/timers"])
            .args(["--checks", CHECKS, "--seed", &seed.to_string()])
            .args(["--max-time", &time.as_secs().to_string()]);
        self.run(&mut schemathesis, server)
    }

    /// Messages of `/asyncapi.json`, valid, nearly valid and others.
    pub fn socket(&self, server: &TestServer, seed: u32, time: Duration) -> Result<()> {
        let mut messages = self.environment.python();
        messages
            .arg(self.scripts.join("socket_messages.py"))
            .args([seed.to_string(), time.as_secs().to_string()]);
        self.run(&mut messages, server)
    }

    fn run(&self, command: &mut Command, server: &TestServer) -> Result<()> {
        command.env("LOCKSTEP_URL", server.url());
        // The server is on loopback, whatever proxy there is for the rest.
        command.env("NO_PROXY", "127.0.0.1");
        process::run(command).with_context(|| format!("The server's log:\n{}", server.end_of_log()))
    }
}
