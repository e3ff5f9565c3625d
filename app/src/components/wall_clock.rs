//! An instant in the reader's local time.

use crate::{live::Live, local_time::WallClock};
use leptos::prelude::*;
use protocol::time::Timestamp;

/// Date and time in the reader's timezone: by the server's offsets until the page is hydrated, then by the device's
/// timezone.
pub fn wall_clock(live: Live, instant: Timestamp) -> WallClock {
    WallClock::new(instant, utc_offset(live, instant))
}

fn utc_offset(live: Live, instant: Timestamp) -> i32 {
    #[cfg(feature = "hydrate")]
    if live.hydrated.get() {
        return crate::browser::utc_offset_seconds(instant);
    }
    live.utc_offsets.with_value(|offsets| offsets.at(instant))
}
