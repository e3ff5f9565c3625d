//! What friends do, as far as they show it.

use protocol::{
    id::{TimerId, UserId},
    time::Timestamp,
    timers::{TimerAction, TimerStatus},
};
use serde::{Deserialize, Serialize};

/// What has ended is shown this long, in milliseconds.
const ENDED_MILLIS: i64 = 60 * 60 * 1000;
/// As many are shown at most.
const MOST: usize = 12;

/// A friend's timer: what it does, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FriendTimer {
    pub friend_id: UserId,
    /// What they are called.
    pub name: Option<String>,
    pub timer_id: TimerId,
    /// Its title, where the friend shows titles.
    pub title: Option<String>,
    pub status: TimerStatus,
    pub since: Timestamp,
}

/// What the person's friends do, the last that happened first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Friends {
    /// Whether there are friends at all.
    pub any: bool,
    pub timers: Vec<FriendTimer>,
}

impl Friends {
    /// Takes in that a friend did something.
    pub fn happened(&mut self, timer: FriendTimer) {
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

    /// Takes in what is active at `now`. What happened after that is newer; what has ended only an open page knows.
    pub fn replace(&mut self, active: Self, now: Timestamp) {
        let before = std::mem::replace(self, active);
        let keeps = |timer: &FriendTimer| timer.since > now || !timer.status.is_active();
        before
            .timers
            .into_iter()
            .filter(keeps)
            .for_each(|timer| self.happened(timer));
    }

    /// What is shown at `now`.
    pub fn shown(&self, now: Timestamp) -> Vec<FriendTimer> {
        let recent = |timer: &&FriendTimer| timer.status.is_active() || now.millis_since(timer.since) < ENDED_MILLIS;
        self.timers.iter().filter(recent).take(MOST).cloned().collect()
    }
}

/// Where a timer stands after an action; `None` where the action tells nothing of it.
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
        timers.iter().cloned().for_each(|timer| friends.happened(timer));
        friends
    }

    #[test]
    fn a_timer_has_one_row_and_the_last_that_happened_is_first() {
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
            "what is older changes nothing"
        );
    }

    #[test]
    fn what_has_ended_goes_after_an_hour() {
        let ended = timer(1, TimerStatus::Completed, 0);
        let running = timer(2, TimerStatus::Running, 0);
        let friends = friends(&[ended, running]);
        assert_eq!(friends.shown(Timestamp::from_millis(ENDED_MILLIS - 1)).len(), 2);
        assert_eq!(friends.shown(Timestamp::from_millis(ENDED_MILLIS)).len(), 1);
    }

    #[test]
    fn a_new_list_takes_the_place_of_what_it_is_newer_than() {
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
}
