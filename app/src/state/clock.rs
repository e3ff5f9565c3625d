//! The time that a page shows.

use crate::{
    live::ServerClock,
    local_time::{UtcOffsets, WallClock},
    snapshot::TimersSnapshot,
};
use leptos::prelude::*;
use protocol::time::Timestamp;

/// The server's clock and the reader's calendar, as a context.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing moves on the server"))]
pub struct Clock {
    server: StoredValue<ServerClock>,
    now: RwSignal<Timestamp>,
    day_start: RwSignal<Timestamp>,
    utc_offsets: StoredValue<UtcOffsets>,
    /// Whether the reader chose a timezone: then the device's is not used.
    has_zone: bool,
    hydrated: RwSignal<bool>,
}

impl Clock {
    pub(super) fn new(snapshot: &TimersSnapshot, has_zone: bool) -> Self {
        let now = snapshot.now;
        Self {
            server: StoredValue::new(ServerClock::new(now, now.millis() as f64)),
            now: RwSignal::new(now),
            day_start: RwSignal::new(snapshot.day_start),
            utc_offsets: StoredValue::new(snapshot.utc_offsets.clone()),
            has_zone,
            hydrated: RwSignal::new(false),
        }
    }

    /// The server's time, to the minute: it changes when the minute does. The seconds of timers are theirs.
    pub fn now(self) -> Timestamp {
        self.now.get()
    }

    /// The first instant of today in the reader's timezone.
    pub fn day_start(self) -> Timestamp {
        self.day_start.get()
    }

    /// The server's time when the device's clock shows so many milliseconds.
    pub fn at_device(self, millis: f64) -> Timestamp {
        self.server.with_value(|clock| clock.at(millis))
    }

    /// Whether scripts run: until then controls are disabled, and the device's timezone is unknown.
    pub fn is_hydrated(self) -> bool {
        self.hydrated.get()
    }

    /// Date and time in the reader's timezone: by the server's offsets until the page is hydrated, then by the device's
    /// timezone, unless the reader chose another.
    pub fn local(self, instant: Timestamp) -> WallClock {
        WallClock::new(instant, self.utc_offset(instant))
    }

    /// Whether times are those of the device: once the page is hydrated, unless the reader chose a timezone.
    pub(super) fn is_of_device(self) -> bool {
        self.hydrated.get() && !self.has_zone
    }

    pub(super) fn utc_offset(self, instant: Timestamp) -> i32 {
        #[cfg(feature = "hydrate")]
        if self.is_of_device() {
            return crate::browser::utc_offset_seconds(instant);
        }
        self.utc_offsets.with_value(|offsets| offsets.at(instant))
    }
}

#[cfg(feature = "hydrate")]
impl Clock {
    /// The server's time now, to the millisecond; it is not tracked.
    pub(super) fn server_now(self) -> Timestamp {
        self.server
            .with_value(|clock| clock.at(crate::browser::device_millis()))
    }

    /// Takes a better estimate of the server's clock. Returns whether it differs.
    pub(super) fn set_server(self, clock: &ServerClock) -> bool {
        let differs = self.server.with_value(|known| known.offset() != clock.offset());
        if differs {
            self.server.set_value(clock.clone());
        }
        differs
    }

    /// Sets the minute and the day, if they have changed.
    pub(super) fn tick(self, now: Timestamp) {
        const MINUTE_MILLIS: i64 = 60_000;
        let minute = |instant: Timestamp| instant.millis().div_euclid(MINUTE_MILLIS);
        if minute(self.now.get_untracked()) != minute(now) {
            self.now.set(now);
        }
        let day_start = self.day_start_at(now, 0);
        if self.day_start.get_untracked() != day_start {
            self.day_start.set(day_start);
        }
    }

    /// The first instant of the reader's day that lies `days_later` than that of `now`.
    pub(super) fn day_start_at(self, now: Timestamp, days_later: i32) -> Timestamp {
        match self.has_zone {
            true => self
                .utc_offsets
                .with_value(|offsets| offsets.day_start(now, days_later)),
            false => crate::browser::day_start(now, days_later),
        }
    }

    pub(super) fn set_hydrated(self) {
        self.hydrated.set(true);
    }

    /// When the server rendered the page.
    pub(super) fn rendered_at(self) -> Timestamp {
        self.now.get_untracked()
    }
}
