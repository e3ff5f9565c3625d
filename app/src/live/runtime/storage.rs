//! Pending commands survive a reload: one key per command in the browser's storage, so that tabs do not overwrite each
//! other's. Where storage is denied (private windows), they live as long as the page.

use crate::{
    browser::storage,
    live::{live_protocol::LiveProtocol, outbox::Pending},
};
use protocol::id::UserId;

/// Stores a command.
pub fn keep<P: LiveProtocol>(user: &UserId, command: &Pending<P::Command>) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&key::<P>(user, command), &command.to_json());
    }
}

/// Removes a command.
pub fn forget<P: LiveProtocol>(user: &UserId, command: &Pending<P::Command>) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key::<P>(user, command));
    }
}

/// The user's commands. What cannot be read is removed.
pub fn load<P: LiveProtocol>(user: &UserId) -> Vec<Pending<P::Command>> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let prefix = prefix::<P>(user);
    let keys: Vec<String> = (0..storage.length().unwrap_or(0))
        .filter_map(|index| storage.key(index).ok().flatten())
        .filter(|key| key.starts_with(&prefix))
        .collect();
    let mut commands = Vec::new();
    for key in keys {
        let json = storage.get_item(&key).ok().flatten().unwrap_or_default();
        match Pending::parse(&json) {
            Some(command) => commands.push(command),
            None => {
                let _ = storage.remove_item(&key);
            }
        }
    }
    commands
}

fn prefix<P: LiveProtocol>(user: &UserId) -> String {
    format!("lockstep.{}.{user}.", P::NAME)
}

fn key<P: LiveProtocol>(user: &UserId, command: &Pending<P::Command>) -> String {
    format!("{}{:016}.{}", prefix::<P>(user), command.order, command.id)
}
