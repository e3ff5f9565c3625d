//! Schedules and their occurrences (contract, REST 7).

mod agenda;
mod changed_series;
mod create;
mod edit;
mod expand;
mod following;
mod instances;
mod occurrences;
mod read;
mod times;
mod visible;

pub use agenda::{Agenda, AgendaItem, AgendaOutline, Query};
pub use create::NewSchedule;
pub use edit::{Changed, SchedulePatch};
pub use expand::Position;
pub use instances::{Instance, InstancePatch};
pub use protocol::recurrence::RuleError;
pub use times::TimesPatch;
pub use visible::{VisibleSchedule, load_visible, visible, visible_within_todos};

use crate::{service::effects::EventPublisher, store::Store};

/// The use cases of schedules.
#[derive(Clone)]
pub struct Schedules {
    store: Store,
    publisher: EventPublisher,
}

impl Schedules {
    pub fn new(store: Store, publisher: EventPublisher) -> Self {
        Self { store, publisher }
    }
}
