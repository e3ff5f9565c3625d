//! Whether a user has any schedules, todos and tags, in one statement: most users have none.

use super::{Conn, StoreError, columns};
use hub::StreamId;
use protocol::id::UserId;
use sqlx::Row as _;

/// The kinds of data that a user has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserContents {
    /// The newest event of the requested stream; 0 if it has none.
    pub seq: u64,
    /// Whether there are tags.
    pub tags: bool,
    /// Whether there are schedules.
    pub schedules: bool,
    /// Whether there are todos.
    pub todos: bool,
}

/// Reads them.
pub async fn of(conn: &mut Conn, user: &UserId, stream: &StreamId) -> Result<UserContents, StoreError> {
    let row = sqlx::query(
        "SELECT COALESCE((SELECT seq FROM event_streams WHERE stream = $2), 0) AS seq,
         CAST(EXISTS (SELECT 1 FROM tags WHERE owner_id = $1) AS INTEGER) AS tags,
         CAST(EXISTS (SELECT 1 FROM schedules WHERE owner_id = $1) AS INTEGER) AS schedules,
         CAST(EXISTS (SELECT 1 FROM todos WHERE owner_id = $1) AS INTEGER) AS todos",
    )
    .bind(user.as_str())
    .bind(stream.to_string())
    .fetch_one(conn)
    .await?;
    Ok(UserContents {
        seq: row.try_get::<i64, _>("seq")?.unsigned_abs(),
        tags: columns::switch(&row, "tags")?,
        schedules: columns::switch(&row, "schedules")?,
        todos: columns::switch(&row, "todos")?,
    })
}
