//! Moved entries, and the way of the arrow keys through them.

use super::Calendar;
use crate::{
    live::Status,
    pages::calendar::{
        data::{CalendarData, Entry, Key},
        draft::{Draft, Scope, Times},
        drag::{self, Drag, Grip},
        layout,
        query::CalendarQuery,
    },
};
use leptos::prelude::*;
use protocol::{id::ScheduleId, time::Timestamp};
use uuid::Uuid;

impl Calendar {
    /// Moves an entry, or its end. Of a series only this occurrence.
    pub fn set_times(self, key: Key, times: Times) {
        let Some(mut entry) = self.entry(key).filter(|entry| !entry.plan.is_shared) else {
            return;
        };
        if (entry.plan.start, entry.plan.end) == times || times.1 <= times.0 {
            return;
        }
        (entry.plan.start, entry.plan.end) = times;
        self.put_times(&entry);
        self.moved.set(key.at.map(|_| key));
        let words = (self.t.moved)(self.title(&entry), &untrack(|| self.moment(&entry)));
        self.say(words);
    }

    /// Moves an entry by keys.
    pub fn move_by(self, key: Key, days: i64, minutes: i64) {
        if let Some(entry) = self.entry(key) {
            let times = self
                .data
                .with_untracked(|data| drag::moved(data, &entry, days, minutes));
            self.set_times(key, times);
            self.show_day_of(times.0, entry.plan.all_day);
        }
    }

    /// Moves the end of an entry by keys.
    pub fn resize_by(self, key: Key, minutes: i64) {
        if let Some(entry) = self.entry(key).filter(|entry| !entry.plan.all_day) {
            self.set_times(key, drag::resized(&entry, minutes));
        }
    }

    /// Follows an entry that left the shown days.
    pub(super) fn show_day_of(self, start: Timestamp, all_day: bool) {
        let query = self.data.with_untracked(|data| {
            let day = match all_day {
                true => crate::local_time::day_of_millis(start.millis()),
                false => data.utc_offsets.wall_clock(start).day(),
            };
            let is_shown = data.days.iter().any(|shown| shown.day == day);
            (!is_shown).then(|| CalendarQuery::of_day(data.query.shown, day))
        });
        // Without a connection no other days can be read.
        if let Some(query) = query.filter(|_| untrack(|| self.connection.status()) == Status::Live) {
            self.go(&query);
        }
    }

    /// Opens the form of an occurrence that was moved, to move its whole series, once the series is read.
    pub fn edit_series(self) {
        if let Some(key) = self.moved.get_untracked() {
            self.moved.set(None);
            self.series.set(Some(key));
            self.open(key);
        }
    }

    /// Opens the form for the series that [`Calendar::edit_series`] waits for.
    pub fn continue_series(self) {
        let read = self
            .data
            .with(|data| data.detail.as_ref().map(|detail| detail.entry.key()));
        if let Some(key) = self.series.get().filter(|key| Some(*key) == read) {
            self.series.set(None);
            self.edit(key);
            self.type_in(|draft| draft.scope = Scope::All);
        }
    }

    /// The entry before or after another one.
    pub fn beside(self, key: Key, step: isize) -> Option<Key> {
        self.data.with_untracked(|data| {
            let keys: Vec<Key> = layout::in_order(data).into_iter().map(Entry::key).collect();
            let place = keys.iter().position(|other| *other == key)?;
            keys.get(place.checked_add_signed(step)?).copied()
        })
    }

    /// The entry on another day, the next one that has any, which is nearest in time.
    pub fn across(self, key: Key, forward: bool) -> Option<Key> {
        self.data.with_untracked(|data| {
            let from = layout::find(data, key)?;
            let day = layout::days_of(data, from).0;
            let minute = |entry: &Entry| data.utc_offsets.local_millis(entry.plan.start).rem_euclid(86_400_000);
            let others = data.entries.iter().filter_map(|entry| {
                let distance = layout::days_of(data, entry).0 - day;
                let days = if forward { distance } else { -distance };
                (days > 0).then(|| (days, (minute(entry) - minute(from)).abs(), entry.key()))
            });
            others
                .min_by_key(|(days, minutes, _)| (*days, *minutes))
                .map(|(.., key)| key)
        })
    }
}

/// The data with an entry at the times to which it is dragged.
pub(super) fn with_drag(mut data: CalendarData, drag: Option<Drag>) -> CalendarData {
    let Some(Drag { grip, times }) = drag else {
        return data;
    };
    match grip {
        Grip::Move(key) | Grip::Resize(key) => {
            let mut entries = data.entries.iter_mut();
            if let Some(entry) = entries.find(|entry| entry.key() == key) {
                (entry.plan.start, entry.plan.end) = times;
            }
        }
        Grip::Create => {
            let plan = Draft::new(&data.utc_offsets, times).planned(ScheduleId(Uuid::nil()), times);
            data.entries.push(Entry { plan, waits: false });
        }
    }
    data.entries.sort_by_key(|entry| entry.plan.start);
    data
}
