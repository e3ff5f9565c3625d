//! The table `friendships`: requests and friendships, one record per pair. Blocks are in [`super::blocks`].

use super::{Conn, Row, StoreError, paging};
use crate::paging::{Listed, Room, TimeKey, text_bytes};
use protocol::{id::UserId, sharing::Relation, time::Timestamp};
use sqlx::Row as _;
use uuid::Uuid;

/// The record of two users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Friendship {
    pub id: Uuid,
    /// The user who sent the request.
    pub requester: UserId,
    /// The user who received the request.
    pub addressee: UserId,
    pub status: FriendshipStatus,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The status of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FriendshipStatus {
    /// A request without an answer.
    Pending,
    /// A friendship.
    Accepted,
}

impl FriendshipStatus {
    const ALL: [Self; 2] = [Self::Pending, Self::Accepted];

    fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
        }
    }
}

impl Friendship {
    /// The other user of the pair.
    pub fn other(&self, user: &UserId) -> &UserId {
        if self.requester == *user {
            &self.addressee
        } else {
            &self.requester
        }
    }

    /// Both users.
    pub fn both(&self) -> [UserId; 2] {
        [self.requester.clone(), self.addressee.clone()]
    }

    /// The relation between the two; a record and a block exclude each other.
    pub fn relation(&self) -> Relation {
        match self.status {
            FriendshipStatus::Pending => Relation::None,
            FriendshipStatus::Accepted => Relation::Friends,
        }
    }

    /// Whether the user is one of the pair.
    pub fn concerns(&self, user: &UserId) -> bool {
        self.requester == *user || self.addressee == *user
    }
}

/// A record with the profile of one of its users.
#[derive(Clone, Debug)]
pub struct WithProfile {
    pub friendship: Friendship,
    /// The user's name.
    pub display_name: Option<String>,
    /// The user's picture.
    pub avatar_url: Option<String>,
}

/// The pair, independent of the direction. Ordered by bytes, since databases' collations differ.
fn pair<'a>(one: &'a UserId, other: &'a UserId) -> (&'a str, &'a str) {
    let (one, other) = (one.as_str(), other.as_str());
    if one.as_bytes() <= other.as_bytes() {
        (one, other)
    } else {
        (other, one)
    }
}

/// The numbers of a user's pending requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Sent by the user.
    pub sent: i64,
    /// Received by the user.
    pub received: i64,
}

/// Counts the pending requests of a user.
pub async fn pending(conn: &mut Conn, user: &UserId) -> Result<Pending, StoreError> {
    let row = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM friendships WHERE requester_id = $1 AND status = 'pending') AS sent,
         (SELECT COUNT(*) FROM friendships WHERE addressee_id = $1 AND status = 'pending') AS received",
    )
    .bind(user.as_str())
    .fetch_one(conn)
    .await?;
    Ok(Pending {
        sent: row.try_get("sent")?,
        received: row.try_get("received")?,
    })
}

