//! The table `users`.

use super::{Conn, StoreError};
use crate::auth::identity::Profile;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::{id::UserId, time::Timestamp};

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
