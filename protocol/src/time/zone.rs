//! Requested timezones (contract, REST 4.5).

use super::Timestamp;
use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};
use std::str::FromStr;
use thiserror::Error;

/// A timezone by its IANA name, or a fixed offset.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Zone {
    /// An IANA name, case-sensitive; `UTC` in any case.
    Named(Tz),
    /// `+HH`, `+HH:MM`, `+HH:MM:SS`, and the same with `-`.
    Fixed(FixedOffset),
}

/// Why a text is not a timezone. REST answers 400 `InvalidTimezoneError`; the WebSocket uses UTC instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ZoneError {
    /// Neither `UTC` nor a name of the IANA database.
    #[error("Invalid timezone name: {0}. Use an IANA name such as Asia/Seoul, UTC, or an offset such as +09:00.")]
    Name(String),
    /// Begins with a sign, but is not an offset of less than a day.
    #[error("Invalid timezone offset format: {0}. Use +HH, +HH:MM or +HH:MM:SS, below 24 hours, and the same with -.")]
    Offset(String),
}

impl Zone {
    /// The zone's exact offset from UTC at an instant. It may have seconds, as local mean times before 1900 do.
    pub fn offset(&self, utc: DateTime<Utc>) -> FixedOffset {
        match self {
            Self::Named(tz) => tz.offset_from_utc_datetime(&utc.naive_utc()).fix(),
            Self::Fixed(offset) => *offset,
        }
    }

    /// The same instant at the zone's offset, rounded to whole minutes as RFC 3339 (4.2) and ISO 8601 require. The
    /// written time denotes exactly this instant.
    pub fn at(&self, utc: DateTime<Utc>) -> DateTime<FixedOffset> {
        utc.with_timezone(&whole_minutes(self.offset(utc)))
    }

    /// The zone's calendar date and time at an instant.
    pub fn local(&self, instant: Timestamp) -> NaiveDateTime {
        let utc = instant.to_utc();
        utc.naive_utc() + self.offset(utc)
    }

    /// The instant of a local time (RFC 5545, 3.3.5): the first one of a time that occurs twice; a time that the clocks
    /// skip has the offset before the gap, so it moves forward by the length of the gap.
    pub fn instant(&self, local: NaiveDateTime) -> Timestamp {
        self.mapped(local, MappedLocalTime::earliest)
    }

    /// The same, but the second one of a time that occurs twice.
    pub fn latest_instant(&self, local: NaiveDateTime) -> Timestamp {
        self.mapped(local, MappedLocalTime::latest)
    }

    fn mapped(&self, local: NaiveDateTime, pick: fn(MappedLocalTime<FixedOffset>) -> Option<FixedOffset>) -> Timestamp {
        let offset = match self {
            Self::Fixed(offset) => *offset,
            Self::Named(tz) => {
                let offsets = tz.offset_from_local_datetime(&local).map(|offset| offset.fix());
                pick(offsets).unwrap_or_else(|| {
                    // Earlier than any gap that contains the local time: the longest is a day (Apia, 2011).
                    let before = local.checked_sub_signed(TimeDelta::hours(26)).unwrap_or(local);
                    tz.offset_from_utc_datetime(&before).fix()
                })
            }
        };
        local
            .checked_sub_offset(offset)
            .map_or(Timestamp::from_millis(i64::MAX), |utc| utc.and_utc().into())
    }

    /// The first instant of the zone's calendar day that contains `utc`: later than midnight where the clocks skip it,
    /// and the earlier midnight where they show it twice.
    pub fn day_start(&self, utc: DateTime<Utc>) -> DateTime<Utc> {
        let midnight = (utc.naive_utc() + self.offset(utc)).date().and_time(NaiveTime::MIN);
        match self {
            Self::Fixed(offset) => (midnight - *offset).and_utc(),
            Self::Named(tz) => {
                let after_gap = || GapInfo::new(&midnight, tz)?.end;
                let first = tz.from_local_datetime(&midnight).earliest().or_else(after_gap);
                first.map_or(utc, |first| first.to_utc())
            }
        }
    }
}

fn whole_minutes(offset: FixedOffset) -> FixedOffset {
    /// 23:59, the largest offset that can be written.
    const LARGEST: i32 = 24 * 60 - 1;
    let seconds = offset.local_minus_utc();
    let minutes = (seconds + 30).div_euclid(60).clamp(-LARGEST, LARGEST);
    FixedOffset::east_opt(minutes * 60).unwrap_or(offset)
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        if text.eq_ignore_ascii_case("UTC") {
            return Ok(Self::Named(Tz::UTC));
        }
        match text.as_bytes().first() {
            Some(b'+' | b'-') => offset(text)
                .map(Self::Fixed)
                .ok_or_else(|| ZoneError::Offset(text.to_owned())),
            // The database refuses `Z` and names in other cases: it is case-sensitive.
            _ => text
                .parse()
                .map(Self::Named)
                .map_err(|_| ZoneError::Name(text.to_owned())),
        }
    }
}

fn offset(text: &str) -> Option<FixedOffset> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        (_, digits) => (-1, digits),
    };
    let parts: Vec<i32> = digits.split(':').map(two_digits).collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match parts[..] {
        [h] => (h, 0, 0),
        [h, m] => (h, m, 0),
        [h, m, s] => (h, m, s),
        _ => return None,
    };
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60 + seconds))
}

