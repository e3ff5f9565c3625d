//! Ranges of calendar days, and the instants that they consist of in a timezone.

use super::{Timestamp, Zone};
use chrono::{Days, NaiveDate};
use std::iter::successors;
use thiserror::Error;

/// The maximum number of days of a range: a year and some weeks around it.
pub const MAX_DAYS: u64 = 400;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
const WEEK_MILLIS: i64 = 7 * DAY_MILLIS;

/// Consecutive calendar days, at most [`MAX_DAYS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRange {
    first: NaiveDate,
    last: NaiveDate,
}

/// Why two dates are not a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DayRangeError {
    /// The last day is before the first.
    #[error("Must not be before start_date, {0}")]
    Backwards(NaiveDate),
    /// There are too many days.
    #[error("Must be at most {max} days from start_date, both included; it is {0} days", max = MAX_DAYS)]
    TooLong(u64),
}

/// A span of time within which a zone has one offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetSpan {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
    /// The offset in milliseconds, east positive: local time is UTC plus this.
    pub offset_millis: i64,
}

impl DayRange {
    /// The days from the first to the last, both included.
    ///
    /// # Errors
    /// [`DayRangeError`].
    pub fn new(first: NaiveDate, last: NaiveDate) -> Result<Self, DayRangeError> {
        match u64::try_from(last.signed_duration_since(first).num_days()) {
            Err(_) => Err(DayRangeError::Backwards(first)),
            Ok(days) if days >= MAX_DAYS => Err(DayRangeError::TooLong(days + 1)),
            Ok(_) => Ok(Self { first, last }),
        }
    }

    /// The newest days of what is asked for: up to `last`, since `first` or as many days as a range can have.
    pub fn newest(first: Option<NaiveDate>, last: NaiveDate) -> Self {
        let earliest = last.checked_sub_days(Days::new(MAX_DAYS - 1)).unwrap_or(last);
        let first = first.unwrap_or(earliest).clamp(earliest, last);
        Self { first, last }
    }

    pub fn first(&self) -> NaiveDate {
        self.first
    }

    pub fn last(&self) -> NaiveDate {
        self.last
    }

    /// The first day's midnight, as local time that is written as if it were UTC, in milliseconds.
    pub fn local_start(&self) -> i64 {
        Timestamp::of_date(self.first).millis()
    }

    /// The date of the day with this index; the first one has 0.
    pub fn date(&self, index: u64) -> NaiveDate {
        self.first.checked_add_days(Days::new(index)).unwrap_or(self.last)
    }

    /// All instants whose local date in a zone (default UTC) is in the range, in order. There are several spans if the
    /// clocks change within the range.
    pub fn spans(&self, zone: Option<&Zone>) -> Vec<OffsetSpan> {
        let (start, end) = (self.local_start(), Timestamp::of_date(self.last).millis() + DAY_MILLIS);
        // Local time differs from UTC by less than a day.
        let around = [start - DAY_MILLIS, end + DAY_MILLIS].map(Timestamp::from_millis);
        let changes = match zone {
            Some(zone) => zone.offsets(around[0], around[1]),
            None => vec![(around[0], 0)],
        };
        let ends = changes.iter().skip(1).map(|(at, _)| *at).chain([around[1]]);
        let spans = changes.iter().zip(ends).map(|((from, seconds), until)| {
            let offset_millis = i64::from(*seconds) * 1000;
            OffsetSpan {
                from: (*from).max(Timestamp::from_millis(start - offset_millis)),
                until: until.min(Timestamp::from_millis(end - offset_millis)),
                offset_millis,
            }
        });
        spans.filter(|span| span.from < span.until).collect()
    }

    /// The first instant of the range in a zone (default UTC), and the first one after it.
    pub fn instants(&self, zone: Option<&Zone>) -> (Timestamp, Timestamp) {
        let next = self.last.checked_add_days(Days::new(1)).unwrap_or(self.last);
        (start_of(self.first, zone), start_of(next, zone))
    }
}

/// The first instant of a date in a zone (default UTC).
pub fn start_of(date: NaiveDate, zone: Option<&Zone>) -> Timestamp {
    Timestamp::of_date(date).in_zone(zone)
}

