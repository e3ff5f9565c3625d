//! The binary that cargo built for these tests, as a process.

use std::{
    ops::{Deref, DerefMut},
    path::Path,
    process::Output,
};
use testkit::TestDatabase;

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_lockstep"))
}

/// A running server; killed with the test.
pub struct Process(testkit::Process);

impl Process {
    /// Starts it on an empty database and waits until it is healthy.
    pub async fn start() -> Self {
        Self::with([("LOG_LEVEL", "error")]).await
    }

    /// The same, with variables.
    pub async fn with<'a>(vars: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(testkit::Process::start(binary(), TestDatabase::create().await, vars).await)
    }
}

impl Deref for Process {
    type Target = testkit::Process;
    fn deref(&self) -> &testkit::Process {
        &self.0
    }
}

impl DerefMut for Process {
    fn deref_mut(&mut self) -> &mut testkit::Process {
        &mut self.0
    }
}

/// Runs the binary until it ends by itself.
pub fn output(folder: &Path, vars: &[(&str, &str)]) -> Output {
    output_of(folder, &[], vars)
}

/// The same with arguments.
pub fn output_of(folder: &Path, arguments: &[&str], vars: &[(&str, &str)]) -> Output {
    testkit::process::output(binary(), folder, arguments, vars)
}
