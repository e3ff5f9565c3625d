//! The table `users`.

use super::{Conn, Row, StoreError, columns};
use crate::auth::identity::Profile;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::{friend::FriendActivity, id::UserId, time::Timestamp};
use sqlx::Row as _;

/// Makes a user, or brings their profile up to date; the friend code stays as it was made first.
pub async fn put(conn: &mut Conn, id: &UserId, profile: &Profile, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO users (id, display_name, avatar_url, email, friend_code, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name, avatar_url = excluded.avatar_url,
         email = excluded.email",
    )
    .bind(id.as_str())
    .bind(profile.display_name.as_deref())
    .bind(profile.avatar_url.as_deref())
    .bind(profile.email.as_deref())
    .bind(friend_code())
    .bind(now.millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// What is kept of a user for themselves.
#[derive(Clone, Debug)]
pub struct StoredUser {
    /// The `sub` of their tokens.
    pub id: UserId,
    /// The name in the newest token.
    pub display_name: Option<String>,
    /// The picture in the newest token.
    pub avatar_url: Option<String>,
    /// To be given to whoever may ask to be friends.
    pub friend_code: String,
    /// What friends see of their timers.
    pub friend_activity: FriendActivity,
}

/// One user.
pub async fn find(conn: &mut Conn, id: &UserId) -> Result<Option<StoredUser>, StoreError> {
    let row = sqlx::query("SELECT * FROM users WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(user).transpose()
}

/// Sets what friends see of a user's timers.
pub async fn set_friend_activity(conn: &mut Conn, id: &UserId, shown: FriendActivity) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET friend_activity = $2 WHERE id = $1")
        .bind(id.as_str())
        .bind(shown.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Who has a friend code.
pub async fn with_code(conn: &mut Conn, code: &str) -> Result<Option<UserId>, StoreError> {
    let sql = "SELECT id FROM users WHERE friend_code = $1";
    let id: Option<String> = sqlx::query_scalar(sql).bind(code).fetch_optional(conn).await?;
    Ok(id.map(UserId))
}

/// Who has a verified address, given in lower case; of several accounts the oldest.
pub async fn with_email(conn: &mut Conn, email: &str) -> Result<Option<UserId>, StoreError> {
    let sql = "SELECT id FROM users WHERE email = $1 ORDER BY created_at, id LIMIT 1";
    let id: Option<String> = sqlx::query_scalar(sql).bind(email).fetch_optional(conn).await?;
    Ok(id.map(UserId))
}

fn user(row: &Row) -> Result<StoredUser, StoreError> {
    let words = FriendActivity::ALL.map(|shown| (shown.as_str(), shown));
    Ok(StoredUser {
        id: UserId(row.try_get("id")?),
        display_name: row.try_get("display_name")?,
        avatar_url: row.try_get("avatar_url")?,
        friend_code: row.try_get("friend_code")?,
        friend_activity: columns::word(row, "friend_activity", &words)?,
    })
}

/// 32 random bytes, base64url: 43 characters that nobody guesses (contract, REST 5).
fn friend_code() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn a_profile_follows_the_newest_token_and_keeps_its_friend_code() {
        let (store, _folder) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                let ada = UserId::from("ada");
                let mut codes = Vec::new();
                for name in ["Ada", "Ada Lovelace"] {
                    let profile = Profile {
                        display_name: Some(name.into()),
                        ..Profile::default()
                    };
                    put(conn, &ada, &profile, Timestamp::default()).await?;
                    let row: (String, String) = sqlx::query_as("SELECT display_name, friend_code FROM users")
                        .fetch_one(&mut *conn)
                        .await?;
                    assert_eq!(row.0, name);
                    codes.push(row.1);
                }
                assert_eq!((codes[0].len(), &codes[0]), (43, &codes[1]));
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        story.await.unwrap();
    }
}
