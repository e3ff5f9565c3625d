//! An instant as a clock on the wall shows it.

use crate::{live::Live, local_time::WallClock};
use leptos::prelude::*;
use protocol::time::Timestamp;

/// Date and time where the reader is: by the offsets that the server sent along until the page is hydrated, then by the
/// device's.
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
