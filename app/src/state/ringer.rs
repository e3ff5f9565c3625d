//! Rings when the time of a running timer is up.

use super::PageState;
use crate::{alarm, browser, locale::Locale, texts::NoticeTexts};
use leptos::prelude::*;
use protocol::{
    id::TimerId,
    timers::{OPEN_ENDED_SECONDS, TimerStatus},
};
use std::collections::HashMap;

/// It rings so many times, unless the timer is paused or ends before.
const RINGS: i64 = 3;
/// The seconds from one ring to the next.
const INTERVAL_SECONDS: i64 = 15;

/// What rang already.
#[derive(Clone, Copy)]
pub struct Ringer {
    state: PageState,
    locale: Locale,
    /// How often each timer whose time is up rang, on any tab of this browser.
    rung: StoredValue<HashMap<TimerId, i64>>,
}

impl Ringer {
    pub fn new(state: PageState) -> Self {
        Self {
            state,
            locale: Locale::current(),
            rung: StoredValue::new(HashMap::new()),
        }
    }

    /// Rings for timers whose time is up since a moment ago. A page that is opened later does not ring.
    pub fn check(self) {
        let over = untrack(|| self.over_time());
        self.rung.update_value(|rung| {
            rung.retain(|id, _| {
                let is_over = over.iter().any(|(over, ..)| over == id);
                if !is_over && let Some(storage) = browser::storage() {
                    let _ = storage.remove_item(&key(*id));
                }
                is_over
            });
        });
        for (id, seconds, title) in over {
            let ring = seconds / INTERVAL_SECONDS;
            if ring < RINGS && self.is_next(id, ring) {
                let text = (self.locale.texts::<NoticeTexts>().time_is_up)(&title);
                self.state
                    .preferences
                    .with_value(|preferences| alarm::ring(&text, preferences));
            }
        }
    }

    /// The running timers over their time: how many seconds, and their titles.
    fn over_time(self) -> Vec<(TimerId, i64, String)> {
        let active = self.state.timers.active().into_iter();
        let over = active.filter_map(|entry| {
            let item = entry.item();
            let timer = &item.timer;
            let seconds = entry.elapsed_seconds() - timer.allocated_seconds;
            let is_over =
                timer.status == TimerStatus::Running && timer.allocated_seconds < OPEN_ENDED_SECONDS && seconds >= 0;
            is_over.then(|| (timer.id, seconds, self.locale.title(timer.title.as_deref()).to_owned()))
        });
        over.collect()
    }

    /// Whether this ring is due in this browser: the first tab that notices it rings for all.
    fn is_next(self, id: TimerId, ring: i64) -> bool {
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

fn key(id: TimerId) -> String {
    format!("lockstep.rung.{id}")
}