/// Stores a new record.
pub async fn insert(conn: &mut Conn, new: &Friendship) -> Result<(), StoreError> {
    let (low, high) = pair(&new.requester, &new.addressee);
    sqlx::query(
        "INSERT INTO friendships (id, low_id, high_id, requester_id, addressee_id, status, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.id.to_string())
    .bind(low)
    .bind(high)
    .bind(new.requester.as_str())
    .bind(new.addressee.as_str())
    .bind(new.status.as_str())
    .bind(new.created_at.millis())
    .bind(new.updated_at.millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// Updates the status of a record.
pub async fn update(conn: &mut Conn, changed: &Friendship) -> Result<(), StoreError> {
    sqlx::query("UPDATE friendships SET status = $2, updated_at = $3 WHERE id = $1")
        .bind(changed.id.to_string())
        .bind(changed.status.as_str())
        .bind(changed.updated_at.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes a record.
pub async fn delete(conn: &mut Conn, id: Uuid) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM friendships WHERE id = $1")
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// One record.
pub async fn find(conn: &mut Conn, id: Uuid) -> Result<Option<Friendship>, StoreError> {
    let row = sqlx::query("SELECT * FROM friendships WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(friendship).transpose()
}

/// The record of two users.
pub async fn between(conn: &mut Conn, one: &UserId, other: &UserId) -> Result<Option<Friendship>, StoreError> {
    let (low, high) = pair(one, other);
    let row = sqlx::query("SELECT * FROM friendships WHERE low_id = $1 AND high_id = $2")
        .bind(low)
        .bind(high)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(friendship).transpose()
}

/// A user's accepted friendships, in either direction.
pub async fn accepted(conn: &mut Conn, user: &UserId) -> Result<Vec<Friendship>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM friendships WHERE requester_id = $1 AND status = 'accepted'
         UNION ALL SELECT * FROM friendships WHERE addressee_id = $1 AND status = 'accepted'",
    )
    .bind(user.as_str())
    .fetch_all(conn)
    .await?;
    rows.iter().map(friendship).collect()
}

/// The size of a record besides its texts, in bytes.
const RECORD_BYTES: usize = 400;

impl Listed for WithProfile {
    type Key = TimeKey;

    fn key(&self) -> TimeKey {
        TimeKey(self.friendship.updated_at.millis(), self.friendship.id)
    }

    fn weigh(&self) -> usize {
        let texts = [&self.display_name, &self.avatar_url].into_iter().flatten();
        let ids = [&self.friendship.requester, &self.friendship.addressee].map(UserId::as_str);
        RECORD_BYTES + text_bytes(texts.map(String::as_str).chain(ids))
    }
}

const FRIENDS: &str =
    "SELECT f.*, u.display_name, u.avatar_url FROM friendships AS f LEFT JOIN users AS u ON u.id = f.addressee_id
     WHERE f.requester_id = $1 AND f.status = 'accepted' AND (f.updated_at, f.id) < ($2, $3)
     UNION ALL
     SELECT f.*, u.display_name, u.avatar_url FROM friendships AS f LEFT JOIN users AS u ON u.id = f.requester_id
     WHERE f.addressee_id = $1 AND f.status = 'accepted' AND (f.updated_at, f.id) < ($2, $3)
     ORDER BY updated_at DESC, id DESC LIMIT $4";

const RECEIVED: &str =
    "SELECT f.*, u.display_name, u.avatar_url FROM friendships AS f LEFT JOIN users AS u ON u.id = f.requester_id
     WHERE f.addressee_id = $1 AND f.status = 'pending' AND (f.updated_at, f.id) < ($2, $3)
     ORDER BY f.updated_at DESC, f.id DESC LIMIT $4";

const SENT: &str =
    "SELECT f.*, u.display_name, u.avatar_url FROM friendships AS f LEFT JOIN users AS u ON u.id = f.requester_id
     WHERE f.requester_id = $1 AND f.status = 'pending' AND (f.updated_at, f.id) < ($2, $3)
     ORDER BY f.updated_at DESC, f.id DESC LIMIT $4";

/// A user's friends with their profiles, newest first, after a key, as far as the page has room.
pub async fn friends(
    conn: &mut Conn,
    user: &UserId,
    after: Option<&TimeKey>,
    room: &mut Room,
) -> Result<Vec<WithProfile>, StoreError> {
    newest_first(conn, FRIENDS, user, after, room).await
}

/// The requests that a user has to answer, with the requesters' profiles, as [`friends`].
pub async fn received(
    conn: &mut Conn,
    user: &UserId,
    after: Option<&TimeKey>,
    room: &mut Room,
) -> Result<Vec<WithProfile>, StoreError> {
    newest_first(conn, RECEIVED, user, after, room).await
}

/// A user's unanswered requests, with the user's own profile, as [`friends`].
pub async fn sent(
    conn: &mut Conn,
    user: &UserId,
    after: Option<&TimeKey>,
    room: &mut Room,
) -> Result<Vec<WithProfile>, StoreError> {
    newest_first(conn, SENT, user, after, room).await
}

async fn newest_first(
    conn: &mut Conn,
    sql: &'static str,
    user: &UserId,
    after: Option<&TimeKey>,
    room: &mut Room,
) -> Result<Vec<WithProfile>, StoreError> {
    let after = after.unwrap_or(&TimeKey::START);
    let query = sqlx::query(sql)
        .bind(user.as_str())
        .bind(after.0)
        .bind(after.1.to_string())
        .bind(room.rows());
    paging::fill(conn, query, room, with_profile).await
}

fn with_profile(row: &Row) -> Result<WithProfile, StoreError> {
    Ok(WithProfile {
        friendship: friendship(row)?,
        display_name: row.try_get("display_name")?,
        avatar_url: row.try_get("avatar_url")?,
    })
}

fn friendship(row: &Row) -> Result<Friendship, StoreError> {
    let (id, status): (String, String) = (row.try_get("id")?, row.try_get("status")?);
    let known = FriendshipStatus::ALL.into_iter().find(|known| known.as_str() == status);
    Ok(Friendship {
        id: id.parse().map_err(|error| StoreError::corrupt("id", error))?,
        requester: UserId(row.try_get("requester_id")?),
        addressee: UserId(row.try_get("addressee_id")?),
        status: known.ok_or_else(|| StoreError::corrupt("status", status))?,
        created_at: Timestamp::from_millis(row.try_get("created_at")?),
        updated_at: Timestamp::from_millis(row.try_get("updated_at")?),
    })
}
