//! Profiles: every caller has one (contract, REST 2.3).

use crate::{
    auth::identity::{Identity, Profile},
    store::{Store, StoreError, users},
};
use futures_util::FutureExt;
use moka::sync::Cache;
use protocol::id::UserId;

/// Capacity of the cache of stored profiles, in bytes; the least used are evicted. Tokens decide how long a profile is,
/// so entries are weighed, not counted.
const CACHE_BYTES: u64 = 32 * 1024 * 1024;
/// The size of an entry besides its texts, in bytes.
const ENTRY_BYTES: usize = 200;

/// The profiles of all users.
#[derive(Clone)]
pub struct Profiles {
    store: Store,
    stored: Cache<UserId, Profile>,
}

impl Profiles {
    pub fn new(store: Store) -> Self {
        Self {
            store,
            stored: Cache::builder().weigher(weight).max_capacity(CACHE_BYTES).build(),
        }
    }

    /// Updates the caller's profile from the newest token. Writes nothing if it is unchanged.
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
