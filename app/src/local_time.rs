//! Dates and times of day on the reader's wall clock.

use chrono::{Datelike, NaiveDate};
use protocol::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

const MINUTE_MILLIS: i64 = 60 * 1000;
const DAY_MINUTES: i64 = 24 * 60;
/// The number of 1970-01-01 where 0001-01-01 is 1.
const UNIX_EPOCH_DAY: i64 = 719_163;
const DAY_MILLIS: i64 = DAY_MINUTES * MINUTE_MILLIS;

/// The date of a day's number, which counts from 0001-01-01 as 1.
pub fn date(day: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day).unwrap_or(NaiveDate::MAX)
}

/// The number of the first day of a day's week; weeks begin with `week_start`, 0 for Monday.
pub fn week_of(day: i32, week_start: u8) -> i32 {
    let weekday = date(day).weekday().num_days_from_monday() as i32;
    day - (weekday - i32::from(week_start)).rem_euclid(7)
}

/// A day's midnight on the reader's clock, in milliseconds since 1970-01-01 00:00 on that clock.
pub fn midnight_millis(day: i32) -> i64 {
    (i64::from(day) - UNIX_EPOCH_DAY) * DAY_MILLIS
}

/// The number of the day of such milliseconds (see [`date`]).
pub fn day_of_millis(millis: i64) -> i32 {
    i32::try_from(millis.div_euclid(DAY_MILLIS) + UNIX_EPOCH_DAY).unwrap_or(i32::MAX)
}

/// The offsets from UTC of the reader's timezone around the time of a page. The server computes them, since the
/// timezone database is too large for the WebAssembly. Empty means UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UtcOffsets(Vec<(Timestamp, i32)>);

impl UtcOffsets {
    /// Pairs of the first instant at which an offset holds and that offset in seconds, east positive; oldest first. The
    /// first offset also holds before its instant.
    pub fn new(changes: Vec<(Timestamp, i32)>) -> Self {
        Self(changes)
    }

    /// The first instant of the day that lies `days_later` than that of `now`. Where the clocks skip midnight, it is the
    /// first time that they show.
    pub fn day_start(&self, now: Timestamp, days_later: i32) -> Timestamp {
        let local = now.millis() + i64::from(self.at(now)) * 1000;
        let midnight = (local.div_euclid(DAY_MILLIS) + i64::from(days_later)) * DAY_MILLIS;
        let before = self.at(Timestamp::from_millis(midnight - DAY_MILLIS));
        let by = |offset: i32| Timestamp::from_millis(midnight - i64::from(offset) * 1000);
        // By the offset before a change of that day, unless the change was before midnight.
        match self.at(by(before)) {
            after if after == before => by(before),
            after if self.at(by(after)) == after => by(after),
            _ => by(before),
        }
    }

    /// The reader's clock at an instant, in milliseconds since 1970-01-01 00:00 on that clock.
    pub fn local_millis(&self, instant: Timestamp) -> i64 {
        instant.millis() + i64::from(self.at(instant)) * 1000
    }

    /// The instant at which the reader's clock shows so many milliseconds since 1970-01-01 00:00. Of a time that it shows
    /// twice, one of the two; of a time that it skips, one within an hour.
    pub fn instant(&self, local_millis: i64) -> Timestamp {
        let by = |offset: i32| Timestamp::from_millis(local_millis - i64::from(offset) * 1000);
        let near = by(self.at(Timestamp::from_millis(local_millis)));
        by(self.at(near))
    }

    /// The reader's date and time at an instant.
    pub fn wall_clock(&self, instant: Timestamp) -> WallClock {
        WallClock::new(instant, self.at(instant))
    }

    /// The offset at an instant, in seconds.
    pub fn at(&self, instant: Timestamp) -> i32 {
        let later = self.0.iter().skip(1).take_while(|(from, _)| *from <= instant);
        let (_, seconds) = later.last().or(self.0.first()).copied().unwrap_or_default();
        seconds
    }
}

/// A local date and time; its `Display` is the time: `09:05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallClock {
    /// Days since 1970-01-01.
    day: i64,
    /// Minutes since 00:00 in local time.
    minute: i64,
}

