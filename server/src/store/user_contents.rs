//! Which kinds of things a user has at all, in one statement: most have no schedule, no todo and no tag.

use super::{Conn, StoreError, columns};
use hub::StreamId;
use protocol::id::UserId;
use sqlx::Row as _;

/// What a user has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserContents {
    /// The newest event of the stream that was asked for; 0 where there is none.
    pub seq: u64,
    /// Tags.
    pub tags: bool,
    /// Schedules.
    pub schedules: bool,
    /// Todos.
    pub todos: bool,
}

/// What a user has.
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
