//! Pending writes in the browser's storage, one key each, so that tabs do not overwrite each other's. Where storage is
//! denied (private windows), they live as long as the page.

use super::PendingWrite;
use crate::browser;
use std::collections::BTreeMap;

/// The writes of one user.
pub struct WriteStorage {
    prefix: String,
    /// Those that could not be stored.
    unstored: BTreeMap<String, PendingWrite>,
}

impl WriteStorage {
    pub fn of(user: &str) -> Self {
        Self {
            prefix: format!("lockstep.write.{user}."),
            unstored: BTreeMap::new(),
        }
    }

    /// Whether a key of the storage is one of these writes.
    pub fn owns(&self, key: &str) -> bool {
        key.starts_with(&self.prefix)
    }

    pub fn keep(&mut self, write: PendingWrite) {
        let stored = browser::storage()
            .zip(serde_json::to_string(&write).ok())
            .is_some_and(|(storage, json)| storage.set_item(&self.key(&write.id), &json).is_ok());
        if !stored {
            self.unstored.insert(write.id.clone(), write);
        }
    }

    pub fn forget(&mut self, id: &str) {
        self.unstored.remove(id);
        if let Some(storage) = browser::storage() {
            let _ = storage.remove_item(&self.key(id));
        }
    }

    /// All writes, of all tabs, in their order. What cannot be read is removed.
    pub fn all(&self) -> Vec<PendingWrite> {
        let mut writes = self.unstored.clone();
        if let Some(storage) = browser::storage() {
            let keys: Vec<String> = (0..storage.length().unwrap_or(0))
                .filter_map(|index| storage.key(index).ok().flatten())
                .filter(|key| self.owns(key))
                .collect();
            for key in keys {
                let json = storage.get_item(&key).ok().flatten().unwrap_or_default();
                match protocol::json::parse::<PendingWrite>(&json) {
                    Ok(write) => drop(writes.insert(write.id.clone(), write)),
                    Err(_) => drop(storage.remove_item(&key)),
                }
            }
        }
        writes.into_values().collect()
    }

    fn key(&self, id: &str) -> String {
        format!("{}{id}", self.prefix)
    }
}
