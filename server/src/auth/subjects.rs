//! Maps token subjects to users. Only issuer and subject together identify a user (OpenID Connect Core, 5.7): the same
//! `sub` of another issuer is another user.

use crate::{
    clock,
    store::{Store, StoreError, users},
};
use futures_util::FutureExt;
use moka::sync::Cache;
use protocol::id::UserId;
use std::sync::Arc;

/// The maximum memory of the cache, in bytes; the least used entries are evicted.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;
/// The memory of an entry besides its texts, in bytes: an upper bound of the cache's own nodes.
const ENTRY_BYTES: usize = 256;

/// The users of all issuers, cached.
#[derive(Clone)]
pub struct Subjects {
    store: Store,
    /// By issuer and subject. Both are immutable, so entries never become invalid.
    users: Cache<(Arc<str>, String), UserId>,
}

impl Subjects {
    pub fn new(store: Store) -> Self {
        let weight = |(_, subject): &(Arc<str>, String), id: &UserId| {
            u32::try_from(ENTRY_BYTES + subject.len() + id.as_str().len()).unwrap_or(u32::MAX)
        };
        let users = Cache::builder().max_capacity(CACHE_BYTES).weigher(weight).build();
        Self { store, users }
    }

    /// The user of a subject; created for the first token with that subject.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn user(&self, issuer: &Arc<str>, subject: &str) -> Result<UserId, StoreError> {
        let key = (issuer.clone(), subject.to_owned());
        if let Some(user) = self.users.get(&key) {
            return Ok(user);
        }
        let found = self
            .store
            .query(async |conn| users::with_subject(conn, issuer, subject).await)
            .await?;
        let user = match found {
            Some(user) => user,
            None => self.add(key.clone()).await?,
        };
        self.users.insert(key, user.clone());
        Ok(user)
    }

    async fn add(&self, (issuer, subject): (Arc<str>, String)) -> Result<UserId, StoreError> {
        let now = clock::now();
        self.store
            .writer()
            .write(move |conn| async move { users::find_or_add(conn, &issuer, &subject, now).await }.boxed())
            .await
    }
}
