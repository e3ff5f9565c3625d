//! Repaints when something that is shown changes with time: the next second of a running timer, or midnight. Not at a
//! fixed rate: what is shown is derived from timestamps, and the ticker only triggers the next evaluation.

use super::{PageState, ringer::Ringer, waker::Waker};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// The maximum sleep, after which a changed clock is noticed.
const LONGEST_MILLIS: i64 = 60_000;

/// Sets the times that are shown, again and again.
#[derive(Clone, Copy)]
pub struct Ticker {
    state: PageState,
    ringer: Ringer,
    waker: Waker,
    alarm: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Ticker {
    pub fn new(state: PageState) -> Self {
        Self {
            state,
            ringer: Ringer::new(state),
            waker: Waker::new(),
            alarm: StoredValue::new_local(None),
        }
    }

    /// Takes note of whether this tab rings for all of the browser.
    pub fn set_leader(self, is_leader: bool) {
        self.ringer.set_leader(is_leader);
    }

    /// Repaints now, and from then on when it is due. To be called when a timer changed or the page was asleep.
    pub fn repaint(self) {
        let now = self.state.clock.server_now();
        self.state.clock.tick(now);
        let to_next_day = self.state.clock.day_start_at(now, 1).millis_since(now);
        let to_next_second = self.state.timers.tick(now).unwrap_or(i64::MAX);
        if let Some(millis) = self.ringer.check(now) {
            self.waker.set(millis, move || self.repaint());
        }
        let wait = to_next_second.min(to_next_day).clamp(1, LONGEST_MILLIS) as u32;
        // Unloading the page disposes of the slot, and with it of the alarm.
        let _ = self
            .alarm
            .try_set_value(Some(Timeout::new(wait, move || self.repaint())));
    }
}
