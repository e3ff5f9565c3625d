//! Local times of a page whose instants may lie before those of the layout.

use super::Clock;
use crate::local_time::{UtcOffsets, WallClock};
use leptos::prelude::*;
use protocol::time::Timestamp;

/// The reader's wall clock: by the page's own offsets until the page is hydrated, then by the device's timezone, unless
/// the reader chose another.
#[derive(Clone, Copy)]
pub struct LocalTimes {
    clock: Clock,
    utc_offsets: StoredValue<UtcOffsets>,
}

impl LocalTimes {
    /// To be called while a view is built.
    pub fn new(utc_offsets: UtcOffsets) -> Self {
        Self {
            clock: expect_context(),
            utc_offsets: StoredValue::new(utc_offsets),
        }
    }

    /// Date and time in the reader's timezone.
    pub fn local(self, instant: Timestamp) -> WallClock {
        WallClock::new(instant, self.utc_offset(instant))
    }

    /// The instant at which the reader's clock shows so many milliseconds since 1970-01-01 00:00. Of a time that it shows
    /// twice, one of the two; of a time that it skips, one within an hour.
    pub fn instant(self, local_millis: i64) -> Timestamp {
        let by = |offset: i32| Timestamp::from_millis(local_millis - i64::from(offset) * 1000);
        let near = by(self.utc_offset(Timestamp::from_millis(local_millis)));
        by(self.utc_offset(near))
    }

    fn utc_offset(self, instant: Timestamp) -> i32 {
        match self.clock.is_of_device() {
            true => self.clock.utc_offset(instant),
            false => self.utc_offsets.with_value(|offsets| offsets.at(instant)),
        }
    }
}
