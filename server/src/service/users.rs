//! The caller's own profile (contract, REST 5).

use super::effects::{Effects, EventPublisher};
use crate::store::{
    Store, StoreError,
    users::{self, StoredUser},
};
use futures_util::FutureExt;
use protocol::{friend::FriendActivity, id::UserId};

/// The use cases of the caller's own profile.
#[derive(Clone)]
pub struct Users {
    store: Store,
    publisher: EventPublisher,
}

impl Users {
    pub fn new(store: Store, publisher: EventPublisher) -> Self {
        Self { store, publisher }
    }

    /// The user's profile, which exists since the caller is authenticated.
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

    /// Replaces the user's friend code. The old one stops working with the commit; requests that used it stay.
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

    /// Sets how much friends see of the user's timers from now on.
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
