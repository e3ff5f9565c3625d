//! All SQL: one file per table family. Reads use a pool and see whole commits only; every write goes through one
//! `writer`, which commits waiting jobs together.

pub mod accounts;
mod backend;
pub mod blocks;
pub mod bulk;
mod columns;
pub mod command_replies;
pub mod events;
mod files;
pub mod friends_timers;
pub mod friendships;
pub mod invitations;
mod json_histories;
mod metrics;
pub mod notifications;
mod paging;
pub mod preferences;
mod readers;
pub mod resources;
pub mod schedule_exceptions;
pub mod schedules;
pub mod sessions;
mod statement;
pub mod tag_groups;
pub mod tagged;
pub mod tags;
pub mod text_pattern;
pub mod timer_filter;
pub mod timer_history;
pub mod timer_links;
pub mod timer_totals;
pub mod timers;
pub mod todos;
pub mod usage;
pub mod user_contents;
pub mod users;
pub mod visibilities;
mod writer;

use crate::{
    config::{DatabaseUrl, QuotasConfig},
    paging::{Page, PageRequest, Room},
};
use backend::Backend;
use futures_util::FutureExt;
use prometheus_client::registry::Registry;
use protocol::id::UserId;
use readers::Readers;
use sqlx::Connection;
use thiserror::Error;
use uuid::Uuid;
use writer::Writer;

pub use writer::BatchJob;

/// A connection, in or out of a transaction, to either database.
pub type Conn = sqlx::AnyConnection;
/// A row of either database.
pub type Row = sqlx::any::AnyRow;

/// The database.
#[derive(Clone)]
pub struct Store {
    backend: Backend,
    readers: Readers,
    writer: Writer,
    epoch: String,
    quotas: QuotasConfig,
}

/// A storage error. Nothing was changed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database returned an error or could not be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A stored value that cannot be parsed.
    #[error("stored {what} cannot be read: {why}")]
    Corrupt {
        /// The expected kind of value.
        what: &'static str,
        /// The reason.
        why: String,
    },
    /// The commit failed; everything in the batch was rolled back.
    #[error("the commit failed: {0}")]
    Commit(String),
    /// The work panicked and was rolled back.
    #[error("the work panicked")]
    Panicked,
    /// No connection became available within the timeout.
    #[error("the database is busy")]
    Busy,
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

    /// Whether a row was refused because another one has its primary key or another unique value.
    pub fn is_unique_violation(&self) -> bool {
        match self {
            Self::Database(error) => error
                .as_database_error()
                .is_some_and(|error| error.is_unique_violation()),
            _ => false,
        }
    }
}

impl Store {
    /// Opens the database, creates a missing SQLite file, and migrates the schema.
    ///
    /// # Errors
    /// When the database cannot be created or reached, or has an incompatible schema.
    pub async fn open(url: &DatabaseUrl) -> anyhow::Result<Self> {
        let backend = Backend::new(url)?;
        let mut conn = backend.connect().await?;
        backend.migrate(&mut conn).await?;
        json_histories::move_to_rows(&backend, &mut conn).await?;
        let epoch = meta(&mut conn, "epoch", || Uuid::new_v4().simple().to_string()).await?;
        let readers = Readers::open(&backend).await?;
        Ok(Self {
            readers,
            writer: Writer::start(backend.clone(), conn),
            epoch,
            quotas: QuotasConfig::default(),
            backend,
        })
    }

    /// Replaces the default quotas.
    #[must_use]
    pub fn with_quotas(self, quotas: QuotasConfig) -> Self {
        Self { quotas, ..self }
    }

    /// The quotas of a user.
    pub fn quotas(&self) -> QuotasConfig {
        self.quotas
    }

    /// Identifies the event log that `seq` numbers belong to.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Runs a single statement, which is a snapshot by itself; further round trips would multiply its cost.
    /// For the server's own reads; reads on behalf of a user use [`Store::query_for`].
    ///
    /// # Errors
    /// Those of `query`, and [`StoreError`].
    pub async fn query<T, E>(&self, query: impl AsyncFnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        query(&mut *self.readers.acquire().await?).await
    }

    /// Reads a page of a list with a single statement, like [`Store::query_for`].
    ///
    /// # Errors
    /// Those of `read`, and [`StoreError`].
    pub async fn page<T, K>(
        &self,
        user: &UserId,
        page: &PageRequest<K>,
        read: impl AsyncFnOnce(&mut Conn, &mut Room) -> Result<Vec<T>, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let mut room = page.room();
        let items = self.query_for(user, async |conn| read(conn, &mut room).await).await?;
        Ok(Page {
            items,
            has_more: room.is_full(),
        })
    }

    /// [`Store::query`] on behalf of a user, whose concurrent reads are limited.
    ///
    /// # Errors
    /// Those of `query`, and [`StoreError`].
    pub async fn query_for<T, E>(
        &self,
        user: &UserId,
        query: impl AsyncFnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        query(&mut *self.readers.acquire_for(user).await?.conn).await
    }

