//! The data of the page of one timer.

use super::day;
use crate::{
    clock,
    service::timers::OpenedTimer,
    store::{
        friendships::WithProfile,
        visibilities::{EntryKind, Visibility},
    },
};
use app::{
    local_time::UtcOffsets,
    pages::timer::{Person, Sharing, TimerData},
};
use protocol::{id::UserId, time::Zone, timers::Timer};

/// The data for a reader with this timezone.
pub fn data(reader: &UserId, opened: OpenedTimer, zone: Option<&Zone>) -> TimerData {
    let OpenedTimer {
        visible,
        owner_name,
        visibility,
        friends,
    } = opened;
    let is_own = !visible.access.is_shared();
    let (schedule, todo) = (visible.schedule, visible.todo);
    TimerData {
        utc_offsets: utc_offsets(&visible.timer, zone),
        // A reader learns nothing of links that are hidden.
        timer: Timer {
            schedule_id: schedule.as_ref().map(|one| one.schedule.id),
            todo_id: todo.as_ref().map(|one| one.todo.id),
            ..visible.timer
        },
        is_own,
        owner_name,
        schedule: schedule.map(|one| one.schedule.title),
        todo: todo.map(|one| one.todo.title),
        sharing: visibility.map(sharing).unwrap_or_default(),
        friends: friends.into_iter().map(|friend| person(reader, friend)).collect(),
        waiting: Vec::new(),
    }
}

/// The offsets from UTC while the timer was active, and until now.
fn utc_offsets(timer: &Timer, zone: Option<&Zone>) -> UtcOffsets {
    let first = timer.history.first().map_or(timer.created_at, |entry| entry.at);
    day::offsets_between(first.min(timer.created_at), clock::now(), zone)
}

fn sharing(setting: Visibility) -> Sharing {
    let list = |kind| {
        let entries = setting.entries.iter().filter(|entry| entry.kind == kind);
        entries.map(|entry| entry.value.clone()).collect()
    };
    Sharing {
        level: setting.level,
        users: list(EntryKind::User),
        emails: list(EntryKind::Email),
        domains: list(EntryKind::Domain),
    }
}

fn person(user: &UserId, friend: WithProfile) -> Person {
    let id = friend.friendship.other(user).to_string();
    Person {
        name: friend.display_name.unwrap_or_else(|| id.clone()),
        id,
    }
}
