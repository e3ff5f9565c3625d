//! Blocking (contract, REST 10.3 and 12.7): only the side that blocked can lift it.

use super::{FriendError, Friends};
use crate::{
    clock,
    store::{
        friendships::{self, Friendship, FriendshipStatus},
        visibilities,
    },
};
use futures_util::FutureExt;
use protocol::id::UserId;
use uuid::Uuid;

impl Friends {
    /// Blocks a user, who need not be known. A record of any kind becomes the block; one that is a block stays as it is,
    /// whoever made it.
    ///
    /// # Errors
    /// [`FriendError`].
    pub async fn block(&self, user: &UserId, other: &UserId) -> Result<Friendship, FriendError> {
        if user == other {
            return Err(FriendError::BlockSelf);
        }
        let (caller, blocked, now) = (user.clone(), other.clone(), clock::now());
        let (after, answer) = self.circles.changing(Friendship::both);
        self.store
            .writer()
            .submit(
                move |conn| {
                    async move {
                        let Some(record) = friendships::between(conn, &caller, &blocked).await? else {
                            let new = Friendship {
                                id: Uuid::now_v7(),
                                requester: caller.clone(),
                                addressee: blocked,
                                status: FriendshipStatus::Blocked,
                                blocked_by: Some(caller),
                                created_at: now,
                                updated_at: now,
                            };
                            friendships::insert(conn, &new).await?;
                            return Ok(new);
                        };
                        if record.status == FriendshipStatus::Blocked {
                            return Ok(record);
                        }
                        let next = Friendship {
                            status: FriendshipStatus::Blocked,
                            blocked_by: Some(caller.clone()),
                            updated_at: now.max(record.updated_at),
                            ..record
                        };
                        friendships::update(conn, &next).await?;
                        visibilities::unlist(conn, &caller, &blocked).await?;
                        Ok::<_, FriendError>(next)
                    }
                    .boxed()
                },
                after,
            )
            .await;
        answer.await
    }

    /// Lifts the caller's block: the record goes, and they are strangers.
    ///
    /// # Errors
    /// [`FriendError`].
    pub async fn unblock(&self, user: &UserId, other: &UserId) -> Result<(), FriendError> {
        let (caller, blocked) = (user.clone(), other.clone());
        let (after, answer) = self.circles.changing(Friendship::both);
        self.store
            .writer()
            .submit(
                move |conn| {
                    async move {
                        let record = friendships::between(conn, &caller, &blocked).await?;
                        let record = record
                            .filter(|record| record.status == FriendshipStatus::Blocked)
                            .ok_or(FriendError::NotFound)?;
                        if record.blocked_by.as_ref() != Some(&caller) {
                            return Err(FriendError::BlockedByOther);
                        }
                        friendships::delete(conn, record.id).await?;
                        Ok(record)
                    }
                    .boxed()
                },
                after,
            )
            .await;
        answer.await.map(drop)
    }
}
