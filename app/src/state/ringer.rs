//! Rings when the time of a running timer is up.

use super::PageState;
use crate::{alarm, browser, locale::Locale, texts::NoticeTexts};
use leptos::prelude::*;
use protocol::{
    id::TimerId,
    time::Timestamp,
    timers::{OPEN_ENDED_SECONDS, TimerStatus},
};
use std::collections::HashMap;

/// It rings so many times, unless the timer is paused or ends before.
const RINGS: i64 = 3;
/// The milliseconds from one ring to the next.
const INTERVAL_MILLIS: i64 = 15_000;

/// What rang already.
#[derive(Clone, Copy)]
pub struct Ringer {
    state: PageState,
    locale: Locale,
    /// Whether this tab has the connection. Of several tabs only that one rings: they notice the time at once, and their
    /// storage does not tell which was first.
    is_leader: StoredValue<bool>,
    /// How often each timer whose time is up rang, on any tab of this browser.
    rung: StoredValue<HashMap<TimerId, i64>>,
}

impl Ringer {
    pub fn new(state: PageState) -> Self {
        Self {
            state,
            locale: Locale::current(),
            is_leader: StoredValue::new(false),
            rung: StoredValue::new(HashMap::new()),
        }
    }

    /// Takes note of whether this tab rings.
    pub fn set_leader(self, is_leader: bool) {
        self.is_leader.set_value(is_leader);
    }

    /// Rings for timers whose time is up since a moment ago, and takes back the notifications of those that were paused
    /// or ended, on whichever device. A page that is opened later does not ring. Returns the milliseconds until it rings
    /// again.
    pub fn check(self, now: Timestamp) -> Option<i64> {
        let running = untrack(|| self.running(now));
        let next = running
            .iter()
            .filter_map(|(_, millis, _)| millis_to_ring(*millis))
            .min();
        let over: Vec<_> = running.into_iter().filter(|(_, millis, _)| *millis >= 0).collect();
        self.rung.update_value(|rung| {
            rung.retain(|id, _| {
                let is_over = over.iter().any(|(over, ..)| over == id);
                if !is_over {
                    alarm::silence(id.to_string());
                    if let Some(storage) = browser::storage() {
                        let _ = storage.remove_item(&key(*id));
                    }
                }
                is_over
            });
        });
        for (id, millis, title) in over {
            let ring = millis / INTERVAL_MILLIS;
            if ring < RINGS && self.is_next(id, ring) {
                let text = (self.locale.texts::<NoticeTexts>().time_is_up)(&title);
                self.state
                    .preferences
                    .with_value(|preferences| alarm::ring(id.to_string(), text, preferences));
            }
        }
        next
    }

    /// The running timers with an end: by how many milliseconds they are over their time, negative before, and their
    /// titles.
    fn running(self, now: Timestamp) -> Vec<(TimerId, i64, String)> {
        let active = self.state.timers.active().into_iter();
        let running = active.filter_map(|entry| {
            let item = entry.item();
            let timer = &item.timer;
            let millis = timer.elapsed_millis_at(now) - timer.allocated_seconds * 1000;
            let has_end = timer.status == TimerStatus::Running && timer.allocated_seconds < OPEN_ENDED_SECONDS;
            has_end.then(|| (timer.id, millis, self.locale.title(timer.title.as_deref()).to_owned()))
        });
        running.collect()
    }

    /// Whether this ring is due in this browser, and not one that an earlier leader gave.
    fn is_next(self, id: TimerId, ring: i64) -> bool {
        if !self.is_leader.get_value() {
            return false;
        }
        let known = self.rung.try_update_value(|rung| rung.insert(id, ring)).flatten();
        if known.is_some_and(|known| known >= ring) {
            return false;
        }
        let Some(storage) = browser::storage() else {
            return true;
        };
        let elsewhere = storage.get_item(&key(id)).ok().flatten();
        let elsewhere = elsewhere.and_then(|text| text.parse::<i64>().ok());
        if elsewhere.is_some_and(|elsewhere| elsewhere >= ring) {
            return false;
        }
        let _ = storage.set_item(&key(id), &ring.to_string());
        true
    }
}

/// The milliseconds until a timer rings next, which is over its time by so many; `None` if it has rung for the last time.
fn millis_to_ring(over: i64) -> Option<i64> {
    match over {
        ..0 => Some(-over),
        _ => Some(INTERVAL_MILLIS - over % INTERVAL_MILLIS).filter(|_| over / INTERVAL_MILLIS < RINGS - 1),
    }
}

fn key(id: TimerId) -> String {
    format!("lockstep.rung.{id}")
}
