//! The state of the live connection.

use crate::live::Status;
use leptos::prelude::*;

/// The connection's status and the commands that wait for it, as a context.
#[derive(Clone, Copy)]
pub struct Connection {
    status: RwSignal<Status>,
    waiting: RwSignal<usize>,
    #[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing moves on the server"))]
    was_live: StoredValue<bool>,
}

impl Connection {
    pub(super) fn new() -> Self {
        Self {
            status: RwSignal::new(Status::Connecting),
            waiting: RwSignal::new(0),
            was_live: StoredValue::new(false),
        }
    }

    /// The status.
    pub fn status(self) -> Status {
        self.status.get()
    }

    /// Number of commands without an answer.
    pub fn waiting(self) -> usize {
        self.waiting.get()
    }

    /// Whether changes are received since a moment ago, so that earlier ones may have been missed.
    #[cfg(feature = "hydrate")]
    pub(super) fn became_live(self) -> bool {
        let is_live = self.status.get_untracked() == Status::Live;
        let was_live = self.was_live.get_value();
        self.was_live.set_value(is_live);
        is_live && !was_live
    }

    #[cfg(feature = "hydrate")]
    pub(super) fn set(self, status: Status, waiting: usize) {
        if self.status.get_untracked() != status {
            self.status.set(status);
        }
        if self.waiting.get_untracked() != waiting {
            self.waiting.set(waiting);
            mark_pending(waiting > 0);
        }
    }
}

/// Marks the document while commands wait, so that its script does not reload it for a new release (`hydration.js`).
#[cfg(feature = "hydrate")]
fn mark_pending(is_pending: bool) {
    let Some(root) = document().document_element() else {
        return;
    };
    let _ = match is_pending {
        true => root.set_attribute("data-pending", "true"),
        false => root.remove_attribute("data-pending"),
    };
}
