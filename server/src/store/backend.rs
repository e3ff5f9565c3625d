//! Differences between the databases: connecting, and starting a transaction. Queries are the same on both.

use super::files;
use crate::config::DatabaseUrl;
use anyhow::Context;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::{
    AnyConnection, AssertSqlSafe, ConnectOptions, Executor, SqlSafeStr,
    any::{AnyConnectOptions, AnyPoolOptions},
    migrate::{MigrateError, Migration, Migrator},
};
use std::{path::Path, str::FromStr, time::Duration};
use url::Url;

/// Timeout for connecting to a database.
const CONNECT_WAIT: Duration = Duration::from_secs(10);

/// With WAL, FULL syncs at every commit: acknowledged data survives a power cut. Data for rolling back savepoints is
/// kept in memory instead of a file for each. Many commits change the same pages, so a checkpoint happens only when the
/// WAL has 32 MiB.
const SQLITE_WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;
    PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 8192";

/// A page cache of 512 KiB for each reader, instead of SQLite's 2 MiB. The caches fill slowly, as the readers take
/// turns: with 2 MiB the server grew by half a MiB a minute under a steady load. The system's file cache serves all
/// readers.
const SQLITE_READER: &str = "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA cache_size = -512";

/// The database to connect to.
#[derive(Clone, Debug)]
pub(super) struct Backend {
    kind: Kind,
    options: AnyConnectOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

/// All characters but the separator and those that RFC 3986 (2.3) calls unreserved.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The URL for opening an existing file with the `Any` driver. The driver decodes the path and splits it at the first
/// `?`, so the path is percent-encoded completely.
fn file_url(path: &Path) -> anyhow::Result<Url> {
    // Absolute, since the first segment of a relative path would be the URL's host; and without `..`, which URLs
    // resolve without regard to symbolic links.
    let path = path.canonicalize()?;
    let path = path.to_str().context("SQLite opens paths in UTF-8 only")?;
    let path = utf8_percent_encode(path, PATH);
    Ok(Url::parse(&format!("sqlite://{path}?mode=rwc"))?)
}

impl Backend {
    /// Reads the URL; for SQLite, creates the file and its folder.
    pub fn new(url: &DatabaseUrl) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        let (kind, url) = match url {
            DatabaseUrl::Sqlite(path) => {
                let url = files::prepare(path).map_err(Into::into).and_then(|()| file_url(path));
                let url = url.with_context(|| format!("the database {path:?} cannot be opened"))?;
                (Kind::Sqlite, url)
            }
            DatabaseUrl::Postgres(url) => (Kind::Postgres, url.clone()),
        };
        let options = AnyConnectOptions::from_str(url.as_str())?.disable_statement_logging();
        Ok(Self { kind, options })
    }

    /// A connection for writing.
    pub async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        let connecting = tokio::time::timeout(CONNECT_WAIT, self.options.connect()).await;
        let mut conn = connecting.map_err(|_| sqlx::Error::PoolTimedOut)??;
        if self.kind == Kind::Sqlite {
            conn.execute(SQLITE_WRITER).await?;
        }
        Ok(conn)
    }

    /// Runs the migrations. Text in `/*sqlite … */` of a migration is for SQLite only.
    pub async fn migrate(&self, conn: &mut AnyConnection) -> Result<(), MigrateError> {
        let mut migrations: Vec<Migration> = sqlx::migrate!().iter().cloned().collect();
        if self.kind == Kind::Sqlite {
            for migration in &mut migrations {
                let sql = migration
                    .sql
                    .as_str()
                    .replace("/*sqlite WITHOUT ROWID*/", "WITHOUT ROWID");
                // The SQL consists of constants of this crate.
                migration.sql = AssertSqlSafe(sql).into_sql_str();
            }
        }
        Migrator::with_migrations(migrations).run(conn).await
    }

    /// A pool of read-only connections.
    pub async fn readers(&self, most: u32, wait: Duration) -> Result<sqlx::AnyPool, sqlx::Error> {
        let session = match self.kind {
            Kind::Sqlite => SQLITE_READER,
            Kind::Postgres => "SET default_transaction_read_only = on",
        };
        AnyPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(wait)
            // A file stays available; a server may not.
            .test_before_acquire(self.kind == Kind::Postgres)
            .after_connect(move |conn, _| Box::pin(async move { conn.execute(session).await.map(drop) }))
            .connect_with(self.options.clone())
            .await
    }

    /// Starts a transaction on one snapshot.
    pub fn begin_reading(&self) -> &'static str {
        match self.kind {
            Kind::Sqlite => "BEGIN",
            Kind::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// Starts a write transaction. There is one writer at a time over all nodes, so that commands on one timer are
    /// serialised, and a user's events commit in the order of their numbers.
    pub fn begin_writing(&self) -> &'static str {
        match self.kind {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            // The number identifies the lock; no other advisory locks are used in this database.
            Kind::Postgres => "BEGIN; SELECT pg_advisory_xact_lock(2614)",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};

    /// Writes to a database at this path, and returns the names of the files in its folder.
    async fn names_after_writing(path: &Path) -> Vec<String> {
        let backend = Backend::new(&DatabaseUrl::Sqlite(path.to_owned())).unwrap();
        let mut conn = backend.connect().await.unwrap();
        conn.execute("CREATE TABLE written (id INTEGER)").await.unwrap();
        sqlx::Connection::close(conn).await.unwrap();
        assert_ne!(fs::metadata(path).unwrap().len(), 0, "{path:?}");
        let files = fs::read_dir(path.parent().unwrap()).unwrap();
        files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[tokio::test]
    async fn a_database_opens_under_any_file_name() {
        let ascii: String = (1..=127_u8).map(char::from).filter(|char| *char != '/').collect();
        for name in [
            "lock%20step.db",
            "a%2Fb",
            "100%",
            "%zz.db",
            "what?mode=memory",
            "#1.db",
            "two  spaces ",
            "%2e%2e",
            "...",
            ":memory:",
            "file:a.db",
            "back\\slash",
            "타이머 데이터베이스.db",
            &ascii,
        ] {
            let root = tempfile::tempdir().unwrap();
            assert_eq!(names_after_writing(&root.path().join(name)).await, [name]);
            let nested = root.path().join("folder").join(name).join("lockstep.db");
            assert_eq!(names_after_writing(&nested).await, ["lockstep.db"], "{name}");
        }
    }

    #[tokio::test]
    async fn paths_are_resolved_by_the_file_system() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("real/inner")).unwrap();
        std::os::unix::fs::symlink("real/inner", root.path().join("link")).unwrap();
        let path = root.path().join("link/../lockstep.db");
        assert!(names_after_writing(&path).await.contains(&"lockstep.db".to_owned()));
        assert!(root.path().join("real/lockstep.db").exists());
    }

    #[test]
    fn a_path_that_is_not_utf8_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join(OsStr::from_bytes(b"caf\xe9.db"));
        let error = Backend::new(&DatabaseUrl::Sqlite(path)).unwrap_err();
        assert!(format!("{error:#}").contains("UTF-8"), "{error:#}");
    }
}
