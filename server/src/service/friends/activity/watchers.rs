//! The connections that want what others share with their users.

use crate::service::sharing::Reader;
use hub::{Handle, Message};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// All of this node.
#[derive(Clone, Default)]
pub(super) struct Watchers(Arc<Mutex<HashMap<Uuid, (Reader, Handle)>>>);

/// A connection that wants what is shared with its user, until this is dropped.
pub struct Watch {
    id: Uuid,
    watchers: Watchers,
}

impl Watchers {
    pub(super) fn add(&self, reader: Reader, connection: Handle) -> Watch {
        let id = Uuid::now_v7();
        self.all().insert(id, (reader, connection));
        Watch {
            id,
            watchers: self.clone(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    /// Sends a message to those who may have it.
    pub(super) fn send(&self, message: &Arc<Message>, may: impl Fn(&Reader) -> bool) {
        for (reader, connection) in self.all().values() {
            if may(reader) {
                connection.send(message.clone());
            }
        }
    }

    /// Lets all connect again: they missed something.
    pub(super) fn recover(&self) {
        self.all().values().for_each(|(_, connection)| connection.recover());
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Uuid, (Reader, Handle)>> {
        // Nothing that holds the lock can leave it half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.watchers.all().remove(&self.id);
    }
}
