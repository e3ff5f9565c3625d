//! Profiles: everybody who calls has one (contract, REST 2.3).

use crate::{
    auth::identity::{Identity, Profile},
    store::{Store, StoreError, users},
};
use futures_util::FutureExt;
use moka::sync::Cache;
use protocol::id::UserId;

/// Profiles that are known to be stored; beyond, the least used are looked up again.
const REMEMBERED: u64 = 100_000;

/// The profiles of all users.
#[derive(Clone)]
pub struct Profiles {
    store: Store,
    stored: Cache<UserId, Profile>,
}

impl Profiles {
    /// In a store.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            stored: Cache::new(REMEMBERED),
        }
    }

    /// Refreshes the caller's profile; it follows the newest token. One that is as stored writes nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn touch(&self, identity: &Identity) -> Result<(), StoreError> {
        if self.stored.get(&identity.user).as_ref() == Some(&identity.profile) {
            return Ok(());
        }
        let (user, profile) = (identity.user.clone(), identity.profile.clone());
        self.store
            .writer()
            .write(move |conn| async move { users::set_profile(conn, &user, &profile).await }.boxed())
            .await?;
        self.stored.insert(identity.user.clone(), identity.profile.clone());
        Ok(())
    }
}
