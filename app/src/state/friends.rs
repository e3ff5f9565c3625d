//! Friends' activity.

use crate::friends::{FriendTimer, Friends};
use leptos::prelude::*;
use protocol::{id::UserId, time::Timestamp};

/// Friends' activity, as a context.
#[derive(Clone, Copy)]
pub struct FriendsActivity(RwSignal<Friends>);

impl FriendsActivity {
    pub(super) fn new(friends: Friends) -> Self {
        Self(RwSignal::new(friends))
    }

    /// Whether the user has any friends.
    pub fn any(self) -> bool {
        self.0.with(|friends| friends.any)
    }

    /// The rows to show at `now`.
    pub fn shown(self, now: Timestamp) -> Vec<FriendTimer> {
        self.0.with(|friends| friends.shown(now))
    }

    /// What a friend does at `now`.
    pub fn of(self, friend: &UserId, now: Timestamp) -> Option<FriendTimer> {
        self.0.with(|friends| friends.of(friend, now))
    }

    #[cfg(feature = "hydrate")]
    pub(super) fn set(self, friends: Friends) {
        self.0.set(friends);
    }
}
