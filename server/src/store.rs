//! SQL, and nothing but SQL: one file a table family. Reads come from a pool and see whole commits only; every write
//! goes through one [`writer`], which commits what waits together.

pub mod accounts;
pub mod command_replies;
pub mod events;
pub mod timers;
pub mod users;
mod writer;

use crate::config::DatabaseUrl;
use sqlx::{
    ConnectOptions, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};
use thiserror::Error;
use uuid::Uuid;
use writer::Writer;

/// A connection, in or out of a transaction.
pub type Conn = SqliteConnection;

/// The database.
#[derive(Clone)]
pub struct Store {
    readers: SqlitePool,
    writer: Writer,
    epoch: String,
}

/// What can go wrong below the rules. Nothing was changed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database refused or could not be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A stored value that cannot be read back.
    #[error("stored {what} cannot be read: {why}")]
    Corrupt {
        /// What it should have been.
        what: &'static str,
        /// Why it is not.
        why: String,
    },
    /// The commit failed, and with it everything in its batch.
    #[error("the commit failed: {0}")]
    Commit(String),
    /// The work panicked and was rolled back.
    #[error("the work panicked")]
    Panicked,
    /// The server is stopping.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    pub(crate) fn corrupt(what: &'static str, why: impl ToString) -> Self {
        Self::Corrupt {
            what,
            why: why.to_string(),
        }
    }
}

/// The most connections that read at once.
const READERS: u32 = 8;

impl Store {
    /// Opens the database, makes it where there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be made or is not a database of this version.
    pub async fn open(url: &DatabaseUrl) -> anyhow::Result<Self> {
        let DatabaseUrl::Sqlite(path) = url;
        if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
            std::fs::create_dir_all(folder)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // With WAL, FULL syncs at every commit: what is acknowledged survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .disable_statement_logging();
        let mut connection = options.connect().await?;
        sqlx::migrate!("migrations/sqlite").run(&mut connection).await?;
        let epoch = epoch(&mut connection).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.pragma("query_only", "ON"))
            .await?;
        Ok(Self {
            readers,
            writer: Writer::start(connection),
            epoch,
        })
    }

    /// Names the event log that `seq` numbers belong to.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Runs `read` on one snapshot of the database.
    ///
    /// # Errors
    /// Those of `read`, and [`StoreError::Database`].
    pub async fn read<T, E>(&self, read: impl AsyncFnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let mut transaction = self.readers.begin().await.map_err(StoreError::from)?;
        let value = read(&mut transaction).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(value)
    }

    /// The writer: see [`Writer::submit`] and [`Writer::write`].
    pub fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    /// Finishes what was submitted, then closes the file.
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

/// The epoch is made with the database: a file that was set back or replaced has other events under the same numbers.
async fn epoch(conn: &mut Conn) -> Result<String, sqlx::Error> {
    sqlx::query("INSERT INTO server_meta (name, value) VALUES ('epoch', $1) ON CONFLICT (name) DO NOTHING")
        .bind(Uuid::new_v4().simple().to_string())
        .execute(&mut *conn)
        .await?;
    sqlx::query_scalar("SELECT value FROM server_meta WHERE name = 'epoch'")
        .fetch_one(conn)
        .await
}

#[cfg(test)]
pub(crate) mod testing {
    //! A database of one's own, gone with the test.

    use super::*;

    /// The store and the folder that holds it.
    pub async fn store() -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("test.db"));
        (Store::open(&url).await.unwrap(), folder)
    }
}
