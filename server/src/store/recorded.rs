//! Statements as the database driver says that it ran them, for tests of what something asks of the database.

use super::{Conn, testing::TestDatabase};
use sqlx::{ConnectOptions, any::AnyConnectOptions};
use std::{fmt::Debug, str::FromStr, sync::Mutex};
use tokio::sync::MutexGuard;
use tracing::{Event, Subscriber, field::Field};
use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt},
    registry,
};

static STATEMENTS: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// One at a time: what the driver says is not of one connection or another.
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
            STATEMENTS.lock().unwrap().push(text.trim().to_owned());
        }
    }
}

/// Text comes as its `Debug`.
fn unquoted(debug: &str) -> String {
    serde_json::from_str(debug).unwrap_or_else(|_| debug.to_owned())
}

/// A connection to a test's database of which each statement is recorded.
pub struct Recorded {
    /// The connection.
    pub conn: Conn,
    _turn: MutexGuard<'static, ()>,
}

impl Recorded {
    /// Connects.
    pub async fn connect(database: &TestDatabase) -> Self {
        let turn = TURN.lock().await;
        // Once for all tests of a process: other connections do not say what they run.
        let _ = tracing::subscriber::set_global_default(registry().with(Listener));
        let options = AnyConnectOptions::from_str(&database.url.replace("sqlite:///", "sqlite://"));
        let conn = options.unwrap().connect().await.unwrap();
        STATEMENTS.lock().unwrap().clear();
        Self { conn, _turn: turn }
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

/// What was run, once the last statement is the one that says so.
fn take_finished() -> Option<Vec<String>> {
    let mut all = STATEMENTS.lock().unwrap();
    let finished = all.last().is_some_and(|last| last.contains("that was all"));
    finished.then(|| {
        all.pop();
        std::mem::take(&mut *all)
    })
}
