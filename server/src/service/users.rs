//! The caller's own profile (contract, REST 5).

use super::effects::{Effects, EventPublisher};
use crate::store::{
    Store, StoreError, friendships,
    users::{self, StoredUser},
};
use futures_util::FutureExt;
use protocol::{id::UserId, rest::MyChanges, sharing::Reader, timers::DataKind};
use std::collections::HashMap;

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

    /// The user as a reader of what others share.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reader(&self, user: &UserId) -> Result<Reader, StoreError> {
        let email = self.store.query_for(user, async |conn| users::email(conn, user).await);
        Ok(Reader {
            user: user.clone(),
            email: email.await?,
        })
    }

    /// The names of users who share something with this one, without those who have none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn names(&self, user: &UserId, others: &[UserId]) -> Result<HashMap<UserId, String>, StoreError> {
        self.store
            .query_for(user, async |conn| users::names(conn, others).await)
            .await
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

    /// Changes the name that others see, and how much friends see of the user's timers from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change(&self, user: &UserId, changes: MyChanges) -> Result<(), StoreError> {
        let caller = user.clone();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    if let Some(name) = &changes.display_name {
                        users::set_chosen_name(conn, &caller, &name.0).await?;
                    }
                    if let Some(shown) = changes.friend_activity {
                        users::set_friend_activity(conn, &caller, shown).await?;
                    }
                    // The name also stands at what friends may see.
                    let kinds: &[DataKind] = match changes.display_name {
                        Some(_) => &[DataKind::Friends, DataKind::Sharing],
                        None => &[DataKind::Friends],
                    };
                    let friends = friendships::accepted(conn, &caller).await?;
                    let effects = Effects::invalidating([caller.clone()]).changing(&caller, &[DataKind::Preferences]);
                    let friends = friends.iter().map(|record| record.other(&caller));
                    Ok(effects.changing_each(friends, kinds))
                }
                .boxed()
            })
            .await
    }
}
