//! Todos, their tree, and the schedules of their deadlines (contract, REST 8).

mod create;
mod edit;
mod list;
mod read;
mod time_spent;
mod tree;
mod visible;

pub use create::{NewTodo, insert};
pub use edit::TodoPatch;
pub use list::Query;
pub use read::Stats;
pub use visible::{VisibleTodo, load_visible, own, visible};

use crate::{service::effects::EventPublisher, store::Store};

/// The use cases of todos.
#[derive(Clone)]
pub struct Todos {
    store: Store,
    publisher: EventPublisher,
}

impl Todos {
    pub fn new(store: Store, publisher: EventPublisher) -> Self {
        Self { store, publisher }
    }
}
