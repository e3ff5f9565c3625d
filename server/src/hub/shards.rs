//! A map in many parts, each with its own short lock, so that work on one key rarely waits for another.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
};

const SHARDS: usize = 64;

/// The map. Its locks are never held across an await, nor while a message is delivered.
pub(super) struct Shards<K, V> {
    hasher: RandomState,
    shards: [Mutex<HashMap<K, V>>; SHARDS],
}

impl<K: Hash + Eq + Borrow<str>, V: Clone> Shards<K, V> {
    /// What is there under a key.
    pub(super) fn peek(&self, key: &str) -> Option<V> {
        self.of(key).get(key).cloned()
    }

    /// Takes what is there under a key.
    pub(super) fn take(&self, key: &str) -> Option<V> {
        self.of(key).remove(key)
    }
}

impl<K: Hash + Eq, V: Clone> Shards<K, V> {
    pub(super) fn new() -> Self {
        Self {
            hasher: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::default()),
        }
    }

    /// The part that holds a key.
    pub(super) fn of<Q: Hash + ?Sized>(&self, key: &Q) -> MutexGuard<'_, HashMap<K, V>> {
        // Below 64, so it fits.
        let index = (self.hasher.hash_one(key) % SHARDS as u64) as usize;
        lock(&self.shards[index])
    }

    /// All keys, as they were when their part was visited.
    pub(super) fn keys(&self) -> Vec<K>
    where
        K: Clone,
    {
        let keys = |shard: &Mutex<HashMap<K, V>>| lock(shard).keys().cloned().collect::<Vec<_>>();
        self.shards.iter().flat_map(keys).collect()
    }

    /// All values, as they were when their part was visited.
    pub(super) fn values(&self) -> Vec<V> {
        self.shards
            .iter()
            .flat_map(|shard| lock(shard).values().cloned().collect::<Vec<_>>())
            .collect()
    }

    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).len()).sum()
    }
}

/// Nothing that holds one of the hub's locks can leave what it guards half changed.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
