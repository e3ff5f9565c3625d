//! What a user's friends do now, as far as they show it.

use super::Friends;
use crate::store::{
    StoreError,
    friends_timers::{self, FriendsTimer},
};
use protocol::{friend::FriendActivity, id::UserId};
use std::cmp::Reverse;

/// As many are told of at most, the newest.
const MOST: usize = 50;

/// What a user's friends do now.
#[derive(Clone, Debug, Default)]
pub struct Running {
    /// Whether there are friends at all.
    pub has_friends: bool,
    /// Their RUNNING and PAUSED timers, the last changed first; without titles where their owners show none.
    pub timers: Vec<FriendsTimer>,
}

impl Friends {
    /// What a user's friends do now: the state that `timer.friend_activity` goes on from.
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
        timers.truncate(MOST);
        for one in timers.iter_mut().filter(|one| one.shows != FriendActivity::Titles) {
            one.timer.title = None;
        }
        Ok(Running {
            has_friends: true,
            timers,
        })
    }
}
