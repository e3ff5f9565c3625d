//! Parses the value of an `RRULE` (RFC 5545, 3.3.10).

use super::{Frequency, Moment, Rule, RuleError, WeekdayNumber};
use chrono::Weekday;
use std::{collections::HashSet, str::FromStr};

impl FromStr for Rule {
    type Err = RuleError;

    /// Parses `FREQ=…;…` in any case, with or without a `;` at the end (contract, REST 7.2).
    fn from_str(text: &str) -> Result<Self, RuleError> {
        parse(&text.to_ascii_uppercase()).ok_or(RuleError::Invalid)
    }
}

fn parse(text: &str) -> Option<Rule> {
    let parts = text.strip_suffix(';').unwrap_or(text).split(';');
    let parts: Vec<(&str, &str)> = parts.map(|part| part.split_once('=')).collect::<Option<_>>()?;
    let names: HashSet<&str> = parts.iter().map(|(name, _)| *name).collect();
    if names.len() < parts.len() {
        return None;
    }
    let (_, frequency) = parts.iter().find(|(name, _)| *name == "FREQ")?;
    let mut rule = Rule {
        frequency: frequency.parse().ok()?,
        interval: 1,
        count: None,
        until: None,
        by_month: vec![],
        by_week_number: vec![],
        by_year_day: vec![],
        by_month_day: vec![],
        by_day: vec![],
        by_hour: vec![],
        by_minute: vec![],
        by_second: vec![],
        by_set_position: vec![],
        week_start: Weekday::Mon,
    };
    for (name, value) in parts {
        match name {
            "FREQ" => {}
            "INTERVAL" => rule.interval = positive(value)?,
            "COUNT" => rule.count = Some(positive(value)?),
            "UNTIL" => rule.until = Some(Moment::parse(value)?),
            "WKST" => rule.week_start = weekday(value)?,
            "BYMONTH" => rule.by_month = list(value, |text| number(text, 1..=12))?,
            "BYWEEKNO" => rule.by_week_number = list(value, |text| place(text, 53))?,
            "BYYEARDAY" => rule.by_year_day = list(value, |text| place(text, 366))?,
            "BYMONTHDAY" => rule.by_month_day = list(value, |text| place(text, 31))?,
            "BYDAY" => rule.by_day = list(value, weekday_number)?,
            "BYHOUR" => rule.by_hour = list(value, |text| number(text, 0..=23))?,
            "BYMINUTE" => rule.by_minute = list(value, |text| number(text, 0..=59))?,
            // There are no leap seconds here: second 60 is second 59 (RFC 5545, 3.3.12).
            "BYSECOND" => rule.by_second = list(value, |text| number(text, 0..=60).map(|second| second.min(59)))?,
            "BYSETPOS" => rule.by_set_position = list(value, |text| place(text, 366))?,
            _ => return None,
        }
    }
    if rule.frequency > Frequency::Monthly {
        // Only months and years have an n-th weekday (RFC 5545, 3.3.10).
        for day in &mut rule.by_day {
            day.nth = None;
        }
    }
    Some(rule)
}

fn list<T: PartialEq>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let mut all = Vec::new();
    for item in text.split(',') {
        let item = read(item)?;
        if !all.contains(&item) {
            all.push(item);
        }
    }
    Some(all)
}

fn positive(text: &str) -> Option<u32> {
    digits(text)?.parse().ok().filter(|number| *number > 0)
}

fn number(text: &str, range: std::ops::RangeInclusive<u8>) -> Option<u8> {
    digits(text)?.parse().ok().filter(|number| range.contains(number))
}

/// A position from 1 at the front, or from -1 at the back.
fn place(text: &str, most: i16) -> Option<i16> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let place: i16 = digits(text)?.parse().ok()?;
    (1..=most).contains(&place).then_some(sign * place)
}

fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

fn weekday_number(text: &str) -> Option<WeekdayNumber> {
    let (nth, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let nth = match nth {
        "" => None,
        nth => Some(place(nth, 53)?),
    };
    Some(WeekdayNumber {
        nth,
        day: weekday(day)?,
    })
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}
