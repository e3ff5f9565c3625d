//! Timers: commands and edits, each one transaction with its event, and the reads.

mod command;
mod edit;
pub mod event_log;
pub mod history;
pub mod linked;
mod links;
mod opened;
mod page;
mod read;
mod sync;
pub(crate) mod tags;
mod visible;

pub use command::Caller;
pub use edit::Edit;
pub use links::UnknownLink;
pub use opened::OpenedTimer;
pub use page::{LinkChoice, Page};
pub use read::{Missed, Start, committed_since};
pub use sync::{page_request, sync_result};
pub use tags::TagMode;
pub use visible::{Extras, VisibleTimer};

use crate::{service::effects::EventPublisher, store::Store};

/// The timer use cases.
#[derive(Clone)]
pub struct Timers {
    store: Store,
    publisher: EventPublisher,
}

impl Timers {
    pub fn new(store: Store, publisher: EventPublisher) -> Self {
        Self { store, publisher }
    }
}
