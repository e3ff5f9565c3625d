//! The number of unread notifications.

use leptos::prelude::*;

/// The number of unread notifications, as a context.
#[derive(Clone, Copy)]
pub struct UnreadCount(RwSignal<u64>);

impl UnreadCount {
    pub(super) fn new(count: u64) -> Self {
        Self(RwSignal::new(count))
    }

    /// The number; without those that were read here, also before the server has it.
    pub fn get(self) -> u64 {
        self.0.get()
    }

    /// So many were read here. The server's number follows.
    pub fn read(self, count: u64) {
        self.0.update(|unread| *unread = unread.saturating_sub(count));
    }

    #[cfg(feature = "hydrate")]
    pub(super) fn set(self, count: u64) {
        if self.0.get_untracked() != count {
            self.0.set(count);
        }
    }
}
