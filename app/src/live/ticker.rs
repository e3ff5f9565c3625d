//! Repaints when something that is shown changes with time: the next second of a running timer, or midnight. Not at a
//! fixed rate: the view is derived from timestamps, and the ticker only triggers the next evaluation.

use super::{Live, wake::on_wake};
use crate::browser;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// The maximum sleep, after which a changed clock is noticed.
const LONGEST_MILLIS: i64 = 60 * 60 * 1000;

impl Live {
    /// The server's time now.
    pub(super) fn server_now(&self) -> protocol::time::Timestamp {
        self.clock.with_value(|clock| clock.at(browser::device_millis()))
    }
}

/// Starts repainting; repeats at once when a timer changed or the page was asleep.
pub fn start(live: Live) {
    let alarm = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        live.timers.track();
        repaint(live, alarm);
    });
    on_wake(move || repaint(live, alarm));
}

fn repaint(live: Live, alarm: StoredValue<Option<Timeout>, LocalStorage>) {
    let now = live.server_now();
    live.now.set(now);
    let day_start = browser::day_start(now, 0);
    if live.day_start.get_untracked() != day_start {
        live.day_start.set(day_start);
    }
    let to_next_day = browser::day_start(now, 1).millis_since(now);
    let next = live.timers.with_untracked(|timers| {
        timers
            .iter()
            .filter_map(|shown| shown.timer.millis_to_next_second(now))
            .fold(to_next_day, i64::min)
    });
    let wait = next.clamp(1, LONGEST_MILLIS) as u32;
    // Unloading the page disposes of the slot, and with it of the alarm.
    let _ = alarm.try_set_value(Some(Timeout::new(wait, move || repaint(live, alarm))));
}
