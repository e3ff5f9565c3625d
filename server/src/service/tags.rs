//! Tags and tag groups (contract, REST 6).

mod groups;
mod items;
mod time;

pub use groups::{GroupPatch, GroupWithTags, NewGroup};
pub use items::{NewTag, TagPatch};

use crate::{service::effects::EventPublisher, store::Store};

/// The use cases of tags.
#[derive(Clone)]
pub struct Tags {
    store: Store,
    publisher: EventPublisher,
}

impl Tags {
    pub fn new(store: Store, publisher: EventPublisher) -> Self {
        Self { store, publisher }
    }
}
