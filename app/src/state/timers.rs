//! The timers that a page shows. Each has signals of its own, so that a change of one repaints one card.

use crate::{
    links::Links,
    live::{TimerItem, Timers},
};
use leptos::prelude::*;
use protocol::{id::TimerId, time::Timestamp};
use std::{cmp::Reverse, collections::HashMap, sync::Arc};

/// One timer: what it is, and the seconds that it has run.
#[derive(Clone, Debug)]
pub struct TimerEntry {
    key: TimerId,
    item: ArcRwSignal<Arc<TimerItem>>,
    elapsed_seconds: ArcRwSignal<i64>,
}

/// The user's timers, as a context.
#[derive(Clone, Copy)]
pub struct TimerList {
    /// By the server's ids, or those of pending commands.
    entries: StoredValue<HashMap<TimerId, TimerEntry>>,
    active: RwSignal<Vec<TimerEntry>>,
    ended: RwSignal<Vec<Arc<TimerItem>>>,
    has_more_ended: RwSignal<bool>,
    links: RwSignal<Links>,
    /// Timers that were just cancelled, which can be undone.
    hidden: RwSignal<Vec<TimerId>>,
}

impl TimerEntry {
    fn new(item: TimerItem, now: Timestamp) -> Self {
        Self {
            key: item.key,
            elapsed_seconds: ArcRwSignal::new(item.timer.elapsed_seconds_at(now)),
            item: ArcRwSignal::new(Arc::new(item)),
        }
    }

    /// Stays the same when the server assigns an id.
    pub fn key(&self) -> TimerId {
        self.key
    }

    /// The timer. It does not change with the seconds.
    pub fn item(&self) -> Arc<TimerItem> {
        self.item.get()
    }

    /// The timer, without being called again when it changes.
    pub fn item_untracked(&self) -> Arc<TimerItem> {
        self.item.get_untracked()
    }

    /// The seconds that it has run.
    pub fn elapsed_seconds(&self) -> i64 {
        self.elapsed_seconds.get()
    }
}

impl TimerList {
    pub(super) fn new(timers: &Timers, now: Timestamp) -> Self {
        let list = Self {
            entries: StoredValue::new(HashMap::new()),
            active: RwSignal::new(Vec::new()),
            ended: RwSignal::new(Vec::new()),
            has_more_ended: RwSignal::new(timers.has_more_ended()),
            hidden: RwSignal::new(Vec::new()),
            links: RwSignal::new(timers.links().clone()),
        };
        let outbox = Default::default();
        list.entries.update_value(|entries| {
            for id in timers.ids(&outbox) {
                entries.extend(timers.item(id, &outbox).map(|item| (id, TimerEntry::new(item, now))));
            }
        });
        list.set_lists();
        list
    }

    /// The running and paused timers, newest first. It changes when one is added or ends.
    pub fn active(self) -> Vec<TimerEntry> {
        let hidden = self.hidden.get();
        let mut active = self.active.get();
        if !hidden.is_empty() {
            active.retain(|entry| !hidden.contains(&entry.item_untracked().timer.id));
        }
        active
    }

    /// Whether no timer is running or paused.
    pub fn is_idle(self) -> bool {
        self.active().is_empty()
    }

    /// The completed and cancelled timers, the last one first.
    pub fn ended(self) -> Vec<Arc<TimerItem>> {
        self.ended.get()
    }

    /// A timer by its id, active or ended, as long as it is known live.
    pub fn find(self, id: TimerId) -> Option<TimerEntry> {
        self.active.track();
        self.ended.track();
        self.entries.with_value(|entries| entries.get(&id).cloned())
    }

    /// Whether there are more ended timers than are listed.
    pub fn has_more_ended(self) -> bool {
        self.has_more_ended.get()
    }

    /// Reads the links of timers, and the choices for new ones.
    pub fn with_links<T>(self, read: impl FnOnce(&Links) -> T) -> T {
        self.links.with(read)
    }

