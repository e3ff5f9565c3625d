//! Friends: requests, friendships and blocks (contract, REST 10). Each change is one transaction; after its commit the
//! cached relationships of both users are invalidated, so that it takes effect on open connections at once.

mod activity;
mod blocks;
mod error;
mod relationship_cache;
mod requests;
mod running;
mod sight;

pub use activity::{Activity, LostSight, SharingChange, Watch};
pub use error::FriendError;
pub use relationship_cache::{RelationshipCache, Relationships};
pub use requests::RequestTarget;
pub use running::Running;

use crate::{
    paging::{Page, PageRequest, Room, TimeKey},
    service::{
        effects::{Effects, EventPublisher},
        sharing::Relation,
    },
    store::{
        Conn, Store, StoreError,
        friendships::{self, FriendshipStatus, WithProfile},
        notifications, visibilities,
    },
};
use futures_util::FutureExt;
use protocol::{id::UserId, timers::DataKind};
use sight::Sight;
use uuid::Uuid;

/// The use cases of friends.
#[derive(Clone)]
pub struct Friends {
    store: Store,
    publisher: EventPublisher,
    relationships: RelationshipCache,
}

impl Friends {
    pub fn new(store: Store, publisher: EventPublisher, relationships: RelationshipCache) -> Self {
        Self {
            store,
            publisher,
            relationships,
        }
    }

    /// A page of a user's friends with their profiles, newest first.
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

    /// Ends a friendship, and removes the users from each other's lists.
    ///
    /// # Errors
    /// [`FriendError`].
    pub async fn remove(&self, user: &UserId, id: Uuid) -> Result<(), FriendError> {
        let caller = user.clone();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let record = friendships::find(conn, id).await?.ok_or(FriendError::NotFound)?;
                    if !record.concerns(&caller) || record.status != FriendshipStatus::Accepted {
                        return Err(FriendError::NotFriends);
                    }
                    let before = Sight::between(conn, record.both()).await?;
                    friendships::delete(conn, id).await?;
                    visibilities::unlist(conn, &record.requester, &record.addressee).await?;
                    notifications::withdraw_all_of(conn, &record.requester, &record.addressee).await?;
                    notifications::withdraw_all_of(conn, &record.addressee, &record.requester).await?;
                    let effects = Effects::separating(record.both(), before.lost(conn).await?);
                    let changed = [DataKind::Friends, DataKind::Sharing, DataKind::Notifications];
                    Ok(effects.changing_each(&record.both(), &changed))
                }
                .boxed()
            })
            .await
    }
}

#[cfg(test)]
mod tests;
