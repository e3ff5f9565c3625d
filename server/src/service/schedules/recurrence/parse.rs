//! Parses the text of a rule.

use super::{Rule, RuleError, Until};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use protocol::time::{Timestamp, Zone};
use rrule::{Frequency, NWeekday, RRule, Tz, Unvalidated};
use std::str::FromStr;

impl FromStr for Rule {
    type Err = RuleError;

    /// Case-insensitive; a leading `RRULE:` is allowed, and `UNTIL` with and without `Z` (contract, REST
    /// 7.2).
    fn from_str(text: &str) -> Result<Self, RuleError> {
        // RFC 5545 rules are ASCII only.
        if !text.is_ascii() {
            return Err(RuleError::Invalid);
        }
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let (zone, rule) = match lines[..] {
            [rule] => (Tz::UTC, rule),
            [start, rule] => (zone(start).ok_or(RuleError::Invalid)?, rule),
            _ => return Err(RuleError::Invalid),
        };
        let rule = rule.to_ascii_uppercase();
        let rule = rule.strip_prefix("RRULE:").unwrap_or(&rule);
        let mut until = None;
        let mut parts = Vec::new();
        for part in rule.strip_suffix(';').unwrap_or(rule).split(';') {
            match part.split_once('=') {
                // Parsed here: the zones of UNTIL and DTSTART need not agree.
                Some(("UNTIL", value)) if until.is_none() => {
                    until = Some(Until::read(value).ok_or(RuleError::Invalid)?);
                }
                Some(("COUNT" | "INTERVAL", value)) if value.parse::<u32>().unwrap_or(0) == 0 => {
                    return Err(RuleError::Invalid);
                }
                Some((_, value)) if !value.is_empty() => parts.push(part),
                _ => return Err(RuleError::Invalid),
            }
        }
        // The library may panic on unexpected input: the rule is invalid then.
        let parsed = std::panic::catch_unwind(|| RRule::from_str(&parts.join(";")));
        let rule = parsed
            .map_err(|_| RuleError::Invalid)?
            .map_err(|_| RuleError::Invalid)?;
        Ok(Self {
            rule: without_numbers(rule),
            until,
            zone,
        })
    }
}

/// Converts `BYDAY=1MO` to `BYDAY=MO` in rules that must not have such a number (RFC 5545 3.3.10).
fn without_numbers(rule: RRule<Unvalidated>) -> RRule<Unvalidated> {
    if matches!(rule.get_freq(), Frequency::Monthly | Frequency::Yearly) {
        return rule;
    }
    let days = rule.get_by_weekday().iter().map(|day| match day {
        NWeekday::Every(day) | NWeekday::Nth(_, day) => NWeekday::Every(*day),
    });
    let days = days.collect();
    rule.by_weekday(days)
}

/// The zone of a line `DTSTART;TZID=…:…`; UTC if there is none.
fn zone(line: &str) -> Option<Tz> {
    let (name, value) = line.rsplit_once(':')?;
    Until::read(&value.to_ascii_uppercase())?;
    if name.eq_ignore_ascii_case("DTSTART") {
        return Some(Tz::UTC);
    }
    let (name, zone) = name.split_once('=')?;
    if !name.eq_ignore_ascii_case("DTSTART;TZID") {
        return None;
    }
    match zone.parse() {
        Ok(Zone::Named(zone)) => Some(zone.into()),
        _ => None,
    }
}

impl Until {
    /// Parses `20240110`, `20240110T100000`, and the same with `Z`.
    fn read(text: &str) -> Option<Self> {
        let (text, utc) = match text.strip_suffix('Z') {
            Some(text) => (text, true),
            None => (text, false),
        };
        let local = match NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S") {
            Ok(local) => local,
            Err(_) => NaiveDate::parse_from_str(text, "%Y%m%d").ok()?.and_time(NaiveTime::MIN),
        };
        Some(Self { local, utc })
    }

    /// Converts a local time to an instant in the rule's zone.
    pub(super) fn instant(self, zone: Tz) -> Timestamp {
        let local = if self.utc {
            None
        } else {
            zone.from_local_datetime(&self.local).latest()
        };
        let instant: DateTime<Utc> = match local {
            Some(local) => local.with_timezone(&Utc),
            // A local time that the clocks skip is interpreted with the offset before.
            None => self.local.and_utc(),
        };
        instant.into()
    }
}
