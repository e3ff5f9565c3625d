//! The tables of the built-in accounts: `users`, `credentials`, `sessions`, `refresh_tokens`.

use super::{Conn, Row, StoreError, users};
use crate::auth::{access_token::ISSUER, identity::Profile};
use protocol::{account::Account, id::UserId, time::Timestamp};
use sqlx::Row as _;

/// A session that a refresh token belongs to.
#[derive(Clone, Debug)]
pub struct SessionToken {
    /// The session.
    pub session_id: String,
    /// Whose it is.
    pub account: Account,
    /// When the session ends, unless it is used before.
    pub expires_at: Timestamp,
    /// When this token was exchanged for its successor; `None`: not yet.
    pub used_at: Option<Timestamp>,
}

/// Makes a user with a built-in account; `false` where the address is taken.
pub async fn insert(conn: &mut Conn, account: &Account, hash: &str, now: Timestamp) -> Result<bool, StoreError> {
    let taken: Option<i64> = sqlx::query_scalar("SELECT 1 FROM credentials WHERE email = $1")
        .bind(&account.email)
        .fetch_optional(&mut *conn)
        .await?;
    if taken.is_some() {
        return Ok(false);
    }
    // The address signs in, it is not verified: the profile is without it.
    let profile = Profile {
        display_name: account.display_name.clone(),
        ..Profile::default()
    };
    // The id is random: the insert fails where an issuer brought it as a subject before.
    users::insert(conn, &account.id, (ISSUER, account.id.as_str()), &profile, now).await?;
    sqlx::query("INSERT INTO credentials (email, user_id, password_hash) VALUES ($1, $2, $3)")
        .bind(&account.email)
        .bind(account.id.as_str())
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(true)
}

/// The account with this address, and its password's hash.
pub async fn find(conn: &mut Conn, email: &str) -> Result<Option<(Account, String)>, StoreError> {
    let row = sqlx::query(
        "SELECT users.id, users.display_name, credentials.email, credentials.password_hash
         FROM credentials JOIN users ON users.id = credentials.user_id WHERE credentials.email = $1",
    )
    .bind(email)
    .fetch_optional(conn)
    .await?;
    row.map(|row| Ok((account(&row)?, row.try_get("password_hash")?)))
        .transpose()
}

/// Begins a session.
pub async fn insert_session(
    conn: &mut Conn,
    id: &str,
    user: &UserId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(user.as_str())
        .bind(now.millis())
        .bind(expires_at.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Moves the end of a session.
pub async fn extend_session(conn: &mut Conn, id: &str, expires_at: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE sessions SET expires_at = $2 WHERE id = $1";
    sqlx::query(sql)
        .bind(id)
        .bind(expires_at.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends a session, with all its tokens.
pub async fn delete_session(conn: &mut Conn, id: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE id = $1")
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends all sessions whose time is over.
pub async fn delete_expired_sessions(conn: &mut Conn, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "DELETE FROM sessions WHERE expires_at <= $1";
    Ok(sqlx::query(sql).bind(now.millis()).execute(conn).await?.rows_affected())
}

/// Adds a token to a session.
pub async fn insert_token(conn: &mut Conn, hash: &str, session_id: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO refresh_tokens (token_hash, session_id, created_at) VALUES ($1, $2, $3)")
        .bind(hash)
        .bind(session_id)
        .bind(now.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that a token was exchanged; the first time counts.
pub async fn use_token(conn: &mut Conn, hash: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL")
        .bind(hash)
        .bind(now.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// The token with this hash, with its session and account.
pub async fn find_token(conn: &mut Conn, hash: &str) -> Result<Option<SessionToken>, StoreError> {
    let row = sqlx::query(
        "SELECT users.id, users.display_name, credentials.email,
                sessions.id AS session_id, sessions.expires_at, refresh_tokens.used_at
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
            session_id: row.try_get("session_id")?,
            account: account(&row)?,
            expires_at: Timestamp::from_millis(row.try_get("expires_at")?),
            used_at: row.try_get::<Option<i64>, _>("used_at")?.map(Timestamp::from_millis),
        })
    })
    .transpose()
}

fn account(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        id: UserId(row.try_get("id")?),
        email: row.try_get("email")?,
        display_name: row.try_get("display_name")?,
    })
}
