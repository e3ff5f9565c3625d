//! What a user sees and sets of themselves (contract, REST 5).

use super::effects::{Effects, EventPublisher};
use crate::store::{
    Store, StoreError,
    users::{self, StoredUser},
};
use futures_util::FutureExt;
use protocol::{friend::FriendActivity, id::UserId};

/// The use cases of one's own profile.
#[derive(Clone)]
pub struct Users {
    store: Store,
    publisher: EventPublisher,
}

impl Users {
    /// Over a store and the publisher of its changes.
    pub fn new(store: Store, publisher: EventPublisher) -> Self {
        Self { store, publisher }
    }

    /// The user, whose profile is there since they called.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn me(&self, user: &UserId) -> Result<StoredUser, StoreError> {
        let found = self
            .store
            .query_for(user, async |conn| users::find(conn, user).await)
            .await?;
        found.ok_or_else(|| StoreError::corrupt("profile", format!("{user} has none")))
    }

    /// Gives the user a new friend code. The old one stops working with the commit; requests that were sent by it stay.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn renew_friend_code(&self, user: &UserId) -> Result<(), StoreError> {
        let user = user.clone();
        self.store
            .writer()
            .write(move |conn| async move { users::renew_friend_code(conn, &user).await }.boxed())
            .await
    }

    /// Sets what friends see of the user's timers, from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_friend_activity(&self, user: &UserId, shown: FriendActivity) -> Result<(), StoreError> {
        let caller = user.clone();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    users::set_friend_activity(conn, &caller, shown).await?;
                    Ok(Effects::invalidating([caller]))
                }
                .boxed()
            })
            .await
    }
}
