//! A message as the log keeps it: of a timer without its history, which is in rows of its own already, and so no event
//! grows with what happened before it.

use super::{Conn, Row, StoreError, columns, timer_history};
use protocol::{
    id::TimerId,
    timers::{History, ServerMessage},
};
use sqlx::Row as _;

/// What is stored of a message.
pub(super) struct Logged {
    /// JSON.
    pub message: String,
    /// The timer that it is about.
    pub timer: Option<TimerId>,
    /// As many of the oldest entries of that timer's history belong to the message.
    pub history_entries: Option<i64>,
}

/// What to store of a message.
pub(super) fn write(message: &ServerMessage) -> Result<Logged, StoreError> {
    let mut message = message.clone();
    let timer = message.body.timer_mut();
    let known = timer.map(|timer| (timer.id, std::mem::take(&mut timer.history).len()));
    Ok(Logged {
        message: serde_json::to_string(&message).map_err(|error| StoreError::corrupt("message", error))?,
        timer: known.map(|(id, _)| id),
        history_entries: known.map(|(_, entries)| i64::try_from(entries).unwrap_or(i64::MAX)),
    })
}

/// The messages of rows with the columns `message`, `timer_id` and `history_entries`, in their order. One more statement,
/// whatever their number; messages about one timer share its history in memory.
pub(super) async fn read(conn: &mut Conn, rows: &[Row]) -> Result<Vec<ServerMessage>, StoreError> {
    let mut messages = Vec::with_capacity(rows.len());
    let (mut timers, mut cut) = (Vec::new(), Vec::new());
    for row in rows {
        let text: String = row.try_get("message")?;
        let message = serde_json::from_str(&text).map_err(|error| StoreError::corrupt("message", error))?;
        // Null where the whole history is in the message, as it was before migration 8.
        if let Some(entries) = row.try_get::<Option<i64>, _>("history_entries")? {
            let timer: TimerId = columns::id(row, "timer_id")?;
            cut.push((messages.len(), timer, entries));
            timers.push(timer);
        }
        messages.push(message);
    }
    timers.sort_unstable();
    timers.dedup();
    let histories = timer_history::find(conn, &timers).await?;
    for (index, id, entries) in cut {
        let message: &mut ServerMessage = &mut messages[index];
        let then = |history: &History| history.prefix(usize::try_from(entries).ok()?);
        let history = histories.get(&id).and_then(then);
        let (Some(timer), Some(history)) = (message.body.timer_mut(), history) else {
            return Err(StoreError::corrupt(
                "history",
                format!("timer {id} has no {entries} entries"),
            ));
        };
        timer.history = history;
    }
    Ok(messages)
}
