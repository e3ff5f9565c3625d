//! The table `users`.

use super::{Conn, Row, StoreError, bulk::BulkStatement, columns};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::{friend::FriendActivity, id::UserId, profile::Profile, time::Timestamp};
use sqlx::Row as _;
use std::collections::HashMap;
use uuid::Uuid;

static NAMES: BulkStatement = BulkStatement::new("SELECT id, display_name FROM users WHERE id IN (", 1, ")");

/// Inserts the user with this issuer and subject.
///
/// # Errors
/// [`StoreError`], also if the id or the subject already exists.
pub async fn insert(
    conn: &mut Conn,
    id: &UserId,
    (issuer, subject): (&str, &str),
    profile: &Profile,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO users (id, issuer, subject, display_name, avatar_url, email, friend_code, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id.as_str())
    .bind(issuer)
    .bind(subject)
    .bind(profile.display_name.as_deref())
    .bind(profile.avatar_url.as_deref())
    .bind(profile.email.as_deref())
    .bind(friend_code())
    .bind(now.millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// The user with this issuer and subject.
pub async fn with_subject(conn: &mut Conn, issuer: &str, subject: &str) -> Result<Option<UserId>, StoreError> {
    let sql = "SELECT id FROM users WHERE issuer = $1 AND subject = $2";
    let id: Option<String> = sqlx::query_scalar(sql)
        .bind(issuer)
        .bind(subject)
        .fetch_optional(conn)
        .await?;
    Ok(id.map(UserId))
}

/// The same user, inserted when the subject is new. The id is the subject, as clients expect it, unless another user
/// has this id: then it is a generated one.
pub async fn find_or_add(conn: &mut Conn, issuer: &str, subject: &str, now: Timestamp) -> Result<UserId, StoreError> {
    if let Some(user) = with_subject(conn, issuer, subject).await? {
        return Ok(user);
    }
    let mut id = UserId::from(subject);
    if find(conn, &id).await?.is_some() {
        id = UserId(Uuid::now_v7().to_string());
    }
    insert(conn, &id, (issuer, subject), &Profile::default(), now).await?;
    Ok(id)
}

/// Updates a user's profile; the friend code stays as it was first generated, and a chosen name as it was chosen.
pub async fn set_profile(conn: &mut Conn, id: &UserId, profile: &Profile) -> Result<(), StoreError> {
    let sql = "UPDATE users SET display_name = COALESCE(chosen_name, $2), avatar_url = $3, email = $4 WHERE id = $1";
    sqlx::query(sql)
        .bind(id.as_str())
        .bind(profile.display_name.as_deref())
        .bind(profile.avatar_url.as_deref())
        .bind(profile.email.as_deref())
        .execute(conn)
        .await?;
    Ok(())
}

/// Sets the issuer of users from releases that stored none, and returns their number. Users whose subject the issuer
/// has used meanwhile are left without.
pub async fn assign_issuer(conn: &mut Conn, issuer: &str) -> Result<u64, StoreError> {
    let assigned = sqlx::query(
        "UPDATE users SET issuer = $1 WHERE issuer IS NULL AND NOT EXISTS
         (SELECT 1 FROM users AS other WHERE other.issuer = $1 AND other.subject = users.subject)",
    )
    .bind(issuer)
    .execute(conn)
    .await?;
    Ok(assigned.rows_affected())
}

/// A user's stored profile and settings.
#[derive(Clone, Debug)]
pub struct StoredUser {
    /// The id on the wire and in all tables.
    pub id: UserId,
    /// The name that the user chose, else the one in the newest token.
    pub display_name: Option<String>,
    /// The picture in the newest token.
    pub avatar_url: Option<String>,
    /// The code by which others can send a friend request.
    pub friend_code: String,
    /// How much of the user's timers friends see.
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

/// The verified address in a user's newest token, in lower case.
pub async fn email(conn: &mut Conn, id: &UserId) -> Result<Option<String>, StoreError> {
    let email: Option<Option<String>> = sqlx::query_scalar("SELECT email FROM users WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(conn)
        .await?;
    Ok(email.flatten())
}

/// The names of those of the users who have one.
pub async fn names(conn: &mut Conn, ids: &[UserId]) -> Result<HashMap<UserId, String>, StoreError> {
    let rows = NAMES
        .fetch(conn, ids, |query, id| query.bind(id.as_str().to_owned()))
        .await?;
    let mut names = HashMap::new();
    for row in &rows {
        if let Some(name) = row.try_get("display_name")? {
            names.insert(UserId(row.try_get("id")?), name);
        }
    }
    Ok(names)
}

/// Sets the name that others see from now on, whatever later tokens say.
pub async fn set_chosen_name(conn: &mut Conn, id: &UserId, name: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET chosen_name = $2, display_name = $2 WHERE id = $1")
        .bind(id.as_str())
        .bind(name)
        .execute(conn)
        .await?;
    Ok(())
}

/// Sets how much friends see of a user's timers.
pub async fn set_friend_activity(conn: &mut Conn, id: &UserId, shown: FriendActivity) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET friend_activity = $2 WHERE id = $1")
        .bind(id.as_str())
        .bind(shown.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Replaces a user's friend code; the old one no longer works.
pub async fn renew_friend_code(conn: &mut Conn, id: &UserId) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET friend_code = $2 WHERE id = $1")
        .bind(id.as_str())
        .bind(friend_code())
        .execute(conn)
        .await?;
    Ok(())
}

/// The user with a friend code.
pub async fn with_code(conn: &mut Conn, code: &str) -> Result<Option<UserId>, StoreError> {
    let sql = "SELECT id FROM users WHERE friend_code = $1";
    let id: Option<String> = sqlx::query_scalar(sql).bind(code).fetch_optional(conn).await?;
    Ok(id.map(UserId))
}

/// The user with a verified address, given in lower case; the oldest if several accounts have it.
pub async fn with_email(conn: &mut Conn, email: &str) -> Result<Option<UserId>, StoreError> {
    let sql = "SELECT id FROM users WHERE email = $1 ORDER BY created_at, id LIMIT 1";
    let id: Option<String> = sqlx::query_scalar(sql).bind(email).fetch_optional(conn).await?;
    Ok(id.map(UserId))
}

static WITH_EMAILS: BulkStatement = BulkStatement::new(
    "SELECT id, email FROM users WHERE email IN (",
    1,
    ") ORDER BY created_at, id",
);

/// The users with these verified addresses, as [`with_email`] finds each.
pub async fn with_emails(conn: &mut Conn, emails: &[String]) -> Result<Vec<UserId>, StoreError> {
    let rows = WITH_EMAILS
        .fetch(conn, emails, |query, email| query.bind(email.clone()))
        .await?;
    let mut first: HashMap<String, UserId> = HashMap::new();
    for row in &rows {
        first.entry(row.try_get("email")?).or_insert(UserId(row.try_get("id")?));
    }
    Ok(first.into_values().collect())
}

fn user(row: &Row) -> Result<StoredUser, StoreError> {
    Ok(StoredUser {
        id: UserId(row.try_get("id")?),
        display_name: row.try_get("display_name")?,
        avatar_url: row.try_get("avatar_url")?,
        friend_code: row.try_get("friend_code")?,
        friend_activity: columns::parsed(row, "friend_activity")?,
    })
}

/// 32 random bytes, base64url: 43 characters that cannot be guessed (contract, REST 5).
fn friend_code() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{accounts, testing};
    use futures_util::FutureExt;
    use protocol::rest::account::Account;

    fn named(name: &str) -> Profile {
        Profile {
            display_name: Some(name.into()),
            ..Profile::default()
        }
    }

    #[tokio::test]
    async fn a_profile_is_updated_by_the_newest_token_and_keeps_its_friend_code() {
        let (store, _folder) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                let ada = find_or_add(conn, "https://idp.example", "ada", Timestamp::default()).await?;
                let mut codes = Vec::new();
                for name in ["Ada", "Ada Lovelace"] {
                    set_profile(conn, &ada, &named(name)).await?;
                    let stored = find(conn, &ada).await?.unwrap();
                    assert_eq!(stored.display_name.as_deref(), Some(name));
                    codes.push(stored.friend_code);
                }
                assert_eq!((codes[0].len(), &codes[0]), (43, &codes[1]));
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        story.await.unwrap();
    }

    #[tokio::test]
    async fn a_chosen_name_outlives_the_names_in_tokens() {
        let (store, _folder) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                let ada = find_or_add(conn, "https://idp.example", "ada", Timestamp::default()).await?;
                set_profile(conn, &ada, &named("ada.l")).await?;
                set_chosen_name(conn, &ada, "Ada").await?;
                set_profile(conn, &ada, &named("ada.lovelace")).await?;
                assert_eq!(find(conn, &ada).await?.unwrap().display_name.as_deref(), Some("Ada"));
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        story.await.unwrap();
    }

    #[tokio::test]
    async fn the_same_subject_of_two_issuers_is_two_users() {
        let (store, _folder) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                let now = Timestamp::default();
                let first = find_or_add(conn, "https://one.example", "ada", now).await?;
                let second = find_or_add(conn, "https://two.example", "ada", now).await?;
                assert_eq!(first, "ada".into(), "the first issuer's subject is the id");
                assert!(Uuid::parse_str(second.as_str()).is_ok(), "{second}");
                for (issuer, user) in [("https://one.example", first), ("https://two.example", second.clone())] {
                    assert_eq!(find_or_add(conn, issuer, "ada", now).await?, user);
                }
                // An issuer cannot use a generated id as a subject either.
                let third = find_or_add(conn, "https://one.example", second.as_str(), now).await?;
                assert_ne!(third, second);
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        story.await.unwrap();
    }

    #[tokio::test]
    async fn an_account_is_not_created_if_an_issuers_subject_has_its_id() {
        let (store, _folder) = testing::store().await;
        let subject = "019ac000-0000-7000-8000-000000000001";
        let now = Timestamp::default();
        let external = store
            .writer()
            .write(move |conn| find_or_add(conn, "https://idp.example", subject, now).boxed());
        assert_eq!(external.await.unwrap(), subject.into());
        let account = Account {
            id: subject.into(),
            email: "ada@example.com".into(),
            display_name: None,
        };
        let made = store
            .writer()
            .write(move |conn| async move { accounts::insert(conn, &account, "hash", now).await }.boxed())
            .await;
        assert!(matches!(made, Err(StoreError::Database(_))), "{made:?}");
        let found = store
            .read(async |conn| accounts::find(conn, "ada@example.com").await)
            .await;
        assert!(found.unwrap().is_none(), "nothing is stored");
    }
}
