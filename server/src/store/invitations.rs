//! The table `invitations`.

use super::{Conn, StoreError};
use protocol::{id::UserId, time::Timestamp};

/// Stores an invitation.
pub async fn insert(conn: &mut Conn, code_hash: &str, now: Timestamp, expires_at: Timestamp) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO invitations (code_hash, created_at, expires_at) VALUES ($1, $2, $3)")
        .bind(code_hash)
        .bind(now.millis())
        .bind(expires_at.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether there is an unused and unexpired invitation with this hash.
pub async fn is_good(conn: &mut Conn, code_hash: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM invitations WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2";
    let found: Option<i64> = sqlx::query_scalar(sql)
        .bind(code_hash)
        .bind(now.millis())
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// Marks an invitation as used; `false` if it is unknown, used or expired.
pub async fn redeem(conn: &mut Conn, code_hash: &str, user: &UserId, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "UPDATE invitations SET used_at = $2, used_by = $3
               WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2";
    let used = sqlx::query(sql)
        .bind(code_hash)
        .bind(now.millis())
        .bind(user.as_str())
        .execute(conn)
        .await?;
    Ok(used.rows_affected() == 1)
}
