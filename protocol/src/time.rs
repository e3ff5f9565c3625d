//! Instants in milliseconds, and their text forms.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Offset, SecondsFormat, Timelike, Utc};
use serde::{Deserialize, Serialize};

mod days;
mod zone;
pub use days::{DayRange, DayRangeError, MAX_DAYS, OffsetSpan, start_of};
pub use zone::{Zone, ZoneError};

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The earliest and the latest instant that has a four-digit year at every offset.
    const RANGE: std::ops::RangeInclusive<i64> = -62_135_510_400_000..=253_402_207_200_000;

    /// From milliseconds since 1970; instants outside the years 1 to 9999 are clamped.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(*Self::RANGE.start(), *Self::RANGE.end()))
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// The instant that is `millis` milliseconds later.
    pub fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant; negative if `earlier` is later.
    pub fn millis_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The instant as a date and time in UTC.
    pub fn to_utc(self) -> DateTime<Utc> {
        // In range by construction, so the default is never used.
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }

    /// Parses what [`Timestamp::websocket`] writes: ISO 8601 with an offset, with `Z`, or without one (then UTC).
    pub fn parse_iso(text: &str) -> Option<Self> {
        // Not as `NaiveDateTime`, whose parser of any format would double what the WebAssembly has of chrono.
        let instant = DateTime::parse_from_rfc3339(text)
            .or_else(|_| DateTime::parse_from_rfc3339(&format!("{text}Z")))
            .ok()?;
        Some(Self::from_millis(instant.timestamp_millis()))
    }

    /// The form of the WebSocket (contract, "Times" and REST 4.4): microseconds, omitted when zero; UTC without an
    /// offset, or the zone's time with its offset.
    pub fn websocket(self, zone: Option<&Zone>) -> String {
        let utc = self.to_utc();
        let fraction = if utc.nanosecond() == 0 {
            SecondsFormat::Secs
        } else {
            SecondsFormat::Micros
        };
        match zone {
            Some(zone) => zone.at(utc).to_rfc3339_opts(fraction, false),
            None => {
                let mut text = utc.to_rfc3339_opts(fraction, true);
                text.pop(); // the Z
                text
            }
        }
    }

    /// The local time of this instant in a zone (default UTC), written as if it were UTC. Dates that every reader sees in
    /// the reader's own zone are kept like this.
    pub fn floating(self, zone: Option<&Zone>) -> Self {
        zone.map_or(self, |zone| zone.local(self).and_utc().into())
    }

    /// The instant in a zone (default UTC) of a local time that is written as if it were UTC.
    pub fn in_zone(self, zone: Option<&Zone>) -> Self {
        zone.map_or(self, |zone| zone.instant(self.to_utc().naive_utc()))
    }

    /// The midnight in UTC of a date.
    pub fn of_date(date: NaiveDate) -> Self {
        date.and_time(NaiveTime::MIN).and_utc().into()
    }

    /// The date in UTC, such as 2026-01-28.
    pub fn iso_date(self) -> String {
        self.to_utc().format("%Y-%m-%d").to_string()
    }

    /// Whether it is midnight in UTC.
    pub fn is_midnight(self) -> bool {
        self.0.rem_euclid(86_400_000) == 0
    }

    /// ISO 8601 in UTC with `Z`, for messages to people and for requests.
    pub fn iso_utc(self) -> String {
        format!("{}Z", self.websocket(None))
    }

    /// The form of REST (contract, REST 4.3): whole seconds, truncated, and a numeric offset without a colon.
    pub fn rest(self, zone: Option<&Zone>) -> String {
        let utc = self.to_utc();
        let local: DateTime<FixedOffset> = zone.map_or_else(|| utc.with_timezone(&Utc.fix()), |zone| zone.at(utc));
        local.format("%Y-%m-%dT%H:%M:%S%z").to_string()
    }
}

impl From<DateTime<Utc>> for Timestamp {
    /// Truncates to milliseconds.
    fn from(instant: DateTime<Utc>) -> Self {
        Self::from_millis(instant.timestamp_millis())
    }
}

/// The text form of times, which differs between WebSocket and REST.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeStyle {
    /// Contract, REST 4.4.
    WebSocket,
    /// Contract, REST 4.3.
    Rest,
}

impl TimeStyle {
    /// Writes an instant in this form and the given zone.
    pub fn write(self, instant: Timestamp, zone: Option<&Zone>) -> String {
        match self {
            Self::WebSocket => instant.websocket(zone),
            Self::Rest => instant.rest(zone),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_iso(text).unwrap()
    }

    #[test]
    fn websocket_times_are_naive_utc_unless_a_zone_is_given() {
        let instant = at("2026-01-28T10:00:00.123456Z");
        assert_eq!(instant.websocket(None), "2026-01-28T10:00:00.123000");
        let seoul = "+09:00".parse().unwrap();
        assert_eq!(instant.websocket(Some(&seoul)), "2026-01-28T19:00:00.123000+09:00");
        assert_eq!(at("2026-01-28T10:00:00Z").websocket(None), "2026-01-28T10:00:00");
    }

    #[test]
    fn rest_times_have_whole_seconds_and_an_offset_without_a_colon() {
        let instant = at("2024-01-01T10:00:00.999");
        assert_eq!(instant.rest(None), "2024-01-01T10:00:00+0000");
        for (zone, text) in [
            ("Asia/Seoul", "2024-01-01T19:00:00+0900"),
            ("+09:00", "2024-01-01T19:00:00+0900"),
            ("-05:30", "2024-01-01T04:30:00-0530"),
        ] {
            assert_eq!(instant.rest(Some(&zone.parse().unwrap())), text);
        }
    }

    #[test]
    fn written_times_parse_to_the_same_instant() {
        let instant = Timestamp::from_millis(1_769_594_400_123);
        assert_eq!(at(&instant.websocket(None)), instant);
        assert_eq!(at(&instant.websocket(Some(&"Europe/Berlin".parse().unwrap()))), instant);
        assert!(Timestamp::parse_iso("yesterday").is_none());
    }

    #[test]
    fn instants_outside_the_calendar_are_clamped() {
        assert!(Timestamp::from_millis(i64::MAX).rest(None).starts_with("9999-"));
        assert!(Timestamp::from_millis(i64::MIN).rest(None).starts_with("0001-"));
    }
}
