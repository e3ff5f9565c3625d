//! Timers: commands and edits, each one transaction with its event, and the reads.

mod command;
mod edit;
mod links;
mod read;
mod shown;
mod sync;

pub use command::{Caller, Change};
pub use edit::{Edit, EditError};
pub use links::UnknownLink;
pub use read::{Missed, Start};
pub use shown::{Extras, Scope, Shown, TagMode};

use crate::{hub::Hub, store::Store};

/// The timer use cases.
#[derive(Clone)]
pub struct Timers {
    store: Store,
    hub: Hub,
    commands: command::Queue,
}

impl Timers {
    /// Over a store, publishing to a hub.
    pub fn new(store: Store, hub: Hub) -> Self {
        Self {
            store,
            hub,
            commands: command::Queue::default(),
        }
    }
}
