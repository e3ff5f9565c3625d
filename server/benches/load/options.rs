//! The command line, as `cargo xtask bench` passes it on.

use lexopt::prelude::*;
use std::{ffi::OsString, path::PathBuf};

#[derive(Default)]
pub struct Options {
    /// Instead of the figures, a steady load for so long.
    pub soak_minutes: Option<usize>,
    /// Another `lockstep` binary, which is measured beside the one of this build.
    pub against: Option<PathBuf>,
    /// The URL of a PostgreSQL server and of a user who may create databases there; SQLite without it.
    pub database: Option<String>,
    /// The measurements to run, all when it is empty.
    pub measurements: Vec<String>,
}

impl Options {
    /// LOCKSTEP_BENCH_DATABASE is the default of `--database`.
    pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Self, lexopt::Error> {
        let mut options = Self {
            database: std::env::var("LOCKSTEP_BENCH_DATABASE").ok(),
            ..Self::default()
        };
        let mut parser = lexopt::Parser::from_args(args);
        while let Some(arg) = parser.next()? {
            match arg {
                // Of cargo.
                Long("bench") => {}
                Long("soak") => options.soak_minutes = Some(parser.value()?.parse()?),
                Long("against") => options.against = Some(parser.value()?.into()),
                Long("database") => options.database = Some(parser.value()?.string()?),
                Value(measurement) => options.measurements.push(measurement.string()?),
                other => return Err(other.unexpected()),
            }
        }
        Ok(options)
    }
}
