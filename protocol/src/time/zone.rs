//! The timezone a reader asked for (contract, REST 4.5).

use chrono::{DateTime, FixedOffset, Offset, Utc};
use chrono_tz::Tz;
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

/// Why a text is no timezone. On REST it is 400 `InvalidTimezoneError`; on the WebSocket UTC is used instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ZoneError {
    /// Neither `UTC` nor a name of the IANA database.
    #[error("Invalid timezone name: {0}. Use an IANA name such as Asia/Seoul, UTC, or an offset such as +09:00.")]
    Name(String),
    /// Begins with a sign, but is no offset of less than a day.
    #[error("Invalid timezone offset format: {0}. Use +HH, +HH:MM or +HH:MM:SS, below 24 hours, and the same with -.")]
    Offset(String),
}

impl Zone {
    /// The zone's local time at an instant.
    pub fn at(&self, utc: DateTime<Utc>) -> DateTime<FixedOffset> {
        match self {
            Self::Named(tz) => {
                let local = utc.with_timezone(tz);
                let offset = local.offset().fix();
                utc.with_timezone(&offset)
            }
            Self::Fixed(offset) => utc.with_timezone(offset),
        }
    }
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
            // `Z` and names in other cases are refused by the database itself, which is case-sensitive.
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

    #[test]
    fn names_and_offsets_of_the_contract_are_taken() {
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

    #[test]
    fn a_named_zone_follows_its_daylight_saving_time() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let at = |text: &str| berlin.at(text.parse::<DateTime<Utc>>().unwrap()).to_rfc3339();
        assert_eq!(at("2026-01-01T12:00:00Z"), "2026-01-01T13:00:00+01:00");
        assert_eq!(at("2026-07-01T12:00:00Z"), "2026-07-01T14:00:00+02:00");
    }
}
