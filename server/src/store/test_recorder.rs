//! Statements as the database driver says that it ran them, for tests of what something asks of the database.

use super::{
    Conn,
    testing::{self, TestDatabase},
};
use sqlx::{ConnectOptions, any::AnyConnectOptions};
use std::{
    fmt::Debug,
    str::FromStr,
    sync::Mutex,
    thread::{self, ThreadId},
};
use tokio::sync::MutexGuard;
use tracing::{Event, Subscriber, field::Field};
use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt},
    registry,
};

/// What was said so far, and by whom: the driver does not name the connection, but each has a thread of its own that
/// speaks for it (SQLite's worker, or the one of the test).
static STATEMENTS: Mutex<Vec<(ThreadId, String)>> = Mutex::new(Vec::new());
/// One test at a time, so that each finds its own last statement.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Keeps what the driver says.
struct Listener;

impl<S: Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let (mut summary, mut whole) = (String::new(), String::new());
            event.record(&mut |field: &Field, value: &dyn Debug| match field.name() {
                "summary" => summary = unquoted(&format!("{value:?}")),
                "db.statement" => whole = unquoted(&format!("{value:?}")),
                _ => {}
            });
            // The driver gives the whole one where the summary is shorter.
            let text = if whole.trim().is_empty() { summary } else { whole };
            let said = (thread::current().id(), text.trim().to_owned());
            STATEMENTS.lock().unwrap().push(said);
        }
    }
}

/// Text comes as its `Debug`.
fn unquoted(debug: &str) -> String {
    serde_json::from_str(debug).unwrap_or_else(|_| debug.to_owned())
}

/// A connection to a test's database of which each statement is recorded.
pub struct StatementRecorder {
    /// The connection.
    pub conn: Conn,
    _turn: MutexGuard<'static, ()>,
}

impl StatementRecorder {
    /// Connects.
    pub async fn connect(database: &TestDatabase) -> Self {
        let turn = TURN.lock().await;
        // Once for all tests of a process.
        let _ = tracing::subscriber::set_global_default(registry().with(Listener));
        let options = AnyConnectOptions::from_str(&database.url.replace("sqlite:///", "sqlite://"));
        STATEMENTS.lock().unwrap().clear();
        let conn = options.unwrap().connect().await.unwrap();
        let mut recorded = Self { conn, _turn: turn };
        // What connecting took is not of interest.
        recorded.statements().await;
        recorded
    }

    /// What was run since the last call. The driver says so in its own thread, one statement after the other.
    pub async fn statements(&mut self) -> Vec<String> {
        sqlx::query("SELECT 'that was all'")
            .fetch_one(&mut self.conn)
            .await
            .unwrap();
        loop {
            if let Some(all) = take_finished() {
                return all;
            }
            tokio::task::yield_now().await;
        }
    }
}

/// What was run, once the statement that ends it was said too. What other connections say meanwhile (those that make
/// a database for another test) is left out.
fn take_finished() -> Option<Vec<String>> {
    let mut all = STATEMENTS.lock().unwrap();
    let end = all.iter().position(|(_, text)| text.contains("that was all"))?;
    let speaker = all[end].0;
    let own = all.drain(..).take(end).filter(|(thread, _)| *thread == speaker);
    Some(own.map(|(_, text)| text).collect())
}

#[tokio::test]
async fn what_other_connections_run_meanwhile_is_left_out() {
    let (_store, database) = testing::store().await;
    let mut recorded = StatementRecorder::connect(&database).await;
    sqlx::raw_sql("SELECT 'mine'")
        .execute(&mut recorded.conn)
        .await
        .unwrap();
    let url = database.url.replace("sqlite:///", "sqlite://");
    let others = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(async {
            let options = AnyConnectOptions::from_str(&url).unwrap();
            let mut other = options.connect().await.unwrap();
            sqlx::raw_sql("SELECT 'theirs'").execute(&mut other).await.unwrap();
            sqlx::Connection::close(other).await.unwrap();
        });
    });
    others.join().unwrap();
    assert_eq!(recorded.statements().await, ["SELECT 'mine'"]);
}
