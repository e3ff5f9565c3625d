//! A database of a test's own: a SQLite file, or, where LOCKSTEP_TEST_POSTGRES names a server that allows it, a
//! PostgreSQL database. So one story is told of both.

use sqlx::{AssertSqlSafe, ConnectOptions, Executor, postgres::PgConnectOptions};
use tempfile::TempDir;
use uuid::Uuid;

/// Where it is. A file goes with this; a database goes with its server, which is for tests alone.
pub struct TestDatabase {
    /// As DATABASE_URL takes it.
    pub url: String,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    /// An empty one.
    pub async fn create() -> Self {
        let Ok(server) = std::env::var("LOCKSTEP_TEST_POSTGRES") else {
            let folder = tempfile::tempdir().unwrap();
            return Self {
                url: format!("sqlite:///{}", folder.path().join("test.db").display()),
                _folder: Some(folder),
            };
        };
        let name = format!("test_{}", Uuid::new_v4().simple());
        let options: PgConnectOptions = server.parse().unwrap();
        let mut conn = options.connect().await.expect("the server of LOCKSTEP_TEST_POSTGRES");
        conn.execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await
            .unwrap();
        let mut url = url::Url::parse(&server).unwrap();
        url.set_path(&name);
        Self {
            url: url.into(),
            _folder: None,
        }
    }
}
