//! An instant as a clock on the wall shows it.

use crate::{live::Live, text};
use leptos::prelude::*;
use protocol::time::Timestamp;

/// Hours and minutes where the reader is: what the server could derive, then what the device knows.
pub fn wall_clock(live: Live, instant: Timestamp) -> String {
    let (hours, minutes) = local_time(live, instant);
    format!("{hours:02}:{minutes:02}")
}

fn local_time(live: Live, instant: Timestamp) -> (u32, u32) {
    #[cfg(feature = "hydrate")]
    if live.hydrated.get() {
        return crate::browser::local_time(instant);
    }
    text::time_of_day(instant, live.day_start.get())
}
