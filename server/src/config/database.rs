//! DATABASE_URL.

use super::{ConfigError, Vars};
use std::{fmt, path::PathBuf};
use url::Url;

const ALLOWED: &str = "sqlite://relative/path.db, sqlite:////absolute/path.db, postgres://user:password@host/database";

/// The database to use.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file; a relative path is relative to the working directory.
    Sqlite(PathBuf),
    /// A PostgreSQL database. The URL may contain a password, so `Debug` does not show it.
    Postgres(Url),
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(url) => f
                .debug_tuple("Postgres")
                .field(&url.host_str().unwrap_or("localhost"))
                .field(&url.path())
                .finish(),
        }
    }
}

/// Parses `sqlite://relative`, `sqlite:///relative` and `sqlite:////absolute` (contract, REST 2.1), or `postgres://…`.
pub(super) fn read(vars: &Vars) -> Result<DatabaseUrl, ConfigError> {
    let name = "DATABASE_URL";
    let url = vars
        .secret(name)?
        .unwrap_or_else(|| "sqlite://data/lockstep.db".to_owned());
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let url = Url::parse(&url).map_err(|error| ConfigError::hidden(name, error, ALLOWED))?;
        return Ok(DatabaseUrl::Postgres(url));
    }
    let Some(rest) = url.strip_prefix("sqlite://") else {
        // The URL of another database may contain a password.
        let scheme = url.split_once("://").map_or("no scheme", |(scheme, _)| scheme);
        return Err(ConfigError::hidden(name, scheme, ALLOWED));
    };
    // The path is used as written, including percent signs. A `?` could be part of the name or begin a parameter: a
    // parameter without effect is dropped, anything else is refused.
    let path = rest.strip_suffix("?mode=rwc").unwrap_or(rest);
    // A variable that is not UTF-8 would name another file; see `Vars::process`.
    let is_ambiguous = path.contains(['?', char::REPLACEMENT_CHARACTER]);
    match path.strip_prefix('/').unwrap_or(path) {
        "" | ":memory:" => Err(ConfigError::new(name, url.clone(), ALLOWED)),
        _ if is_ambiguous => Err(ConfigError::new(
            name,
            url.clone(),
            format!("{ALLOWED}; paths in UTF-8 without `?`"),
        )),
        path => Ok(DatabaseUrl::Sqlite(path.into())),
    }
}
