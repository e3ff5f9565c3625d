//! A database for one test: a SQLite file, or a PostgreSQL database if LOCKSTEP_TEST_POSTGRES is the URL of a server,
//! of a user who may create databases. So each test runs on both.

use sqlx::{
    AnyConnection, AssertSqlSafe, ConnectOptions, Executor, any::AnyConnectOptions, postgres::PgConnectOptions,
};
use std::str::FromStr;
use tempfile::TempDir;
use uuid::Uuid;

/// A test's database. A file is deleted when this is dropped; a PostgreSQL database stays until
/// [`TestDatabase::drop_postgres`] or until its server is removed.
pub struct TestDatabase {
    /// The value of DATABASE_URL.
    pub url: String,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    /// Creates an empty database.
    pub async fn create() -> Self {
        match std::env::var("LOCKSTEP_TEST_POSTGRES") {
            Ok(server) => Self::postgres(&server).await,
            Err(_) => Self::sqlite(),
        }
    }

    /// Creates a SQLite file in a temporary folder.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            url: format!("sqlite:///{}", folder.path().join("test.db").display()),
            _folder: Some(folder),
        }
    }

    /// Creates an empty database on a PostgreSQL server, given as the URL of a user who may create databases.
    pub async fn postgres(server: &str) -> Self {
        let name = format!("test_{}", Uuid::new_v4().simple());
        run_on(server, &format!("CREATE DATABASE {name}")).await;
        let mut url = url::Url::parse(server).unwrap();
        url.set_path(&name);
        Self {
            url: url.into(),
            _folder: None,
        }
    }

    /// Drops a database that [`Self::postgres`] created, and closes its connections.
    pub async fn drop_postgres(server: &str, url: &str) {
        let url = url::Url::parse(url).unwrap();
        let name = url.path().trim_start_matches('/');
        run_on(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }

    /// A connection besides those of the server under test.
    pub async fn connect(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        let url = match self.url.strip_prefix("sqlite:///") {
            // It may be the first connection, which creates the file.
            Some(path) => format!("sqlite://{path}?mode=rwc"),
            None => self.url.clone(),
        };
        let options = AnyConnectOptions::from_str(&url).unwrap();
        options.disable_statement_logging().connect().await.unwrap()
    }

    /// Runs statements.
    pub async fn run(&self, sql: &str) {
        let mut conn = self.connect().await;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
        sqlx::Connection::close(conn).await.unwrap();
    }

    /// The number that a query returns.
    pub async fn number(&self, sql: &str) -> i64 {
        let mut conn = self.connect().await;
        let number = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut conn)
            .await
            .unwrap();
        sqlx::Connection::close(conn).await.unwrap();
        number
    }
}

/// Runs a statement on a PostgreSQL server, outside of a transaction.
async fn run_on(server: &str, sql: &str) {
    let options: PgConnectOptions = server.parse().unwrap();
    let mut conn = options.connect().await.expect("a PostgreSQL server");
    conn.execute(AssertSqlSafe(sql)).await.unwrap();
}
