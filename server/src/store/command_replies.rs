//! The table `command_replies`: what a command's id was first answered with (DESIGN.md, idea 3).

use super::{Conn, StoreError};
use protocol::{id::UserId, time::Timestamp, wire::ServerMessage};

/// The first answer to a user's command; `None` where the id is new.
pub async fn find(conn: &mut Conn, user: &UserId, command_id: &str) -> Result<Option<ServerMessage>, StoreError> {
    let sql = "SELECT reply FROM command_replies WHERE user_id = $1 AND command_id = $2";
    let reply: Option<String> = sqlx::query_scalar(sql)
        .bind(user.as_str())
        .bind(command_id)
        .fetch_optional(conn)
        .await?;
    reply
        .map(|text| serde_json::from_str(&text).map_err(|error| StoreError::corrupt("reply", error)))
        .transpose()
}

/// Keeps the first answer.
pub async fn insert(conn: &mut Conn, user: &UserId, command_id: &str, reply: &ServerMessage) -> Result<(), StoreError> {
    let text = serde_json::to_string(reply).map_err(|error| StoreError::corrupt("reply", error))?;
    sqlx::query("INSERT INTO command_replies (user_id, command_id, at, reply) VALUES ($1, $2, $3, $4)")
        .bind(user.as_str())
        .bind(command_id)
        .bind(reply.timestamp.millis())
        .bind(text)
        .execute(conn)
        .await?;
    Ok(())
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
