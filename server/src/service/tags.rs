//! Tags and the groups they stand in (contract, REST 6).

mod groups;
mod items;

pub use groups::{GroupPatch, GroupWithTags, NewGroup};
pub use items::{NewTag, TagPatch};

use crate::{hub::Hub, store::Store};

/// The use cases of tags.
#[derive(Clone)]
pub struct Tags {
    store: Store,
    hub: Hub,
}

impl Tags {
    /// Over a store, publishing to a hub.
    pub fn new(store: Store, hub: Hub) -> Self {
        Self { store, hub }
    }
}
