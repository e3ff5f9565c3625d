//! SQL, and nothing but SQL: one file a table family. Reads come from a pool and see whole commits only; every write
//! goes through one `writer`, which commits what waits together.

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
mod paging;
mod readers;
pub mod resources;
pub mod schedule_exceptions;
pub mod schedules;
pub mod sessions;
pub mod tag_groups;
pub mod tagged;
pub mod tags;
pub mod timer_history;
pub mod timer_links;
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
    /// No connection was free in time.
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
}

impl Store {
    /// Opens the database, makes a SQLite file where there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// When the database cannot be made or reached, or is not of this version.
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

    /// With other quotas than the default ones.
    #[must_use]
    pub fn with_quotas(self, quotas: QuotasConfig) -> Self {
        Self { quotas, ..self }
    }

    /// How much one user may keep.
    pub fn quotas(&self) -> QuotasConfig {
        self.quotas
    }

    /// Names the event log that `seq` numbers belong to.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Runs a single statement, which is a snapshot by itself. Each further trip to the database would cost as much.
    /// For the server's own reads; those that a user asks for go through [`Store::query_for`].
    ///
    /// # Errors
    /// Those of `query`, and [`StoreError`].
    pub async fn query<T, E>(&self, query: impl AsyncFnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        query(&mut *self.readers.acquire().await?).await
    }

    /// Reads a page of a list by a single statement, as [`Store::query_for`].
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

    /// [`Store::query`] for a user, of whose reads few go on at once.
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

    /// Runs `read` on one snapshot of the database. For the server's own reads; those that a user asks for go through
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

    /// [`Store::read`] for a user, of whose reads few go on at once.
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

    /// What is kept once for the whole database under a name, made by `first` where it is not there yet.
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

    /// Makes the store's metrics part of what a registry shows.
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

    /// Finishes what was submitted, then closes the file.
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

/// What is kept once for the whole database, made by `first` where it is not there yet.
///
/// The epoch is made so: a database that was set back or replaced has other events under the same numbers.
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
    //! A store of one's own, gone with the test.

    use super::*;
    use crate::config::{Config, Vars};
    pub use testkit::TestDatabase;

    /// The store and what it is kept in.
    pub async fn store() -> (Store, TestDatabase) {
        let database = TestDatabase::create().await;
        let config = Config::from_vars(&Vars::from_pairs([("DATABASE_URL", &database.url)])).unwrap();
        (Store::open(&config.database).await.unwrap(), database)
    }

    /// A store of a database that was at an older version: of the migrations those before `version` have run, then the
    /// statements, then the store was opened.
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

    /// Lets the database refuse an action (INSERT, UPDATE or DELETE) on a table from now on, for tests of what is left
    /// where the last step fails.
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
