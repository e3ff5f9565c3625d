//! Moves histories that were stored as JSON in timers, before migration 8, to rows of their own.

use super::{
    Conn, StoreError,
    backend::Backend,
    bulk::BulkStatement,
    columns,
    timer_history::{self, Added},
    writer,
};
use protocol::{id::TimerId, timers::History};
use sqlx::Row as _;

/// Number of timers per transaction.
const BATCH: i64 = 100;

static EMPTY: BulkStatement = BulkStatement::new("UPDATE timers SET history = '' WHERE id IN (", 1, ")");

/// Moves all JSON histories, a few timers per transaction: after an interruption it continues at the next start. Nodes
/// that start together take turns.
pub(super) async fn move_to_rows(backend: &Backend, conn: &mut Conn) -> Result<(), StoreError> {
    let (mut moved, mut last) = (0, String::new());
    loop {
        writer::execute(conn, backend.begin_writing()).await?;
        match move_batch(conn, &last).await {
            Ok(timers) => {
                writer::execute(conn, "COMMIT").await?;
                let Some(newest) = timers.last() else { break };
                last = newest.to_string();
                moved += timers.len();
            }
            Err(error) => {
                writer::execute(conn, "ROLLBACK").await?;
                return Err(error);
            }
        }
    }
    if moved > 0 {
        tracing::info!(timers = moved, "moved the histories of timers to rows of their own");
    }
    Ok(())
}

/// Moves the histories of the next timers after an id.
async fn move_batch(conn: &mut Conn, after: &str) -> Result<Vec<TimerId>, StoreError> {
    let sql = "SELECT id, history FROM timers WHERE history <> '' AND id > $1 ORDER BY id LIMIT $2";
    let rows = sqlx::query(sql).bind(after).bind(BATCH).fetch_all(&mut *conn).await?;
    let mut histories: Vec<(TimerId, History)> = Vec::with_capacity(rows.len());
    for row in &rows {
        let (id, text): (TimerId, String) = (columns::id(row, "id")?, row.try_get("history")?);
        let history = serde_json::from_str(&text)
            .map_err(|error| StoreError::corrupt("history", format!("timer {id}: {error}")))?;
        histories.push((id, history));
    }
    let added = histories.iter().map(|(timer, entries)| Added {
        timer: *timer,
        position: 0,
        entries,
    });
    timer_history::append(conn, added).await?;
    let ids = Vec::from_iter(histories.iter().map(|(id, _)| *id));
    EMPTY.write(conn, &ids, |query, id| query.bind(id.to_string())).await?;
    Ok(ids)
}
