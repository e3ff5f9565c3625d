//! Friends' timers, as far as they share them.

use protocol::{
    id::{TimerId, UserId},
    time::Timestamp,
    timers::{TimerAction, TimerStatus},
};
use serde::{Deserialize, Serialize};

/// How long ended timers are shown, in milliseconds.
const ENDED_MILLIS: i64 = 60 * 60 * 1000;
/// The maximum number of rows.
const MAX_ROWS: usize = 12;

/// A friend's timer and its latest state.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FriendTimer {
    pub friend_id: UserId,
    /// The friend's display name.
    pub name: Option<String>,
    pub timer_id: TimerId,
    /// The title, if the friend shares titles.
    pub title: Option<String>,
    pub status: TimerStatus,
    pub since: Timestamp,
}

impl FriendTimer {
    fn is_recent(&self, now: Timestamp) -> bool {
        self.status.is_active() || now.millis_since(self.since) < ENDED_MILLIS
    }
}

/// Friends' timers, the most recent activity first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Friends {
    /// Whether the user has any friends.
    pub any: bool,
    pub timers: Vec<FriendTimer>,
}

impl Friends {
    /// Records the latest state of a friend's timer.
    pub fn record(&mut self, timer: FriendTimer) {
        let known = self.timers.iter().find(|known| known.timer_id == timer.timer_id);
        if known.is_some_and(|known| known.since > timer.since) {
            return;
        }
        self.any = true;
        self.timers.retain(|known| known.timer_id != timer.timer_id);
        self.timers.push(timer);
        self.timers
            .sort_by_key(|timer| std::cmp::Reverse((timer.since, timer.timer_id)));
    }

    /// Replaces the active timers by those at `now`. Keeps newer activity, and ended timers, which the list does not
    /// contain; without any friends nothing is kept.
    pub fn replace(&mut self, active: Self, now: Timestamp) {
        let before = std::mem::replace(self, active);
        if !self.any {
            return;
        }
        let keeps = |timer: &FriendTimer| timer.since > now || !timer.status.is_active();
        before
            .timers
            .into_iter()
            .filter(keeps)
            .for_each(|timer| self.record(timer));
    }

    /// The rows to show at `now`.
    pub fn shown(&self, now: Timestamp) -> Vec<FriendTimer> {
        let recent = self.timers.iter().filter(|timer| timer.is_recent(now));
        recent.take(MAX_ROWS).cloned().collect()
    }

    /// What a friend does at `now`: the latest active timer, or else the last that ended a moment ago.
    pub fn of(&self, friend: &UserId, now: Timestamp) -> Option<FriendTimer> {
        let is_theirs = |timer: &&FriendTimer| timer.friend_id == *friend && timer.is_recent(now);
        let active = self
            .timers
            .iter()
            .find(|timer| timer.status.is_active() && is_theirs(timer));
        active.or_else(|| self.timers.iter().find(is_theirs)).cloned()
    }
}

/// The status of a timer after an action; `None` when the action does not determine it.
pub fn status_after(action: TimerAction) -> Option<TimerStatus> {
    match action {
        TimerAction::Start | TimerAction::Resume => Some(TimerStatus::Running),
        TimerAction::Pause => Some(TimerStatus::Paused),
        TimerAction::Stop => Some(TimerStatus::Completed),
        TimerAction::Cancel => Some(TimerStatus::Cancelled),
        TimerAction::Sync => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn timer(n: u128, status: TimerStatus, since: i64) -> FriendTimer {
        FriendTimer {
            friend_id: "ben".into(),
            name: Some("Ben".into()),
            timer_id: TimerId(Uuid::from_u128(n)),
            title: None,
            status,
            since: Timestamp::from_millis(since),
        }
    }

    fn friends(timers: &[FriendTimer]) -> Friends {
        let mut friends = Friends::default();
        timers.iter().cloned().for_each(|timer| friends.record(timer));
        friends
    }

    #[test]
    fn each_timer_has_one_row_and_the_most_recent_is_first() {
        let running = timer(1, TimerStatus::Running, 10);
        let paused = timer(1, TimerStatus::Paused, 30);
        let other = timer(2, TimerStatus::Running, 20);
        assert_eq!(
            friends(&[running.clone(), other.clone(), paused.clone()]).timers,
            [paused.clone(), other.clone()]
        );
        assert_eq!(
            friends(&[paused.clone(), running]).timers,
            [paused],
            "older activity changes nothing"
        );
    }

    #[test]
    fn ended_timers_are_hidden_after_an_hour() {
        let ended = timer(1, TimerStatus::Completed, 0);
        let running = timer(2, TimerStatus::Running, 0);
        let friends = friends(&[ended, running]);
        assert_eq!(friends.shown(Timestamp::from_millis(ENDED_MILLIS - 1)).len(), 2);
        assert_eq!(friends.shown(Timestamp::from_millis(ENDED_MILLIS)).len(), 1);
    }

    #[test]
    fn a_friend_does_what_is_active_or_else_what_ended_last() {
        let running = timer(1, TimerStatus::Running, 10);
        let ended = timer(2, TimerStatus::Completed, 20);
        let now = Timestamp::from_millis(ENDED_MILLIS);
        let friend = "ben".into();
        assert_eq!(
            friends(&[running.clone(), ended.clone()]).of(&friend, now),
            Some(running)
        );
        assert_eq!(
            friends(std::slice::from_ref(&ended)).of(&friend, now),
            Some(ended.clone())
        );
        let later = now.plus_millis(20);
        assert_eq!(friends(std::slice::from_ref(&ended)).of(&friend, later), None);
        assert_eq!(friends(&[ended]).of(&"eve".into(), now), None);
    }

    #[test]
    fn a_new_list_replaces_older_rows_and_keeps_newer_ones() {
        let stale = timer(1, TimerStatus::Running, 10);
        let ended = timer(2, TimerStatus::Completed, 10);
        let newer = timer(3, TimerStatus::Paused, 30);
        let listed = timer(3, TimerStatus::Running, 15);
        let mut all = friends(&[stale, ended.clone(), newer.clone()]);
        let list = Friends {
            any: true,
            timers: vec![listed],
        };
        all.replace(list, Timestamp::from_millis(20));
        assert_eq!(all.timers, [newer, ended]);
    }

    #[test]
    fn a_list_without_friends_removes_all_rows() {
        let mut all = friends(&[timer(1, TimerStatus::Running, 10), timer(2, TimerStatus::Cancelled, 30)]);
        all.replace(Friends::default(), Timestamp::from_millis(20));
        assert_eq!(all, Friends::default());
    }
}
