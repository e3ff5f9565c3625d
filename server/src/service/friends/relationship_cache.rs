//! A cache of users' relationships and sharing levels: live messages are routed by it without reading the
//! database for each command.

use crate::{
    service::sharing::Relation,
    store::{Store, StoreError, blocks, friendships, users},
};
use hub::{Hub, Topic, TopicEvent};
use moka::sync::Cache;
use protocol::{friend::FriendActivity, id::UserId};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Capacity in bytes; beyond it the least used entries are evicted. The number of relations of an entry is unbounded,
/// so entries are weighed, not counted.
const CACHED_BYTES: u64 = 64 * 1024 * 1024;
/// The approximate size of an entry in bytes, and of each relation in it.
const ENTRY_BYTES: usize = 300;
const RELATION_BYTES: usize = 100;
/// An entry expires after this time, so that a changed profile in a newer token, or an invalidation by another
/// node that was lost, takes effect.
const CACHED_FOR: Duration = Duration::from_secs(30);

/// The topic of invalidations between nodes: a JSON list of user ids.
const TOPIC: Topic = Topic("circles");

/// A user's relationships with other users, and what the user shows to friends.
#[derive(Clone, Debug, Default)]
pub struct Relationships {
    /// The user's name.
    pub display_name: Option<String>,
    /// How much of the user's timers friends see.
    pub shows: FriendActivity,
    relations: HashMap<UserId, Relation>,
}

impl Relationships {
    /// Another user's relation to this one.
    pub fn relation(&self, other: &UserId) -> Relation {
        self.relations.get(other).copied().unwrap_or_default()
    }

    /// The accepted friends.
    pub fn friends(&self) -> impl Iterator<Item = &UserId> {
        let friends = self
            .relations
            .iter()
            .filter(|(_, relation)| **relation == Relation::Friends);
        friends.map(|(user, _)| user)
    }

    /// The users that this one has blocked or is blocked by.
    pub fn blocked(&self) -> impl Iterator<Item = &UserId> {
        let blocked = self
            .relations
            .iter()
            .filter(|(_, relation)| **relation == Relation::Blocked);
        blocked.map(|(user, _)| user)
    }

    /// Relationships for tests.
    #[cfg(test)]
    pub fn of(relations: impl IntoIterator<Item = (UserId, Relation)>) -> Self {
        Self {
            relations: relations.into_iter().collect(),
            ..Self::default()
        }
    }
}

/// The relationships of all users, by user.
#[derive(Clone)]
pub struct RelationshipCache {
    store: Store,
    hub: Hub,
    memory: Memory,
}

/// The cached entries of this node.
#[derive(Clone)]
struct Memory {
    cached: Cache<UserId, Arc<Relationships>>,
    /// Number of invalidations, so that data read before one is not cached after it.
    changes: Arc<AtomicU64>,
}

impl RelationshipCache {
    /// Reads from a store. Invalidations by other nodes arrive over the hub.
    pub fn new(store: Store, hub: Hub) -> Self {
        let memory = Memory {
            cached: Cache::builder()
                .weigher(weight)
                .max_capacity(CACHED_BYTES)
                .time_to_live(CACHED_FOR)
                .build(),
            changes: Arc::default(),
        };
        let elsewhere = memory.clone();
        hub.subscribe_topic(TOPIC, move |event| match event {
            TopicEvent::Message(users) => match serde_json::from_slice::<Vec<UserId>>(users) {
                Ok(users) => elsewhere.invalidate(&users),
                Err(_) => elsewhere.invalidate_all(),
            },
            TopicEvent::Lost => elsewhere.invalidate_all(),
        });
        Self { store, hub, memory }
    }

    /// A user's relationships if they are cached; never waits.
    pub fn cached(&self, user: &UserId) -> Option<Arc<Relationships>> {
        self.memory.cached.get(user)
    }

    /// A user's relationships, read from the database if they are not cached.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn get(&self, user: &UserId) -> Result<Arc<Relationships>, StoreError> {
        loop {
            if let Some(relationships) = self.cached(user) {
                return Ok(relationships);
            }
            let before = self.memory.changes.load(Ordering::SeqCst);
            let relationships = Arc::new(self.read(user).await?);
            self.memory.cached.insert(user.clone(), relationships.clone());
            // An invalidation is counted before it drops entries: either the count has changed here, or the new entry
            // is dropped.
            if self.memory.changes.load(Ordering::SeqCst) == before {
                return Ok(relationships);
            }
            self.memory.cached.invalidate(user);
        }
    }

    /// Drops the cached entries of users, here and on other nodes. Called once the change is committed.
    pub fn invalidate(&self, users: &[UserId]) {
        self.memory.invalidate(users);
        self.hub
            .publish_topic(TOPIC, || serde_json::json!(users).to_string().into_bytes());
    }

    async fn read(&self, user: &UserId) -> Result<Relationships, StoreError> {
        self.store
            .read(async |conn| {
                let profile = users::find(conn, user).await?;
                let friends = friendships::accepted(conn, user).await?;
                let friends = friends
                    .iter()
                    .map(|record| (record.other(user).clone(), record.relation()));
                let blocks = blocks::of(conn, user).await?;
                let blocks = blocks.into_iter().map(|block| match block.blocker == *user {
                    true => (block.blocked, Relation::Blocked),
                    false => (block.blocker, Relation::Blocked),
                });
                Ok(Relationships {
                    shows: profile
                        .as_ref()
                        .map(|profile| profile.friend_activity)
                        .unwrap_or_default(),
                    display_name: profile.and_then(|profile| profile.display_name),
                    relations: friends.chain(blocks).collect(),
                })
            })
            .await
    }
}

fn weight(_: &UserId, relationships: &Arc<Relationships>) -> u32 {
    u32::try_from(ENTRY_BYTES + RELATION_BYTES * relationships.relations.len()).unwrap_or(u32::MAX)
}

impl Memory {
    fn invalidate(&self, users: &[UserId]) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        for user in users {
            self.cached.invalidate(user);
        }
    }

    fn invalidate_all(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.cached.invalidate_all();
    }
}
