//! Pending commands survive a reload: one key per command in the browser's storage, so that tabs do not overwrite each
//! other's. Where storage is denied (private windows), they live as long as the page.

use super::pending::Pending;
use crate::browser::storage;
use protocol::{id::UserId, time::Timestamp};

const PREFIX: &str = "lockstep.pending";

/// Stores a command.
pub fn keep(user: &UserId, command: &Pending) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(command)) {
        let _ = storage.set_item(&key(user, command), &text);
    }
}

/// Removes a command.
pub fn forget(user: &UserId, command: &Pending) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key(user, command));
    }
}

/// The user's commands, and the number of stale ones, which are removed.
pub fn load(user: &UserId, now: Timestamp) -> (Vec<Pending>, usize) {
    let Some(storage) = storage() else {
        return (Vec::new(), 0);
    };
    let prefix = format!("{PREFIX}.{user}.");
    let keys: Vec<String> = (0..storage.length().unwrap_or(0))
        .filter_map(|index| storage.key(index).ok().flatten())
        .filter(|key| key.starts_with(&prefix))
        .collect();
    let (mut commands, mut stale) = (Vec::new(), 0);
    for key in keys {
        let text = storage.get_item(&key).ok().flatten().unwrap_or_default();
        match serde_json::from_str::<Pending>(&text) {
            Ok(command) if !command.is_stale(now) => commands.push(command),
            read => {
                stale += usize::from(read.is_ok());
                let _ = storage.remove_item(&key);
            }
        }
    }
    (commands, stale)
}

fn key(user: &UserId, command: &Pending) -> String {
    format!("{PREFIX}.{user}.{:016}.{}", command.order, command.id)
}
