//! What the process asks of the operating system before it serves.

use rustix::{
    fs::Mode,
    process::{Resource, getrlimit, setrlimit, umask},
};

/// Files that are open besides connections: the database's, the log, what is served from the site.
const OTHER_FILES: usize = 128;

/// Files and folders that the process creates are its user's alone: the database holds everybody's data.
pub fn keep_files_private() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// Raises the soft limit of open files to the hard one, and says how many of `wanted` connections fit below it.
pub fn fit_open_files(wanted: usize) -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::debug!(%error, "the limit of open files stays");
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
