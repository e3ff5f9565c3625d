//! Friends: requests, who is whose friend, and blocks (contract, REST 10). Each change is one transaction; after its
//! commit what is known of the two users in memory is forgotten, so that it holds on open connections at once.

mod activity;
mod blocks;
mod circles;
mod error;
mod requests;
mod running;

pub use activity::{Activity, Watch};
pub use circles::{Circle, Circles};
pub use error::FriendError;
pub use requests::Asked;
pub use running::Running;

use crate::{
    paging::{Page, PageRequest, Room, TimeKey},
    service::sharing::Relation,
    store::{
        Conn, Store, StoreError,
        friendships::{self, Friendship, FriendshipStatus, WithProfile},
        visibilities,
    },
};
use futures_util::FutureExt;
use protocol::id::UserId;
use uuid::Uuid;

/// The use cases of friends.
#[derive(Clone)]
pub struct Friends {
    store: Store,
    circles: Circles,
}

impl Friends {
    /// Over a store.
    pub fn new(store: Store, circles: Circles) -> Self {
        Self { store, circles }
    }

    /// A page of a user's friends with their profiles, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(&self, user: &UserId, page: &PageRequest<TimeKey>) -> Result<Page<WithProfile>, StoreError> {
        let read =
            async |conn: &mut Conn, room: &mut Room| friendships::friends(conn, user, page.after.as_ref(), room).await;
        self.store.page(user, page, read).await
    }

    /// Whether two users are friends.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn check(&self, user: &UserId, other: &UserId) -> Result<bool, StoreError> {
        let record = self
            .store
            .query_for(user, async |conn| friendships::between(conn, user, other).await)
            .await?;
        Ok(record.is_some_and(|record| record.relation() == Relation::Friends))
    }

    /// Ends a friendship, for both: they are taken off each other's lists.
    ///
    /// # Errors
    /// [`FriendError`].
    pub async fn remove(&self, user: &UserId, id: Uuid) -> Result<(), FriendError> {
        let caller = user.clone();
        let (after, answer) = self.circles.changing(Friendship::both);
        self.store
            .writer()
            .submit(
                move |conn| {
                    async move {
                        let record = friendships::find(conn, id).await?.ok_or(FriendError::NotFound)?;
                        if !record.concerns(&caller) || record.status != FriendshipStatus::Accepted {
                            return Err(FriendError::NotFriends);
                        }
                        friendships::delete(conn, id).await?;
                        visibilities::unlist(conn, &record.requester, &record.addressee).await?;
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

#[cfg(test)]
mod tests;
