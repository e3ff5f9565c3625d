//! The data of the page of one timer.

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
use protocol::{
    id::UserId,
    time::{Timestamp, Zone},
    timers::Timer,
};

/// The offsets begin so long before the timer, in milliseconds.
const BEFORE_MILLIS: i64 = 24 * 60 * 60 * 1000;

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
    let Some(zone) = zone else {
        return UtcOffsets::default();
    };
    let first: Option<Timestamp> = timer.history.first().map(|entry| entry.at);
    let from = first.unwrap_or(timer.created_at).min(timer.created_at);
    UtcOffsets::new(zone.offsets(
        from.plus_millis(-BEFORE_MILLIS),
        clock::now().plus_millis(BEFORE_MILLIS),
    ))
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
