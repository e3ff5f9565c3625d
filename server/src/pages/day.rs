//! The calendar day and timezone of a page's reader.

use app::{backend::Today, local_time::UtcOffsets};
use axum_extra::extract::CookieJar;
use http::HeaderMap;
use protocol::time::{Timestamp, Zone};

/// The cookie in which the browser sends its timezone.
const ZONE_COOKIE: &str = "lockstep_tz";
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
const WEEK_MILLIS: i64 = 7 * DAY_MILLIS;
/// The number of weeks of offsets in a page, before and after its day.
const WEEKS: i64 = 106;

/// The reader's timezone from the cookie.
pub fn zone(headers: &HeaderMap) -> Option<Zone> {
    CookieJar::from_headers(headers).get(ZONE_COOKIE)?.value().parse().ok()
}

/// The first instant of today in a zone; in UTC without one.
pub fn day_start(now: Timestamp, zone: Option<&Zone>) -> Timestamp {
    let utc = "+00".parse().ok();
    zone.or(utc.as_ref())
        .map_or(now, |zone| zone.day_start(now.to_utc()).into())
}

/// The reader's today; in UTC without a zone.
pub fn today(now: Timestamp, zone: Option<&Zone>) -> Today {
    let start = day_start(now, zone);
    // Days last 23 to 25 hours, in a few zones once 24.5.
    let end = day_start(start.plus_millis(DAY_MILLIS + DAY_MILLIS / 2), zone);
    Today { now, start, end }
}

/// The zone's offsets from two years before `now` to two years after it.
pub fn utc_offsets(now: Timestamp, zone: Option<&Zone>) -> UtcOffsets {
    let from = now.plus_millis(-WEEKS * WEEK_MILLIS);
    offsets_between(from, now.plus_millis(WEEKS * WEEK_MILLIS), zone)
}

/// The zone's offsets from one instant to another.
pub fn offsets_between(from: Timestamp, until: Timestamp, zone: Option<&Zone>) -> UtcOffsets {
    match zone {
        Some(zone) => UtcOffsets::new(zone.offsets(from, until)),
        None => UtcOffsets::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_iso(text).unwrap()
    }

    #[test]
    fn today_starts_at_the_readers_midnight() {
        let now = at("2026-01-28T16:30:00.250Z");
        assert_eq!(day_start(now, None), at("2026-01-28T00:00:00Z"));
        for (zone, start) in [
            ("Asia/Seoul", "2026-01-28T15:00:00Z"),
            ("-08:00", "2026-01-28T08:00:00Z"),
        ] {
            assert_eq!(day_start(now, zone.parse().ok().as_ref()), at(start), "{zone}");
        }
    }

    #[test]
    fn today_starts_at_midnight_on_days_with_a_clock_change() {
        for (zone, now, start) in [
            ("America/Sao_Paulo", "2018-11-04T15:00:00Z", "2018-11-04T03:00:00Z"),
            ("Asia/Beirut", "2026-03-29T09:00:00Z", "2026-03-28T22:00:00Z"),
            ("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z"),
            ("Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z"),
        ] {
            assert_eq!(
                day_start(at(now), zone.parse().ok().as_ref()),
                at(start),
                "{zone} {now}"
            );
        }
    }

    #[test]
    fn today_ends_where_tomorrow_starts() {
        for (now, end) in [
            ("2026-03-29T12:00:00Z", "2026-03-29T22:00:00Z"),
            ("2026-10-25T12:00:00Z", "2026-10-25T23:00:00Z"),
            ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
        ] {
            let today = today(at(now), "Europe/Berlin".parse().ok().as_ref());
            assert_eq!(today.end, at(end), "{now}");
        }
    }

    #[test]
    fn offsets_of_a_page_are_those_of_the_zone() {
        let now = at("2026-01-28T16:30:00.250Z");
        for name in [
            "Europe/Berlin",
            "America/Santiago",
            "Africa/Casablanca",
            "Asia/Beirut",
            "Asia/Seoul",
            "UTC",
        ] {
            let zone: Zone = name.parse().unwrap();
            let offsets = utc_offsets(now, Some(&zone));
            for quarter in -700 * 96..700 * 96 {
                let instant = now.plus_millis(quarter * 15 * 60 * 1000);
                let expected = zone.offset(instant.to_utc()).local_minus_utc();
                assert_eq!(offsets.at(instant), expected, "{name} {instant:?}");
            }
        }
        let berlin = utc_offsets(now, "Europe/Berlin".parse().ok().as_ref());
        assert_eq!(berlin.at(at("2026-03-29T00:59:59.999Z")), 3_600);
        assert_eq!(berlin.at(at("2026-03-29T01:00:00Z")), 7_200);
    }
}
