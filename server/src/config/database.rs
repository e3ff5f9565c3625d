//! DATABASE_URL.

use super::{ConfigError, Vars};
use std::path::PathBuf;

const ALLOWED: &str = "sqlite://relative/path.db, sqlite:////absolute/path.db";

/// Where the data is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file; a relative path starts at the working directory.
    Sqlite(PathBuf),
}

/// `sqlite://relative`, `sqlite:///relative` and `sqlite:////absolute` (contract, REST 2.1).
pub(super) fn read(vars: &Vars) -> Result<DatabaseUrl, ConfigError> {
    let name = "DATABASE_URL";
    let url = vars
        .text(name)
        .unwrap_or_else(|| "sqlite://data/lockstep.db".to_owned());
    let Some(rest) = url.strip_prefix("sqlite://") else {
        // Another database's URL may hold a password.
        let scheme = url.split_once("://").map_or("no scheme", |(scheme, _)| scheme);
        return Err(ConfigError::hidden(name, scheme, ALLOWED));
    };
    let path = rest.split('?').next().unwrap_or_default();
    match path.strip_prefix('/').unwrap_or(path) {
        "" | ":memory:" => Err(ConfigError::new(name, url.clone(), ALLOWED)),
        path => Ok(DatabaseUrl::Sqlite(path.into())),
    }
}