impl Zone {
    /// The offsets from UTC between two instants: pairs of the first instant of an offset and that offset in seconds,
    /// east positive, oldest first. The first pair is at `from`.
    pub fn offsets(&self, from: Timestamp, until: Timestamp) -> Vec<(Timestamp, i32)> {
        let offset = |at: Timestamp| self.offset(at.to_utc()).local_minus_utc();
        let mut changes = vec![(from, offset(from))];
        // No zone changes its offset twice within a week.
        let weeks = successors(Some(from), |start| Some(start.plus_millis(WEEK_MILLIS)));
        for start in weeks.take_while(|start| *start < until) {
            let end = start.plus_millis(WEEK_MILLIS).min(until);
            if offset(start) != offset(end) {
                changes.push((first_of(end, start, offset), offset(end)));
            }
        }
        changes
    }
}

/// The first instant that has the offset of `after`; the offset of `before` is a different one.
fn first_of(mut after: Timestamp, mut before: Timestamp, offset: impl Fn(Timestamp) -> i32) -> Timestamp {
    let wanted = offset(after);
    while after.millis_since(before) > 1 {
        let middle = before.plus_millis(after.millis_since(before) / 2);
        if offset(middle) == wanted {
            after = middle;
        } else {
            before = middle;
        }
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn range(first: &str, last: &str) -> DayRange {
        DayRange::new(date(first), date(last)).unwrap()
    }

    #[test]
    fn a_range_has_one_to_400_days() {
        let new = |last| DayRange::new(date("2026-01-01"), date(last));
        assert!(new("2026-01-01").is_ok() && new("2027-02-04").is_ok());
        assert_eq!(new("2027-02-05"), Err(DayRangeError::TooLong(401)));
        assert_eq!(new("2025-12-31"), Err(DayRangeError::Backwards(date("2026-01-01"))));
        let newest = DayRange::newest(None, date("2027-02-04"));
        assert_eq!(newest, range("2026-01-01", "2027-02-04"));
        assert_eq!(DayRange::newest(Some(date("2020-01-01")), date("2027-02-04")), newest);
        let day = range("2026-01-01", "2026-01-01");
        assert_eq!(DayRange::newest(Some(date("2026-05-01")), date("2026-01-01")), day);
    }

    #[test]
    fn the_spans_of_days_contain_exactly_the_instants_with_their_dates() {
        for (zone, first, last) in [
            ("Europe/Berlin", "2026-03-28", "2026-03-30"),
            ("Europe/Berlin", "2026-10-25", "2026-10-25"),
            ("America/Sao_Paulo", "2018-11-04", "2018-11-04"),
            ("America/Sao_Paulo", "2018-02-17", "2018-02-17"),
            ("America/Havana", "2025-11-02", "2025-11-02"),
            // Back from one minute after midnight to the day before.
            ("America/St_Johns", "2010-11-06", "2010-11-06"),
            ("America/St_Johns", "2010-11-07", "2010-11-07"),
            ("Pacific/Apia", "2011-12-29", "2011-12-31"),
            ("+05:45:10", "2026-01-01", "2026-01-02"),
            ("Asia/Seoul", "1969-12-31", "1970-01-01"),
        ] {
            let (zone, days): (Zone, _) = (zone.parse().unwrap(), range(first, last));
            let spans = days.spans(Some(&zone));
            let mut instant = Timestamp::of_date(days.first).plus_millis(-2 * DAY_MILLIS);
            while instant < Timestamp::of_date(days.last).plus_millis(3 * DAY_MILLIS) {
                let holds = |span: &&OffsetSpan| (span.from..span.until).contains(&instant);
                let span = spans.iter().find(holds);
                let local = zone.local(instant).date();
                assert_eq!(
                    span.is_some(),
                    (days.first..=days.last).contains(&local),
                    "{zone:?} {instant:?}"
                );
                if let Some(span) = span {
                    let index = (instant.millis() + span.offset_millis - days.local_start()) / DAY_MILLIS;
                    assert_eq!(days.date(index.try_into().unwrap()), local, "{zone:?} {instant:?}");
                }
                instant = instant.plus_millis(30_000);
            }
        }
    }

    #[test]
    fn days_without_a_zone_are_those_of_utc() {
        let days = range("2026-01-01", "2026-01-02");
        let at = |text: &str| Timestamp::parse_iso(text).unwrap();
        let expected = OffsetSpan {
            from: at("2026-01-01T00:00:00Z"),
            until: at("2026-01-03T00:00:00Z"),
            offset_millis: 0,
        };
        assert_eq!(days.spans(None), [expected]);
        assert_eq!(days.instants(None), (expected.from, expected.until));
        let seoul: Zone = "Asia/Seoul".parse().unwrap();
        assert_eq!(days.instants(Some(&seoul)).0, at("2025-12-31T15:00:00Z"));
    }
}
