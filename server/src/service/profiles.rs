//! Profiles: everybody who calls has one (contract, REST 2.3).

use crate::{
    auth::identity::{Identity, Profile},
    store::{Store, StoreError, users},
};
use futures_util::FutureExt;
use moka::sync::Cache;
use protocol::id::UserId;

/// Bytes of profiles that are known to be stored; beyond, the least used are looked up again. Tokens decide how long a
/// profile is, so they are weighed, not counted.
const REMEMBERED_BYTES: u64 = 32 * 1024 * 1024;
/// What an entry takes beside its texts.
const ENTRY_BYTES: usize = 200;

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
            stored: Cache::builder().weigher(weight).max_capacity(REMEMBERED_BYTES).build(),
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

fn weight(user: &UserId, profile: &Profile) -> u32 {
    let texts = [&profile.display_name, &profile.avatar_url, &profile.email];
    let texts: usize = texts.into_iter().flatten().map(String::len).sum();
    u32::try_from(ENTRY_BYTES + user.as_str().len() + texts).unwrap_or(u32::MAX)
}
