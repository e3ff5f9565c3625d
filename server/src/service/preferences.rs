//! The caller's preferences.

use super::effects::{Effects, EventPublisher};
use crate::store::{Store, StoreError, preferences};
use futures_util::FutureExt;
use protocol::{id::UserId, preferences::Preferences, rest::PreferenceChanges, timers::DataKind};

/// The use cases of preferences.
#[derive(Clone)]
pub struct PreferencesService {
    store: Store,
    publisher: EventPublisher,
}

impl PreferencesService {
    pub fn new(store: Store, publisher: EventPublisher) -> Self {
        Self { store, publisher }
    }

    /// A user's preferences.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn get(&self, user: &UserId) -> Result<Preferences, StoreError> {
        self.store
            .query_for(user, async |conn| preferences::of(conn, user).await)
            .await
    }

    /// Changes a user's preferences; returns them as this change leaves them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn patch(&self, user: UserId, changes: PreferenceChanges) -> Result<Preferences, StoreError> {
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let before = preferences::of(conn, &user).await?;
                    let after = changes.apply(before.clone());
                    if after == before {
                        return Ok(Effects::none(after));
                    }
                    preferences::put(conn, &user, &after).await?;
                    Ok(Effects::none(after).changing(&user, &[DataKind::Preferences]))
                }
                .boxed()
            })
            .await
    }
}
