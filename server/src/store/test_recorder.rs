//! Records the statements that the database driver logs, for tests that count or inspect statements.

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

/// The recorded statements with their threads: the driver does not log the connection, but each has its own logging
/// thread (SQLite's worker, or that of the test).
static STATEMENTS: Mutex<Vec<(ThreadId, String)>> = Mutex::new(Vec::new());
/// One test at a time, so that each finds its own final statement.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Records the driver's log events.
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
            // The driver logs the whole statement if its summary is shortened.
            let text = if whole.trim().is_empty() { summary } else { whole };
            let said = (thread::current().id(), text.trim().to_owned());
            STATEMENTS.lock().unwrap().push(said);
        }
    }
}

/// Text arrives in `Debug` form.
fn unquoted(debug: &str) -> String {
    serde_json::from_str(debug).unwrap_or_else(|_| debug.to_owned())
}

/// A connection to a test's database whose statements are recorded.
pub struct StatementRecorder {
    pub conn: Conn,
    _turn: MutexGuard<'static, ()>,
}

impl StatementRecorder {
    pub async fn connect(database: &TestDatabase) -> Self {
        let turn = TURN.lock().await;
        // Once for all tests of the process.
        let _ = tracing::subscriber::set_global_default(registry().with(Listener));
        let options = AnyConnectOptions::from_str(&database.url.replace("sqlite:///", "sqlite://"));
        STATEMENTS.lock().unwrap().clear();
        let conn = options.unwrap().connect().await.unwrap();
        let mut recorded = Self { conn, _turn: turn };
        // Statements of the connection set-up are discarded.
        recorded.statements().await;
        recorded
    }

    /// The statements since the last call. The driver logs them in its own thread, in order.
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

/// The statements up to the final one, once that is logged. Statements of other connections (of tests that create
/// a database meanwhile) are left out.
fn take_finished() -> Option<Vec<String>> {
    let mut all = STATEMENTS.lock().unwrap();
    let end = all.iter().position(|(_, text)| text.contains("that was all"))?;
    let speaker = all[end].0;
    let own = all.drain(..).take(end).filter(|(thread, _)| *thread == speaker);
    Some(own.map(|(_, text)| text).collect())
}

#[tokio::test]
async fn statements_of_other_connections_are_left_out() {
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
