//! Local times of a page whose instants may lie before those of the layout.

use super::Clock;
use crate::local_time::{UtcOffsets, WallClock};
use leptos::prelude::*;
use protocol::time::Timestamp;

/// The reader's wall clock: by the page's own offsets until the page is hydrated, then by the device's timezone.
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
        match self.clock.is_hydrated() {
            true => self.clock.local(instant),
            false => WallClock::new(instant, self.utc_offsets.with_value(|offsets| offsets.at(instant))),
        }
    }
}
