//! The caller's own profile (contract, REST 5).

use super::effects::{Effects, EventPublisher};
use crate::store::{
    Store, StoreError, friendships,
    users::{self, StoredUser},
};
use futures_util::FutureExt;
use protocol::{friend::FriendActivity, id::UserId, timers::DataKind};

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
        let caller = user.clone();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    users::renew_friend_code(conn, &caller).await?;
                    Ok(Effects::none(()).changing(&caller, &[DataKind::Preferences]))
                }
                .boxed()
            })
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
                    let friends = friendships::accepted(conn, &caller).await?;
                    let effects = Effects::invalidating([caller.clone()]).changing(&caller, &[DataKind::Preferences]);
                    let friends = friends.iter().map(|record| record.other(&caller));
                    Ok(effects.changing_each(friends, &[DataKind::Friends]))
                }
                .boxed()
            })
            .await
    }
}