impl WallClock {
    /// The local time at an instant, with the offset from UTC in seconds.
    pub fn new(instant: Timestamp, offset_seconds: i32) -> Self {
        let minutes = (instant.millis() + i64::from(offset_seconds) * 1000).div_euclid(MINUTE_MILLIS);
        Self {
            day: minutes.div_euclid(DAY_MINUTES),
            minute: minutes.rem_euclid(DAY_MINUTES),
        }
    }

    /// The hour, from 0 to 23.
    pub fn hour(self) -> i64 {
        self.minute / 60
    }

    /// The minute of the hour.
    pub fn minute(self) -> i64 {
        self.minute % 60
    }

    /// The number of the calendar day (see [`date`]).
    pub fn day(self) -> i32 {
        i32::try_from(self.day + UNIX_EPOCH_DAY).unwrap_or(i32::MAX)
    }

    /// The calendar day; the last that can be written for instants beyond it.
    pub fn date(self) -> NaiveDate {
        date(self.day())
    }

    /// How many calendar days later this is than `other`.
    pub fn days_since(self, other: Self) -> i64 {
        self.day - other.day
    }
}

impl fmt::Display for WallClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minute / 60, self.minute % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_iso(text).unwrap()
    }

    #[test]
    fn local_time_uses_the_offset_at_its_instant() {
        let berlin = UtcOffsets::new(vec![
            (at("2026-03-20T00:00:00Z"), 3_600),
            (at("2026-03-29T01:00:00Z"), 7_200),
            (at("2026-10-25T01:00:00Z"), 3_600),
        ]);
        let clock = |text| WallClock::new(at(text), berlin.at(at(text)));
        for (instant, time) in [
            ("2026-03-01T12:00:00Z", "13:00"),
            ("2026-03-29T00:59:59.999Z", "01:59"),
            ("2026-03-29T01:00:00Z", "03:00"),
            ("2026-10-25T00:59:00Z", "02:59"),
            ("2026-10-25T01:00:00Z", "02:00"),
        ] {
            assert_eq!(clock(instant).to_string(), time, "{instant}");
        }
        // 23 hours before the first, 25 before the other.
        let days = |later, earlier| clock(later).days_since(clock(earlier));
        assert_eq!(days("2026-03-29T22:00:00Z", "2026-03-28T23:00:00Z"), 1);
        assert_eq!(days("2026-10-25T22:59:00Z", "2026-10-24T22:00:00Z"), 0);
    }

    #[test]
    fn days_start_at_the_readers_midnight() {
        let berlin = UtcOffsets::new(vec![
            (at("2026-03-20T00:00:00Z"), 3_600),
            (at("2026-03-29T01:00:00Z"), 7_200),
        ]);
        for (now, later, start) in [
            ("2026-03-28T12:00:00Z", 0, "2026-03-27T23:00:00Z"),
            ("2026-03-29T12:00:00Z", 0, "2026-03-28T23:00:00Z"),
            ("2026-03-28T12:00:00Z", 1, "2026-03-28T23:00:00Z"),
            ("2026-03-29T12:00:00Z", 1, "2026-03-29T22:00:00Z"),
        ] {
            assert_eq!(berlin.day_start(at(now), later), at(start), "{now}");
        }
        // Clocks go from 00:00 to 01:00 in Beirut.
        let beirut = UtcOffsets::new(vec![
            (at("2026-03-01T00:00:00Z"), 7_200),
            (at("2026-03-28T22:00:00Z"), 10_800),
        ]);
        assert_eq!(
            beirut.day_start(at("2026-03-29T09:00:00Z"), 0),
            at("2026-03-28T22:00:00Z")
        );
    }

    #[test]
    fn empty_offsets_mean_utc() {
        let instant = at("1969-12-31T23:59:00Z");
        let clock = WallClock::new(instant, UtcOffsets::default().at(instant));
        assert_eq!(clock.to_string(), "23:59");
        assert_eq!(WallClock::new(at("1970-01-01T00:00:00Z"), 0).days_since(clock), 1);
        assert_eq!(clock.date().to_string(), "1969-12-31");
    }
}
