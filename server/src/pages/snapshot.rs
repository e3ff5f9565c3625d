//! Converts the services' results to the snapshot of the timers page.

use super::day;
use crate::{
    service::{
        friends::Running,
        timers::{LinkChoice, Page},
    },
    store::friends_timers::FriendsTimer,
};
use app::{
    friends::{FriendTimer, Friends},
    links::{Links, ScheduleLink, TagLink, TodoLink},
    snapshot::TimersSnapshot,
};
use protocol::{rest::account::Account, schedule::Schedule, time::Zone, timers::TimerStatus, todo::Todo};

/// The snapshot of an account's timers. `zone` is the reader's timezone, if known.
pub fn of(
    account: Account,
    page: Page,
    running: Running,
    unread: u64,
    epoch: String,
    zone: Option<&Zone>,
) -> TimersSnapshot {
    TimersSnapshot {
        account,
        links: Links {
            schedules: page.schedules.into_iter().map(schedule).collect(),
            todos: page.todos.into_iter().map(todo).collect(),
            tags: page.tags.iter().map(TagLink::from).collect(),
        },
        friends: Friends {
            any: running.has_friends,
            timers: running.timers.into_iter().map(friend).collect(),
        },
        timers: page.timers,
        next_active: page.next_active,
        has_more_ended: page.has_more_ended,
        unread,
        seq: page.seq,
        epoch,
        now: page.now,
        day_start: day::day_start(page.now, zone),
        utc_offsets: day::utc_offsets(page.now, zone),
    }
}

fn schedule(choice: LinkChoice<Schedule>) -> ScheduleLink {
    ScheduleLink {
        id: choice.value.id,
        start: choice.value.start_time,
        recurs: choice.value.rule().is_some(),
        open: choice.open,
        title: choice.value.title,
    }
}

fn todo(choice: LinkChoice<Todo>) -> TodoLink {
    TodoLink {
        id: choice.value.id,
        open: choice.open,
        title: choice.value.title,
    }
}

fn friend(one: FriendsTimer) -> FriendTimer {
    let timer = one.timer;
    let since = match timer.status {
        TimerStatus::Running => Some(timer.started_at),
        TimerStatus::Paused => timer.paused_at,
        TimerStatus::Completed | TimerStatus::Cancelled => timer.ended_at,
    };
    FriendTimer {
        friend_id: timer.owner_id,
        name: one.display_name,
        timer_id: timer.id,
        title: timer.title,
        status: timer.status,
        since: since.unwrap_or(timer.updated_at),
    }
}
