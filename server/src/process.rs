//! Process settings at start-up.

use rustix::{
    fs::Mode,
    process::{Resource, getrlimit, setrlimit, umask},
};

/// Open files besides connections: the database's, the log, files of the site.
const OTHER_FILES: usize = 128;

/// Restricts files and folders that the process creates to its user: the database contains private data.
pub fn keep_files_private() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// Raises the soft limit of open files to the hard limit, and returns how many of `wanted` connections fit below it.
pub fn fit_open_files(wanted: usize) -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::debug!(%error, "the limit of open files cannot be raised");
        }
    }
    let files = getrlimit(Resource::Nofile).current;
    let fitting = files.map_or(wanted, |files| {
        usize::try_from(files)
            .unwrap_or(usize::MAX)
            .saturating_sub(OTHER_FILES)
            .max(1)
    });
    if fitting < wanted {
        tracing::warn!(
            MAX_CONNECTIONS = wanted,
            open_files = files,
            connections = fitting,
            "the limit of open files (ulimit -n) is too low for that many connections"
        );
    }
    fitting.min(wanted)
}