    /// Runs `read` on one snapshot of the database. For the server's own reads; reads on behalf of a user use
    /// [`Store::read_for`].
    ///
    /// # Errors
    /// Those of `read`, and [`StoreError`].
    pub async fn read<T, E>(&self, read: impl AsyncFnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        self.snapshot(&mut *self.readers.acquire().await?, read).await
    }

    /// [`Store::read`] on behalf of a user, whose concurrent reads are limited.
    ///
    /// # Errors
    /// Those of `read`, and [`StoreError`].
    pub async fn read_for<T, E>(&self, user: &UserId, read: impl AsyncFnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        self.snapshot(&mut self.readers.acquire_for(user).await?.conn, read)
            .await
    }

    async fn snapshot<T, E>(&self, conn: &mut Conn, read: impl AsyncFnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let transaction = conn.begin_with(self.backend.begin_reading()).await;
        let mut transaction = transaction.map_err(StoreError::from)?;
        let value = read(&mut transaction).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(value)
    }

    /// A named value that is stored once for the whole database, created by `first` if it is missing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep(
        &self,
        name: &'static str,
        first: impl FnOnce() -> String + Send + 'static,
    ) -> Result<String, StoreError> {
        self.writer
            .write(move |conn| async move { Ok(meta(conn, name, first).await?) }.boxed())
            .await
    }

    /// The writer: see `Writer::submit` and `Writer::write`.
    pub fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Adds the store's metrics to a registry.
    pub fn register_metrics(&self, registry: &mut Registry) {
        metrics::register(registry, &self.writer, &self.readers);
    }

    /// Whether the database answers, over a connection that no other read waits for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut conn = self.readers.acquire_for_health().await?;
        sqlx::query("SELECT 1").execute(&mut *conn).await?;
        Ok(())
    }

    /// Completes submitted jobs, then closes the database.
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

/// A named value that is stored once for the whole database, created by `first` if it is missing.
///
/// The epoch is such a value: a database that was restored or replaced has other events under the same numbers.
async fn meta(
    conn: &mut Conn,
    name: &'static str,
    first: impl FnOnce() -> String + Send,
) -> Result<String, sqlx::Error> {
    sqlx::query("INSERT INTO server_meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(name)
        .bind(first())
        .execute(&mut *conn)
        .await?;
    sqlx::query_scalar("SELECT value FROM server_meta WHERE name = $1")
        .bind(name)
        .fetch_one(conn)
        .await
}

#[cfg(test)]
mod query_plan_tests;
#[cfg(test)]
pub(crate) mod test_recorder;
#[cfg(test)]
pub(crate) mod testing {
    //! A database for a test, removed at its end.

    use super::*;
    use crate::config::{Config, Vars};
    pub use testkit::TestDatabase;

    /// The store and its temporary database.
    pub async fn store() -> (Store, TestDatabase) {
        let database = TestDatabase::create().await;
        let config = Config::from_vars(&Vars::from_pairs([("DATABASE_URL", &database.url)])).unwrap();
        (Store::open(&config.database).await.unwrap(), database)
    }

    /// A store on a database of an older version: runs the migrations before `version`, then the statements, then opens
    /// the store.
    pub async fn upgraded(version: i64, statements: &'static str) -> (Store, TestDatabase) {
        let database = TestDatabase::create().await;
        let config = Config::from_vars(&Vars::from_pairs([("DATABASE_URL", &database.url)])).unwrap();
        let mut conn = Backend::new(&config.database).unwrap().connect().await.unwrap();
        let all = sqlx::migrate!();
        let older = all.iter().filter(|migration| migration.version < version);
        let older = sqlx::migrate::Migrator::with_migrations(older.cloned().collect());
        older.run(&mut conn).await.unwrap();
        sqlx::raw_sql(statements).execute(&mut conn).await.unwrap();
        sqlx::Connection::close(conn).await.unwrap();
        (Store::open(&config.database).await.unwrap(), database)
    }

    /// Makes the database refuse an action (INSERT, UPDATE or DELETE) on a table, for tests of partial failures.
    pub async fn refuse(store: &Store, action: &str, table: &str) {
        let name = format!("refuse_{action}_{table}").to_lowercase();
        let (action, table) = (action.to_owned(), table.to_owned());
        let refused = store.writer().write(move |conn| {
            async move {
                let sql = match conn.backend_name() {
                    "SQLite" => format!(
                        "CREATE TRIGGER {name} BEFORE {action} ON {table}
                         BEGIN SELECT RAISE(ABORT, 'refused on purpose'); END"
                    ),
                    _ => format!(
                        "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
                         AS $$ BEGIN RAISE EXCEPTION 'refused on purpose'; END $$;
                         CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
                    ),
                };
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(conn).await?;
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        refused.await.unwrap();
    }
}
