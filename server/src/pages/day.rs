//! When the reader's day began.

use axum_extra::extract::CookieJar;
use chrono::NaiveTime;
use http::HeaderMap;
use protocol::time::{Timestamp, Zone};

/// The cookie in which a page tells its timezone, so that the next one is rendered with the right day.
const ZONE_COOKIE: &str = "lockstep_tz";

/// The reader's timezone, as their browser told it the last time.
pub fn zone(headers: &HeaderMap) -> Option<Zone> {
    CookieJar::from_headers(headers).get(ZONE_COOKIE)?.value().parse().ok()
}

/// The last midnight in a zone, UTC where none is known. (A day that begins at one o'clock, where the clocks go
/// forward at midnight, counts from midnight's offset.)
pub fn day_start(now: Timestamp, zone: Option<&Zone>) -> Timestamp {
    let utc = now.to_utc();
    let local = zone.map_or_else(|| utc.fixed_offset(), |zone| zone.at(utc));
    let since_midnight = local.time().signed_duration_since(NaiveTime::MIN).num_milliseconds();
    now.plus_millis(-since_midnight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_begins_at_the_readers_midnight() {
        let at = |text: &str| Timestamp::parse_iso(text).unwrap();
        let now = at("2026-01-28T16:30:00.250Z");
        assert_eq!(day_start(now, None), at("2026-01-28T00:00:00Z"));
        assert_eq!(
            day_start(now, Some(&"Asia/Seoul".parse().unwrap())),
            at("2026-01-28T15:00:00Z")
        );
        assert_eq!(
            day_start(now, Some(&"-08:00".parse().unwrap())),
            at("2026-01-28T08:00:00Z")
        );
    }
}
