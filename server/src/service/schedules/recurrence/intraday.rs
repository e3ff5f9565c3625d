//! Expands rules that recur by hours, minutes or seconds. The library (rrule 0.14) produces wrong occurrences when it
//! skips hours, minutes or days that `BYHOUR`, `BYMINUTE` or a day filter excludes.

use super::{
    Budget, Rule, RuleError,
    expand::{MOST_STEPS, Window},
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike};
use protocol::time::Timestamp;
use rrule::{Frequency, NWeekday, RRule, Tz, Unvalidated};

const DAY: u32 = 86_400;
const HOUR: u32 = 3_600;
const MINUTE: u32 = 60;

/// A rule by hours, minutes or seconds with its start. All in local time of the rule's zone, in whole seconds.
struct Walk<'r> {
    rule: &'r RRule<Unvalidated>,
    first: NaiveDateTime,
    /// The length of one hour, minute or second, in seconds.
    unit: u32,
}

impl Rule {
    /// Whether this module expands the rule.
    pub(super) fn is_intraday(&self) -> bool {
        self.rule.get_freq() >= Frequency::Hourly
    }

    /// Like [`Rule::occurrences`]; `first` has whole seconds, `fraction` are the milliseconds.
    pub(super) fn walk_intraday(
        &self,
        first: DateTime<Tz>,
        fraction: i64,
        window: Window,
        budget: &mut Budget,
    ) -> Result<Vec<Timestamp>, RuleError> {
        let walk = Walk {
            rule: &self.rule,
            first: first.naive_local(),
            unit: u32::try_from(self.unit_seconds()).unwrap_or(HOUR),
        };
        let step = self.step_seconds();
        let wall = |at: Timestamp| at.to_utc().with_timezone(&self.zone).naive_local();
        let (origin, end) = (walk.origin(), wall(window.until));
        let mut left = self.rule.get_count();
        // COUNT counts from the first occurrence, so the expansion must start there.
        let mut step_number = match left {
            None => ((wall(window.from) - origin).num_seconds() / step).max(0),
            Some(_) => 0,
        };
        let times = walk.times();
        let mut found = Vec::new();
        for _ in 0..MOST_STEPS {
            let since = step_number.checked_mul(step).and_then(TimeDelta::try_seconds);
            let begin = since.and_then(|since| origin.checked_add_signed(since));
            let Some(begin) = begin.filter(|begin| *begin <= end) else {
                return Ok(found);
            };
            let wait = i64::from(walk.wait(begin));
            budget.spend(1)?;
            if wait > 0 {
                step_number += (wait + step - 1) / step;
                continue;
            }
            // All occurrences are examined, also those before the first one.
            budget.spend(u64::try_from(times.len() / 8).unwrap_or(u64::MAX))?;
            let at = |seconds: &u32| begin.checked_add_signed(TimeDelta::seconds(i64::from(*seconds)));
            for wall in times.iter().filter_map(at).filter(|wall| *wall >= walk.first) {
                // A local time that the clocks skip has no occurrence, and one that they repeat has one.
                let Some(at) = self.zone.from_local_datetime(&wall).earliest() else {
                    continue;
                };
                let instant = Timestamp::from_millis(at.timestamp_millis()).plus_millis(fraction);
                if instant > window.until || left == Some(0) {
                    return Ok(found);
                }
                budget.take()?;
                left = left.map(|left| left - 1);
                if instant >= window.from {
                    found.push(instant);
                }
            }
            step_number += 1;
        }
        Err(RuleError::TooMany)
    }
}

impl Walk<'_> {
    /// The hour, minute or second in which the rule starts.
    fn origin(&self) -> NaiveDateTime {
        self.first - TimeDelta::seconds(i64::from(self.first.num_seconds_from_midnight() % self.unit))
    }

    /// The seconds of an hour or minute at which the rule recurs within it (RFC 5545 3.3.10: BYMINUTE and BYSECOND
    /// expand there), in order.
    fn times(&self) -> Vec<u32> {
        let or_first = |values: &[u8], first: u32| match values {
            [] => vec![first],
            values => values.iter().map(|value| u32::from(*value)).collect(),
        };
        let minutes = match self.unit {
            HOUR => or_first(self.rule.get_by_minute(), self.first.minute()),
            _ => vec![0],
        };
        let seconds = match self.unit {
            1 => vec![0],
            _ => or_first(self.rule.get_by_second(), self.first.second()),
        };
        let times = minutes
            .iter()
            .flat_map(|minute| seconds.iter().map(move |second| minute * MINUTE + second));
        let times = in_order(times.collect());
        match self.rule.get_by_set_pos() {
            [] => times,
            positions => in_order(
                positions
                    .iter()
                    .filter_map(|position| pick(&times, *position))
                    .collect(),
            ),
        }
    }

    /// A lower bound of the seconds until all filters match; 0 if they match here.
    fn wait(&self, begin: NaiveDateTime) -> u32 {
        let (rule, second_of_day) = (self.rule, begin.num_seconds_from_midnight());
        let to_next = |units: u32, unit: u32| units * unit - second_of_day % unit;
        if !day_passes(rule, begin.date()) {
            return to_next(1, DAY);
        }
        let filters = [
            (rule.get_by_hour(), begin.hour(), 24, HOUR),
            (rule.get_by_minute(), begin.minute(), 60, MINUTE),
            (rule.get_by_second(), begin.second(), 60, 1),
        ];
        // Coarser ones first: those finer than the rule's own expand.
        let mut filters = filters.into_iter().filter(|(.., unit)| *unit >= self.unit);
        filters
            .find(|(values, now, ..)| !values.is_empty() && !values.iter().any(|value| u32::from(*value) == *now))
            .map_or(0, |(values, now, wraps, unit)| {
                let later = values
                    .iter()
                    .map(|value| u32::from(*value))
                    .filter(|value| *value > now);
                to_next(later.min().unwrap_or(wraps) - now, unit)
            })
    }
}

/// Whether the day filters match a day.
fn day_passes(rule: &RRule<Unvalidated>, date: NaiveDate) -> bool {
    let year_days = if date.leap_year() { 366 } else { 365 };
    let (months, weekdays) = (rule.get_by_month(), rule.get_by_weekday());
    (months.is_empty() || months.iter().any(|month| u32::from(*month) == date.month()))
        && is_among(rule.get_by_month_day(), date.day(), u32::from(date.num_days_in_month()))
        && is_among(rule.get_by_year_day(), date.ordinal(), year_days)
        && (weekdays.is_empty() || weekdays.contains(&NWeekday::Every(date.weekday())))
}

/// Whether a position is listed among `len`: from 1 at the front, or from -1 at the back. An empty list matches all.
fn is_among<T: Copy + Into<i64>>(names: &[T], day: u32, length: u32) -> bool {
    let (front, back) = (i64::from(day), i64::from(day) - i64::from(length) - 1);
    names.is_empty() || names.iter().any(|name| [front, back].contains(&(*name).into()))
}

/// `BYSETPOS`: from 1 at the front, from -1 at the back.
fn pick(times: &[u32], position: i32) -> Option<u32> {
    let index = usize::try_from(position.unsigned_abs()).ok()?.checked_sub(1)?;
    if position > 0 {
        times.get(index).copied()
    } else {
        times.iter().rev().nth(index).copied()
    }
}

fn in_order(mut times: Vec<u32>) -> Vec<u32> {
    times.sort_unstable();
    times.dedup();
    times
}
