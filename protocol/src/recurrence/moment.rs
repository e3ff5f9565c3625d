//! Dates and times of iCalendar text (RFC 5545, 3.3.4 and 3.3.5).

use crate::time::{Timestamp, Zone};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use std::fmt;

/// A date, or a date and time: local, in UTC, or in a zone of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moment {
    /// `20240110`
    Date(NaiveDate),
    /// `20240110T100000`: in the zone of the series.
    Local(NaiveDateTime),
    /// `20240110T100000Z`
    Utc(NaiveDateTime),
    /// `TZID=…:20240110T100000`: in a zone that is not that of the series.
    Zoned(NaiveDateTime, Zone),
}

impl Moment {
    /// Parses `20240110`, `20240110T100000`, and the latter with `Z`. Second 60 is second 59 (RFC 5545, 3.3.12: there
    /// are no leap seconds here).
    pub fn parse(text: &str) -> Option<Self> {
        let (text, is_utc) = match text.strip_suffix(['Z', 'z']) {
            Some(text) => (text, true),
            None => (text, false),
        };
        let number = |range: std::ops::Range<usize>| -> Option<u32> {
            let digits = text.get(range)?;
            digits
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| digits.parse().ok())?
        };
        let date = NaiveDate::from_ymd_opt(i32::try_from(number(0..4)?).ok()?, number(4..6)?, number(6..8)?)?;
        match text.len() {
            8 if !is_utc => Some(Self::Date(date)),
            // A date in UTC is its midnight: some calendars write it as the end of a rule.
            8 => Some(Self::Utc(date.and_time(NaiveTime::MIN))),
            15 if text.as_bytes()[8].eq_ignore_ascii_case(&b'T') => {
                let at = date.and_hms_opt(number(9..11)?, number(11..13)?, number(13..15)?.min(60).min(59))?;
                Some(if is_utc { Self::Utc(at) } else { Self::Local(at) })
            }
            _ => None,
        }
    }

    /// The same in local time that is later by `shift`; a date by its whole days.
    pub fn shifted(&self, shift: TimeDelta, zone: &Zone) -> Option<Self> {
        Some(match self {
            Self::Date(date) => {
                Self::Date(date.checked_add_signed(TimeDelta::days(shift.num_seconds().div_euclid(86_400)))?)
            }
            Self::Local(local) => Self::Local(local.checked_add_signed(shift)?),
            Self::Zoned(local, zone) => Self::Zoned(local.checked_add_signed(shift)?, zone.clone()),
            Self::Utc(utc) => {
                let local = zone.local(utc.and_utc().into()).checked_add_signed(shift)?;
                Self::Utc(zone.instant(local).to_utc().naive_utc())
            }
        })
    }

    /// Another start, in the same form: its local time, and its instant.
    pub fn like(&self, local: NaiveDateTime, instant: Timestamp) -> Self {
        match self {
            Self::Date(_) => Self::Date(local.date()),
            Self::Local(_) => Self::Local(local),
            Self::Utc(_) => Self::Utc(instant.to_utc().naive_utc()),
            Self::Zoned(_, zone) => Self::Zoned(zone.local(instant), zone.clone()),
        }
    }

    /// The date, whatever the time.
    pub(super) fn date(&self) -> NaiveDate {
        match self {
            Self::Date(date) => *date,
            Self::Local(at) | Self::Utc(at) | Self::Zoned(at, _) => at.date(),
        }
    }

    /// The instant; a date is its midnight. A local time that occurs twice is the later one: an end includes both.
    pub(super) fn latest(&self, zone: &Zone) -> Timestamp {
        match self {
            Self::Date(date) => zone.latest_instant(date.and_time(NaiveTime::MIN)),
            Self::Local(local) => zone.latest_instant(*local),
            Self::Utc(utc) => utc.and_utc().into(),
            Self::Zoned(local, zone) => zone.latest_instant(*local),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => write!(f, "{}", date.format("%Y%m%d")),
            Self::Local(local) | Self::Zoned(local, _) => write!(f, "{}", local.format("%Y%m%dT%H%M%S")),
            Self::Utc(utc) => write!(f, "{}", utc.format("%Y%m%dT%H%M%SZ")),
        }
    }
}