fn two_digits(text: &str) -> Option<i32> {
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    #[test]
    fn names_and_offsets_of_the_contract_are_accepted() {
        for text in [
            "UTC",
            "utc",
            "Asia/Seoul",
            "America/New_York",
            "+09",
            "-05:30",
            "+05:45:10",
            "+00:00",
            "-23:59",
        ] {
            assert!(text.parse::<Zone>().is_ok(), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_its_own_message() {
        for text in ["Z", "asia/seoul", "", "Seoul", "9"] {
            assert!(matches!(text.parse::<Zone>(), Err(ZoneError::Name(_))), "{text}");
        }
        for text in ["+25:00", "+9", "+09:60", "+09:00:00:00", "+0900", "-", "+ab", "+1é"] {
            assert!(matches!(text.parse::<Zone>(), Err(ZoneError::Offset(_))), "{text}");
        }
        let message = "+25:00".parse::<Zone>().unwrap_err().to_string();
        assert!(message.starts_with("Invalid timezone offset format: +25:00. "));
    }

    fn zones() -> impl Strategy<Value = Zone> {
        let named = proptest::sample::select(chrono_tz::TZ_VARIANTS.as_slice()).prop_map(Zone::Named);
        let offset = |seconds| FixedOffset::east_opt(seconds).unwrap();
        let fixed = (-86_399..86_400).prop_map(move |seconds| Zone::Fixed(offset(seconds)));
        prop_oneof![3 => named, 1 => fixed]
    }

    /// From 1800, when there were only local mean times, to 2100, in milliseconds.
    fn instants() -> impl Strategy<Value = Timestamp> {
        (-5_364_662_400_000_i64..4_102_444_800_000).prop_map(Timestamp::from_millis)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_written_time_reads_back_as_the_same_instant(zone in zones(), instant in instants()) {
            let socket = instant.websocket(Some(&zone));
            prop_assert_eq!(Timestamp::parse_iso(&socket), Some(instant), "{}", socket);
            let rest = instant.rest(Some(&zone));
            let read = DateTime::parse_from_str(&rest, "%Y-%m-%dT%H:%M:%S%z").unwrap();
            prop_assert_eq!(read.timestamp(), instant.millis().div_euclid(1000), "{}", rest);
        }

        #[test]
        fn a_day_starts_with_its_first_instant(zone in zones(), instant in instants()) {
            let now = instant.to_utc();
            let date = |utc: DateTime<Utc>| (utc.naive_utc() + zone.offset(utc)).date();
            let start = zone.day_start(now);
            prop_assert!(start <= now);
            prop_assert_eq!(date(start), date(now));
            prop_assert!(date(start - TimeDelta::milliseconds(1)) < date(now));
        }
    }

    #[test]
    fn offsets_with_seconds_are_written_in_whole_minutes() {
        let instant = Timestamp::parse_iso("1890-01-01T12:00:00Z").unwrap();
        for (zone, socket, rest) in [
            ("+05:45:10", "1890-01-01T17:45:00+05:45", "1890-01-01T17:45:00+0545"),
            ("-05:45:50", "1890-01-01T06:14:00-05:46", "1890-01-01T06:14:00-0546"),
            ("+23:59:59", "1890-01-02T11:59:00+23:59", "1890-01-02T11:59:00+2359"),
            // Its local mean time is 05:17:32 behind UTC.
            (
                "America/Toronto",
                "1890-01-01T06:42:00-05:18",
                "1890-01-01T06:42:00-0518",
            ),
        ] {
            let zone = zone.parse().unwrap();
            assert_eq!(instant.websocket(Some(&zone)), socket);
            assert_eq!(instant.rest(Some(&zone)), rest);
        }
    }

    #[test]
    fn a_day_starts_after_a_midnight_that_the_clocks_skip() {
        for (zone, now, start) in [
            // Forward at midnight: the day begins at 01:00.
            ("America/Sao_Paulo", "2018-11-04T15:00:00Z", "2018-11-04T03:00:00Z"),
            ("Asia/Beirut", "2022-03-27T09:00:00Z", "2022-03-26T22:00:00Z"),
            // Back at midnight: 23:00 to 24:00 comes twice, both times on the day before.
            ("America/Sao_Paulo", "2018-02-18T02:30:00Z", "2018-02-17T02:00:00Z"),
            ("America/Sao_Paulo", "2018-02-18T03:00:00Z", "2018-02-18T03:00:00Z"),
            // Back at one o'clock: midnight comes twice.
            ("America/Havana", "2025-11-02T05:30:00Z", "2025-11-02T04:00:00Z"),
            // A change later in the day.
            ("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z"),
            ("Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z"),
            // The previous day was skipped altogether.
            ("Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z"),
            ("+05:45:10", "2026-01-01T12:00:00Z", "2025-12-31T18:14:50Z"),
        ] {
            let found = zone.parse::<Zone>().unwrap().day_start(now.parse().unwrap());
            assert_eq!(found, start.parse::<DateTime<Utc>>().unwrap(), "{zone} {now}");
        }
    }

    #[test]
    fn a_named_zone_follows_its_daylight_saving_time() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let at = |text: &str| berlin.at(text.parse::<DateTime<Utc>>().unwrap()).to_rfc3339();
        assert_eq!(at("2026-01-01T12:00:00Z"), "2026-01-01T13:00:00+01:00");
        assert_eq!(at("2026-07-01T12:00:00Z"), "2026-07-01T14:00:00+02:00");
    }
}
