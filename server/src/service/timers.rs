//! Timers: commands and edits, each one transaction with its event, and the reads.

mod audience;
mod command;
mod edit;
mod links;
mod page;
mod read;
mod shown;
mod sync;

pub use command::{Caller, Change};
pub use edit::{Edit, EditError};
pub use links::UnknownLink;
pub use page::{Offer, Page};
pub use read::{Missed, Start};
pub use shown::{Extras, Shown, TagMode};
pub use sync::{page_request, sync_result};

use crate::{hub::Hub, service::friends::Activity, store::Store};
use audience::Audience;

/// The timer use cases.
#[derive(Clone)]
pub struct Timers {
    store: Store,
    audience: Audience,
    commands: command::Queue,
}

impl Timers {
    /// Over a store, publishing to a hub, and telling friends.
    pub fn new(store: Store, hub: Hub, activity: Activity) -> Self {
        Self {
            store,
            audience: Audience { hub, activity },
            commands: command::Queue::default(),
        }
    }
}
