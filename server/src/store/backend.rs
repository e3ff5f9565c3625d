//! What differs between the databases: how one connects, and how a transaction begins. Every query is the same on both.

use super::files;
use crate::config::DatabaseUrl;
use anyhow::Context;
use sqlx::{
    AnyConnection, ConnectOptions, Executor,
    any::{AnyConnectOptions, AnyPoolOptions},
    sqlite::SqliteConnectOptions,
};
use std::{str::FromStr, time::Duration};

/// Connecting to a database that is away fails after this long.
const CONNECT_WAIT: Duration = Duration::from_secs(10);

/// With WAL, FULL syncs at every commit: what is acknowledged survives a power cut. What a savepoint may have to take
/// back is kept in memory, not in a file that is made for each. Many commits change the same pages, so those are carried
/// over from the WAL not before it has 32 MiB.
const SQLITE_WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;
    PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 8192";

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

impl Backend {
    /// Reads the URL; for SQLite, makes the folder of the file.
    pub fn new(url: &DatabaseUrl) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        let (kind, url) = match url {
            DatabaseUrl::Sqlite(path) => {
                files::prepare(path).with_context(|| format!("the database {path:?} cannot be opened"))?;
                // In a URL the first part of a relative path would be taken for a host.
                let options = SqliteConnectOptions::new()
                    .filename(std::path::absolute(path)?)
                    .create_if_missing(true);
                (Kind::Sqlite, options.to_url_lossy())
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

    /// A pool of connections that only read.
    pub async fn readers(&self, most: u32, wait: Duration) -> Result<sqlx::AnyPool, sqlx::Error> {
        let session = match self.kind {
            Kind::Sqlite => "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON",
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
