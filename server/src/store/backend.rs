//! What differs between the databases: how one connects, and how a transaction begins. Every query is the same on both.

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

/// Connecting to a database that is away fails after this long.
const CONNECT_WAIT: Duration = Duration::from_secs(10);

/// With WAL, FULL syncs at every commit: what is acknowledged survives a power cut. What a savepoint may have to take
/// back is kept in memory, not in a file that is made for each. Many commits change the same pages, so those are carried
/// over from the WAL not before it has 32 MiB.
const SQLITE_WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;
    PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 8192";

/// A page cache of 512 KiB for each reader, instead of SQLite's 2 MiB. The caches fill slowly, as the readers take turns:
/// under a steady load the server grew by half a MiB a minute. The system's cache of the file serves them all.
const SQLITE_READER: &str = "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA cache_size = -512";

/// How to reach the database.
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

/// Everything but the separator and what RFC 3986 (2.3) calls unreserved.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The URL by which the `Any` driver opens an existing file. It decodes the path and splits it at the first `?`, so the
/// path is encoded in full.
fn file_url(path: &Path) -> anyhow::Result<Url> {
    // Absolute, since the first part of a relative path would be the URL's host; and without `..`, which a URL resolves
    // without regard to symbolic links.
    let path = path.canonicalize()?;
    let path = path.to_str().context("SQLite opens paths in UTF-8 only")?;
    let path = utf8_percent_encode(path, PATH);
    Ok(Url::parse(&format!("sqlite://{path}?mode=rwc"))?)
}

impl Backend {
    /// Reads the URL; for SQLite, makes the folder of the file.
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

    /// A connection that may write.
    pub async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        let connecting = tokio::time::timeout(CONNECT_WAIT, self.options.connect()).await;
        let mut conn = connecting.map_err(|_| sqlx::Error::PoolTimedOut)??;
        if self.kind == Kind::Sqlite {
            conn.execute(SQLITE_WRITER).await?;
        }
        Ok(conn)
    }

    /// Brings the tables up to date. Words in `/*sqlite … */` of a migration are for SQLite alone.
    pub async fn migrate(&self, conn: &mut AnyConnection) -> Result<(), MigrateError> {
        let mut migrations: Vec<Migration> = sqlx::migrate!().iter().cloned().collect();
        if self.kind == Kind::Sqlite {
            for migration in &mut migrations {
                let sql = migration
                    .sql
                    .as_str()
                    .replace("/*sqlite WITHOUT ROWID*/", "WITHOUT ROWID");
                // Made of this crate's own words.
                migration.sql = AssertSqlSafe(sql).into_sql_str();
            }
        }
        Migrator::with_migrations(migrations).run(conn).await
    }

    /// A pool of connections that only read.
    pub async fn readers(&self, most: u32, wait: Duration) -> Result<sqlx::AnyPool, sqlx::Error> {
        let session = match self.kind {
            Kind::Sqlite => SQLITE_READER,
            Kind::Postgres => "SET default_transaction_read_only = on",
        };
        AnyPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(wait)
            // A file does not go away; a server may have.
            .test_before_acquire(self.kind == Kind::Postgres)
            .after_connect(move |conn, _| Box::pin(async move { conn.execute(session).await.map(drop) }))
            .connect_with(self.options.clone())
            .await
    }

    /// Begins a transaction that sees one snapshot.
    pub fn begin_reading(&self) -> &'static str {
        match self.kind {
            Kind::Sqlite => "BEGIN",
            Kind::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// Begins a transaction that writes. One writer has its turn at a time, over all nodes: so commands on one timer
    /// cannot cross, and a user's events commit in the order of their numbers.
    pub fn begin_writing(&self) -> &'static str {
        match self.kind {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            // The number is the lock's name; nothing else in this database takes advisory locks.
            Kind::Postgres => "BEGIN; SELECT pg_advisory_xact_lock(2614)",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};

    /// Writes to a database at this path, and returns the names of what is in its folder then.
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
    async fn a_database_opens_under_any_name_that_the_file_system_takes() {
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
    async fn a_path_is_resolved_by_the_file_system_and_not_by_its_text() {
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
