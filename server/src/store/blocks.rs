//! The table `blocks`: blocks between users. The two directions of a pair are independent rows.

use super::{Conn, Row, StoreError};
use protocol::{id::UserId, time::Timestamp};
use sqlx::Row as _;
use uuid::Uuid;

/// One user's block of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub id: Uuid,
    /// The blocking user, the only one who can see or remove it.
    pub blocker: UserId,
    /// The blocked user, who need not exist.
    pub blocked: UserId,
    pub created_at: Timestamp,
}

impl Block {
    /// The blocker and the blocked user.
    pub fn both(&self) -> [UserId; 2] {
        [self.blocker.clone(), self.blocked.clone()]
    }
}

/// Stores a new block; the pair must not have one in this direction.
pub async fn insert(conn: &mut Conn, new: &Block) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO blocks (id, blocker_id, blocked_id, created_at) VALUES ($1, $2, $3, $4)")
        .bind(new.id.to_string())
        .bind(new.blocker.as_str())
        .bind(new.blocked.as_str())
        .bind(new.created_at.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes a block.
pub async fn delete(conn: &mut Conn, id: Uuid) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM blocks WHERE id = $1")
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// The block of `blocked` by `blocker`; not the one in the other direction.
pub async fn find(conn: &mut Conn, blocker: &UserId, blocked: &UserId) -> Result<Option<Block>, StoreError> {
    let row = sqlx::query("SELECT * FROM blocks WHERE blocker_id = $1 AND blocked_id = $2")
        .bind(blocker.as_str())
        .bind(blocked.as_str())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(block).transpose()
}

/// All blocks by a user, and all blocks of that user by others.
pub async fn of(conn: &mut Conn, user: &UserId) -> Result<Vec<Block>, StoreError> {
    let rows =
        sqlx::query("SELECT * FROM blocks WHERE blocker_id = $1 UNION ALL SELECT * FROM blocks WHERE blocked_id = $1")
            .bind(user.as_str())
            .fetch_all(conn)
            .await?;
    rows.iter().map(block).collect()
}

/// The newest blocks by a user, at most `limit`, each with the blocked user's name.
pub async fn made_by(conn: &mut Conn, user: &UserId, limit: i64) -> Result<Vec<(Block, Option<String>)>, StoreError> {
    let rows = sqlx::query(
        "SELECT b.*, u.display_name FROM blocks AS b LEFT JOIN users AS u ON u.id = b.blocked_id
         WHERE b.blocker_id = $1 ORDER BY b.created_at DESC, b.id DESC LIMIT $2",
    )
    .bind(user.as_str())
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| Ok((block(row)?, row.try_get("display_name")?)))
        .collect()
}

fn block(row: &Row) -> Result<Block, StoreError> {
    let id: String = row.try_get("id")?;
    Ok(Block {
        id: id.parse().map_err(|error| StoreError::corrupt("id", error))?,
        blocker: UserId(row.try_get("blocker_id")?),
        blocked: UserId(row.try_get("blocked_id")?),
        created_at: Timestamp::from_millis(row.try_get("created_at")?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{friendships, testing};

    /// One friendship, one request, and a block by each side of a pair, each made by the first user's request.
    const OLD_RECORDS: &str = "INSERT INTO friendships
        (id, low_id, high_id, requester_id, addressee_id, status, blocked_by, created_at, updated_at) VALUES
        ('019a0000-0000-7000-8000-000000000001', 'a', 'b', 'a', 'b', 'accepted', NULL, 1, 2),
        ('019a0000-0000-7000-8000-000000000002', 'a', 'c', 'a', 'c', 'pending', NULL, 1, 2),
        ('019a0000-0000-7000-8000-000000000003', 'a', 'd', 'a', 'd', 'blocked', 'a', 1, 2),
        ('019a0000-0000-7000-8000-000000000004', 'a', 'e', 'a', 'e', 'blocked', 'e', 1, 2)";

    #[tokio::test]
    async fn blocks_of_an_older_database_belong_to_their_makers() {
        let (store, _database) = testing::upgraded(10, OLD_RECORDS).await;
        let (a, d, e): (UserId, UserId, UserId) = ("a".into(), "d".into(), "e".into());
        let story = store.read(async |conn| {
            let block = find(conn, &a, &d).await?.unwrap();
            assert!(block.id.to_string().ends_with("3"), "{block:?}");
            assert_eq!(block.created_at, Timestamp::from_millis(2));
            assert_eq!(find(conn, &d, &a).await?, None);
            assert_eq!(
                find(conn, &e, &a).await?.map(|block| block.both()),
                Some([e.clone(), a.clone()])
            );
            assert_eq!(find(conn, &a, &e).await?, None);
            assert_eq!(of(conn, &a).await?.len(), 2);
            for (other, is_kept) in [("b", true), ("c", true), ("d", false), ("e", false)] {
                let record = friendships::between(conn, &a, &other.into()).await?;
                assert_eq!(record.is_some(), is_kept, "{other}");
            }
            Ok::<_, StoreError>(())
        });
        story.await.unwrap();
    }
}
