//! The tables of built-in accounts: `users`, `credentials`. Their sessions are in [`super::sessions`].

use super::{Conn, Row, StoreError, users};
use protocol::{
    id::UserId,
    profile::{ISSUER, Profile},
    rest::account::Account,
    time::Timestamp,
};
use sqlx::Row as _;

/// Creates a user with a built-in account; `false` if the address is taken.
pub async fn insert(conn: &mut Conn, account: &Account, hash: &str, now: Timestamp) -> Result<bool, StoreError> {
    let taken: Option<i64> = sqlx::query_scalar("SELECT 1 FROM credentials WHERE email = $1")
        .bind(&account.email)
        .fetch_optional(&mut *conn)
        .await?;
    if taken.is_some() {
        return Ok(false);
    }
    // The address is not verified, so the profile does not contain it.
    let profile = Profile {
        display_name: account.display_name.clone(),
        ..Profile::default()
    };
    // The id is random: the insert fails if an issuer's subject has it already.
    users::insert(conn, &account.id, (ISSUER, account.id.as_str()), &profile, now).await?;
    sqlx::query("INSERT INTO credentials (email, user_id, password_hash) VALUES ($1, $2, $3)")
        .bind(&account.email)
        .bind(account.id.as_str())
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(true)
}

/// The account with this address, and its password hash.
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

/// Reads an account from a row with the columns `id`, `email` and `display_name`.
pub(super) fn account(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        id: UserId(row.try_get("id")?),
        email: row.try_get("email")?,
        display_name: row.try_get("display_name")?,
    })
}
