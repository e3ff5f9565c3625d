//! Schedules and their occurrences (contract, REST 7).

mod agenda;
mod create;
mod edit;
mod expand;
mod instances;
mod read;
mod recurrence;
mod shown;

pub use agenda::{Agenda, AgendaItem, Query};
pub use create::NewSchedule;
pub use edit::SchedulePatch;
pub use expand::Position;
pub use instances::{Instance, InstancePatch};
pub use recurrence::RuleError;
pub use shown::{ShownSchedule, shown, shown_within_todos, views};

use crate::{hub::Hub, store::Store};

/// The use cases of schedules.
#[derive(Clone)]
pub struct Schedules {
    store: Store,
    hub: Hub,
}

impl Schedules {
    /// Over a store, publishing to a hub.
    pub fn new(store: Store, hub: Hub) -> Self {
        Self { store, hub }
    }
}
