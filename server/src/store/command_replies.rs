//! The table `command_replies`: what a command's id was first answered with (DESIGN.md, idea 3).

use super::{Conn, StoreError, bulk::BulkStatement, logged};
use protocol::{id::UserId, time::Timestamp, timers::ServerMessage};
use sqlx::Row as _;

/// A user's command id, at most 64 characters.
pub type Key = (UserId, String);

// Where the reply is an event, the log has its text, for as long as the reply is kept.
static FIND: BulkStatement = BulkStatement::new(
    "SELECT replies.user_id, replies.command_id, COALESCE(events.message, replies.reply) AS message,
     events.timer_id, events.history_entries FROM (VALUES ",
    2,
    ") AS asked
     JOIN command_replies AS replies ON replies.user_id = asked.column1 AND replies.command_id = asked.column2
     LEFT JOIN events ON events.user_id = replies.user_id AND events.seq = replies.event_seq",
);
static INSERT: BulkStatement = BulkStatement::new(
    "INSERT INTO command_replies (user_id, command_id, at, reply, event_seq) VALUES ",
    5,
    " ON CONFLICT DO NOTHING",
);

/// The first answers to those of the commands that were answered before.
pub async fn find(conn: &mut Conn, keys: &[Key]) -> Result<Vec<(Key, ServerMessage)>, StoreError> {
    let rows = FIND
        .fetch(conn, keys, |query, (user, command)| {
            query.bind(user.as_str()).bind(command.as_str())
        })
        .await?;
    let replies = logged::read(conn, &rows).await?;
    let keyed = rows.iter().zip(replies).map(|(row, reply)| {
        let key = (UserId(row.try_get("user_id")?), row.try_get("command_id")?);
        Ok((key, reply))
    });
    keyed.collect()
}

/// Keeps first answers. One with a `seq` is an event of its user and in the log already.
pub async fn insert(conn: &mut Conn, replies: &[(&Key, &ServerMessage)]) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(replies.len());
    for ((user, command), reply) in replies {
        let text = match reply.seq {
            Some(_) => String::new(),
            None => serde_json::to_string(reply).map_err(|error| StoreError::corrupt("reply", error))?,
        };
        rows.push((user, command, *reply, text));
    }
    INSERT
        .write(conn, &rows, |query, (user, command, reply, text)| {
            query
                .bind(user.as_str())
                .bind(command.as_str())
                .bind(reply.timestamp.millis())
                .bind(text.as_str())
                .bind(reply.seq.map(|seq| i64::try_from(seq).unwrap_or(i64::MAX)))
        })
        .await
}

/// Forgets what is older than `before`.
pub async fn forget(conn: &mut Conn, before: Timestamp) -> Result<u64, StoreError> {
    let sql = "DELETE FROM command_replies WHERE at < $1";
    Ok(sqlx::query(sql)
        .bind(before.millis())
        .execute(conn)
        .await?
        .rows_affected())
}