    fn set_lists(self) {
        let (mut active, mut ended) = (Vec::new(), Vec::new());
        self.entries.with_value(|entries| {
            for entry in entries.values() {
                let item = entry.item.get_untracked();
                match item.timer.status.is_active() {
                    true => active.push((Reverse((item.timer.created_at, item.timer.id)), entry.clone())),
                    false => ended.push(item),
                }
            }
        });
        active.sort_by_key(|(place, _)| *place);
        ended.sort_by_key(|item| Reverse((item.timer.ended_at, item.timer.id)));
        let active: Vec<TimerEntry> = active.into_iter().map(|(_, entry)| entry).collect();
        let is_same =
            |shown: &Vec<TimerEntry>| shown.iter().map(TimerEntry::key).eq(active.iter().map(TimerEntry::key));
        if !self.active.with_untracked(is_same) {
            self.active.set(active);
        }
        if self.ended.with_untracked(|shown| *shown != ended) {
            self.ended.set(ended);
        }
    }
}

#[cfg(feature = "hydrate")]
impl TimerList {
    /// Shows what has changed.
    pub(super) fn update(
        self,
        timers: &Timers,
        outbox: &crate::live::Outbox<protocol::timers::TimerCommand>,
        changes: crate::live::TimerChanges,
        now: Timestamp,
    ) {
        if changes.all {
            self.has_more_ended.set(timers.has_more_ended());
            if self.links.with_untracked(|links| links != timers.links()) {
                self.links.set(timers.links().clone());
            }
        }
        let mut lists_changed = false;
        self.entries.update_value(|entries| {
            let ids = match changes.all {
                true => {
                    let mut ids = timers.ids(outbox);
                    ids.extend(entries.keys().copied());
                    ids
                }
                false => changes.timers.into_iter().collect(),
            };
            let mut items: Vec<_> = ids.into_iter().map(|id| (id, timers.item(id, outbox))).collect();
            // Removals last: the card of a timer that was created here becomes that of the server's timer.
            items.sort_by_key(|(_, item)| item.is_none());
            for (id, item) in items {
                lists_changed |= set_entry(entries, id, item, now);
            }
        });
        if lists_changed {
            self.set_lists();
        }
    }

    /// Leaves these timers out.
    pub(super) fn hide(self, timers: Vec<TimerId>) {
        self.hidden.set(timers);
    }

    /// Sets the seconds of all timers to those at `now`. Returns the milliseconds until the next second of one of them;
    /// `None` when none is running.
    pub(super) fn tick(self, now: Timestamp) -> Option<i64> {
        self.entries.with_value(|entries| {
            let running = entries.values().filter_map(|entry| {
                let item = entry.item.get_untracked();
                let to_next = item.timer.millis_to_next_second(now)?;
                entry.set_elapsed(&item, now);
                Some(to_next)
            });
            running.min()
        })
    }
}

/// Sets or removes a timer. Returns whether it comes to another list, or to another place.
#[cfg(feature = "hydrate")]
fn set_entry(entries: &mut HashMap<TimerId, TimerEntry>, id: TimerId, item: Option<TimerItem>, now: Timestamp) -> bool {
    let Some(item) = item else {
        return entries.remove(&id).is_some();
    };
    let known = entries
        .get(&id)
        .cloned()
        .or_else(|| (item.key != id).then(|| entries.remove(&item.key)).flatten());
    let Some(entry) = known else {
        entries.insert(id, TimerEntry::new(item, now));
        return true;
    };
    let before = entry.item.get_untracked();
    let is_new = entries.insert(id, entry.clone()).is_none();
    if *before == item {
        return is_new;
    }
    let is_active = item.timer.status.is_active();
    let moved = before.timer.created_at != item.timer.created_at || before.timer.status.is_active() != is_active;
    let item = Arc::new(item);
    entry.set_elapsed(&item, now);
    entry.item.set(item);
    is_new || moved || !is_active
}

#[cfg(feature = "hydrate")]
impl TimerEntry {
    fn set_elapsed(&self, item: &TimerItem, now: Timestamp) {
        let elapsed = item.timer.elapsed_seconds_at(now);
        if self.elapsed_seconds.get_untracked() != elapsed {
            self.elapsed_seconds.set(elapsed);
        }
    }
}
