//! The tables `sessions` and `refresh_tokens`.

use super::{Conn, StoreError, accounts::account, bulk::BulkStatement};
use protocol::{id::UserId, rest::account::Account, time::Timestamp};
use sqlx::Row as _;
use uuid::Uuid;

/// A stored refresh token with its session.
#[derive(Clone, Debug)]
pub struct SessionToken {
    pub session_id: Uuid,
    /// The session's user.
    pub account: Account,
    pub created_at: Timestamp,
    /// When the session ends unless it is refreshed before.
    pub expires_at: Timestamp,
    /// When this token was exchanged for its successor; `None` if it is current.
    pub used_at: Option<Timestamp>,
}

/// Those of the given sessions that have not ended at a time.
static LIVE: BulkStatement = BulkStatement::new("SELECT id, expires_at FROM sessions WHERE id IN (", 1, ")");

/// Inserts a session.
pub async fn insert(
    conn: &mut Conn,
    id: Uuid,
    user: &UserId,
    family_hash: Option<&str>,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO sessions (id, user_id, family_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    sqlx::query(sql)
        .bind(id.to_string())
        .bind(user.as_str())
        .bind(family_hash)
        .bind(now.millis())
        .bind(expires_at.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Extends the session of a token family.
pub async fn extend(
    conn: &mut Conn,
    id: Uuid,
    family_hash: Option<&str>,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET expires_at = $2, family_hash = $3 WHERE id = $1")
        .bind(id.to_string())
        .bind(expires_at.millis())
        .bind(family_hash)
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes a session with all its tokens.
pub async fn delete(conn: &mut Conn, id: Uuid) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE id = $1")
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes all sessions; returns their number.
pub async fn delete_all(conn: &mut Conn) -> Result<u64, StoreError> {
    Ok(sqlx::query("DELETE FROM sessions").execute(conn).await?.rows_affected())
}

/// Deletes all expired sessions.
pub async fn delete_expired(conn: &mut Conn, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "DELETE FROM sessions WHERE expires_at <= $1";
    Ok(sqlx::query(sql).bind(now.millis()).execute(conn).await?.rows_affected())
}

/// A user's sessions, newest first.
pub async fn of_user(conn: &mut Conn, user: &UserId) -> Result<Vec<Uuid>, StoreError> {
    let rows = sqlx::query("SELECT id FROM sessions WHERE user_id = $1 ORDER BY created_at DESC, id DESC")
        .bind(user.as_str())
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| session_id(row, "id")).collect()
}

/// The session of a token family.
pub async fn of_family(conn: &mut Conn, family_hash: &str) -> Result<Option<(Uuid, UserId)>, StoreError> {
    let row = sqlx::query("SELECT id, user_id FROM sessions WHERE family_hash = $1")
        .bind(family_hash)
        .fetch_optional(conn)
        .await?;
    row.map(|row| Ok((session_id(&row, "id")?, UserId(row.try_get("user_id")?))))
        .transpose()
}

/// The ids of those sessions that have not ended.
pub async fn live(conn: &mut Conn, ids: &[Uuid], now: Timestamp) -> Result<Vec<Uuid>, StoreError> {
    let mut live = Vec::with_capacity(ids.len());
    for row in LIVE.fetch(conn, ids, |query, id| query.bind(id.to_string())).await? {
        if row.try_get::<i64, _>("expires_at")? > now.millis() {
            live.push(session_id(&row, "id")?);
        }
    }
    Ok(live)
}

/// Adds a token to a session.
pub async fn insert_token(
    conn: &mut Conn,
    hash: &str,
    session: Uuid,
    has_family: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO refresh_tokens (token_hash, session_id, has_family, created_at) VALUES ($1, $2, $3, $4)";
    sqlx::query(sql)
        .bind(hash)
        .bind(session.to_string())
        .bind(i64::from(has_family))
        .bind(now.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Records that a token was exchanged; a later exchange does not change the time.
pub async fn use_token(conn: &mut Conn, hash: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL")
        .bind(hash)
        .bind(now.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes a session's tokens that were exchanged before a time, if they have its family: by that they are still
/// recognised.
pub async fn forget_used_tokens(conn: &mut Conn, session: Uuid, before: Timestamp) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM refresh_tokens WHERE session_id = $1 AND used_at < $2 AND has_family = 1")
        .bind(session.to_string())
        .bind(before.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes all tokens that were exchanged before a time.
pub async fn forget_old_tokens(conn: &mut Conn, before: Timestamp) -> Result<u64, StoreError> {
    let sql = "DELETE FROM refresh_tokens WHERE used_at < $1";
    Ok(sqlx::query(sql)
        .bind(before.millis())
        .execute(conn)
        .await?
        .rows_affected())
}

/// The token with this hash, with its session and account.
pub async fn find_token(conn: &mut Conn, hash: &str) -> Result<Option<SessionToken>, StoreError> {
    let row = sqlx::query(
        "SELECT users.id, users.display_name, credentials.email,
                sessions.id AS session_id, sessions.created_at, sessions.expires_at, refresh_tokens.used_at
         FROM refresh_tokens
         JOIN sessions ON sessions.id = refresh_tokens.session_id
         JOIN users ON users.id = sessions.user_id
         JOIN credentials ON credentials.user_id = users.id
         WHERE refresh_tokens.token_hash = $1",
    )
    .bind(hash)
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(SessionToken {
            session_id: session_id(&row, "session_id")?,
            account: account(&row)?,
            created_at: Timestamp::from_millis(row.try_get("created_at")?),
            expires_at: Timestamp::from_millis(row.try_get("expires_at")?),
            used_at: row.try_get::<Option<i64>, _>("used_at")?.map(Timestamp::from_millis),
        })
    })
    .transpose()
}

fn session_id(row: &super::Row, column: &str) -> Result<Uuid, StoreError> {
    let id: String = row.try_get(column)?;
    id.parse().map_err(|error| StoreError::corrupt("session id", error))
}
