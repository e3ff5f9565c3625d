//! The active timers of a user's friends, as far as they show them.

use super::Friends;
use crate::store::{
    StoreError,
    friends_timers::{self, FriendsTimer},
};
use protocol::{friend::FriendActivity, id::UserId};
use std::cmp::Reverse;

/// The maximum number of timers, the newest first.
const MAX_TIMERS: usize = 50;

/// The active timers of a user's friends.
#[derive(Clone, Debug, Default)]
pub struct Running {
    /// Whether the user has any friends.
    pub has_friends: bool,
    /// Their RUNNING and PAUSED timers, last changed first; without titles where the owner shows none.
    pub timers: Vec<FriendsTimer>,
}

impl Friends {
    /// The active timers of a user's friends: the state that `timer.friend_activity` updates.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn running(&self, user: &UserId) -> Result<Running, StoreError> {
        let relationships = self.relationships.get(user).await?;
        let friends: Vec<&UserId> = relationships.friends().collect();
        if friends.is_empty() {
            return Ok(Running::default());
        }
        let mut timers = self
            .store
            .query_for(user, async |conn| friends_timers::active(conn, &friends).await)
            .await?;
        timers.retain(|one| one.shows != FriendActivity::Nothing);
        timers.sort_by_key(|one| Reverse((one.timer.updated_at, one.timer.id)));
        timers.truncate(MAX_TIMERS);
        for one in timers.iter_mut().filter(|one| one.shows != FriendActivity::Titles) {
            one.timer.title = None;
        }
        Ok(Running {
            has_friends: true,
            timers,
        })
    }
}
