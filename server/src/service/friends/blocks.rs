//! Blocking (contract, REST 10.3 and 12.7): a block belongs to the user who made it. Only that user sees it and can
//! remove it, and it does not depend on a block in the other direction.

use super::{FriendError, Friends, sight::Sight};
use crate::{
    clock,
    service::effects::Effects,
    store::{
        StoreError,
        blocks::{self, Block},
        friendships, notifications, visibilities,
    },
};
use futures_util::FutureExt;
use protocol::{id::UserId, timers::DataKind};
use uuid::Uuid;

impl Friends {
    /// Blocks a user, who need not exist. A request or friendship of the two ends, and its record's id becomes that of
    /// the block; the other user sees the same as after a rejected request or an ended friendship. Blocking
    /// again returns the same block.
    ///
    /// # Errors
    /// [`FriendError`].
    pub async fn block(&self, user: &UserId, other: &UserId) -> Result<Block, FriendError> {
        if user == other {
            return Err(FriendError::BlockSelf);
        }
        let (caller, blocked, now) = (user.clone(), other.clone(), clock::now());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    if let Some(block) = blocks::find(conn, &caller, &blocked).await? {
                        return Ok(Effects::none(block));
                    }
                    let before = Sight::between(conn, [caller.clone(), blocked.clone()]).await?;
                    let record = friendships::between(conn, &caller, &blocked).await?;
                    // The other user sees the end of a request or friendship, and is not told of the block itself.
                    let told = record
                        .as_ref()
                        .map_or_else(|| vec![caller.clone()], |record| record.both().to_vec());
                    if let Some(record) = &record {
                        friendships::delete(conn, record.id).await?;
                        visibilities::unlist(conn, &caller, &blocked).await?;
                        notifications::withdraw_all_of(conn, &blocked, &caller).await?;
                    }
                    notifications::withdraw_all_of(conn, &caller, &blocked).await?;
                    let new = Block {
                        id: record.map_or_else(Uuid::now_v7, |record| record.id),
                        blocker: caller,
                        blocked,
                        created_at: now,
                    };
                    blocks::insert(conn, &new).await?;
                    let lost = before.lost(conn).await?;
                    let effects = Effects::separating(new.both(), lost);
                    let effects =
                        effects.changing_each(&told, &[DataKind::Friends, DataKind::Sharing, DataKind::Notifications]);
                    Ok::<_, FriendError>(effects.with(new))
                }
                .boxed()
            })
            .await
    }

    /// The newest blocks that a user made, at most `limit`, each with the blocked user's name. Blocks by others are not
    /// revealed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn blocked(&self, user: &UserId, limit: i64) -> Result<Vec<(Block, Option<String>)>, StoreError> {
        self.store
            .query_for(user, async |conn| blocks::made_by(conn, user, limit).await)
            .await
    }

    /// Removes the caller's own block. A block in the other direction stays, and the answer does not depend on it.
    ///
    /// # Errors
    /// [`FriendError::NotBlocked`] if the caller has none.
    pub async fn unblock(&self, user: &UserId, other: &UserId) -> Result<(), FriendError> {
        let (caller, blocked) = (user.clone(), other.clone());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let block = blocks::find(conn, &caller, &blocked).await?;
                    let block = block.ok_or(FriendError::NotBlocked)?;
                    blocks::delete(conn, block.id).await?;
                    let effects = Effects::invalidating(block.both());
                    Ok(effects.changing(&caller, &[DataKind::Friends, DataKind::Sharing]))
                }
                .boxed()
            })
            .await
    }
}
