//! Which times of a day a rule has.

use super::{Frequency, Rule};
use chrono::{NaiveDateTime, Timelike};

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
const MINUTE: i64 = 60;

/// The times of a rule: for rules by days or longer those of a day, else those of its unit (an hour, minute or second),
/// and which units match.
#[derive(Clone, Debug)]
pub(super) struct Times {
    /// The length of the unit, in seconds; a day for rules by days or longer.
    pub unit: i64,
    /// Seconds after the start of the unit, in order.
    pub within: Vec<i64>,
    hours: Filter,
    minutes: Filter,
    seconds: Filter,
}

/// Bits of the values that match; 0 if all do.
type Filter = u64;

impl Times {
    /// `is_all_day`: parts by time do not count (RFC 5545, 3.3.10).
    pub fn new(rule: &Rule, start: NaiveDateTime, is_all_day: bool) -> Self {
        let unit = match rule.frequency {
            Frequency::Hourly => HOUR,
            Frequency::Minutely => MINUTE,
            Frequency::Secondly => 1,
            _ => DAY,
        };
        // Parts finer than the unit expand, the others filter (RFC 5545, 3.3.10).
        let expand = |listed: &[u8], length: i64, first: u32| match listed {
            _ if unit <= length => vec![0],
            _ if is_all_day => vec![i64::from(first) * length],
            [] => vec![i64::from(first) * length],
            listed => listed.iter().map(|value| i64::from(*value) * length).collect(),
        };
        let hours = expand(&rule.by_hour, HOUR, start.hour());
        let minutes = expand(&rule.by_minute, MINUTE, start.minute());
        let seconds = expand(&rule.by_second, 1, start.second());
        let mut within: Vec<i64> = Vec::with_capacity(hours.len() * minutes.len() * seconds.len());
        for hour in &hours {
            for minute in &minutes {
                within.extend(seconds.iter().map(|second| hour + minute + second));
            }
        }
        within.sort_unstable();
        let filter = |listed: &[u8], length: i64| match listed {
            listed if unit <= length => listed.iter().fold(0, |bits, value| bits | 1 << value),
            _ => 0,
        };
        Self {
            unit,
            within,
            hours: filter(&rule.by_hour, HOUR),
            minutes: filter(&rule.by_minute, MINUTE),
            seconds: filter(&rule.by_second, 1),
        }
    }

    /// Whether every unit of a day matches.
    pub fn is_open(&self) -> bool {
        self.hours | self.minutes | self.seconds == 0
    }

    /// A lower bound of the seconds from a second of the day until a unit matches: 0 if it matches there.
    pub fn wait(&self, second_of_day: i64) -> i64 {
        let values = [
            (self.hours, second_of_day / HOUR, 24, HOUR),
            (self.minutes, second_of_day / MINUTE % 60, 60, MINUTE),
            (self.seconds, second_of_day % 60, 60, 1),
        ];
        for (filter, now, count, length) in values {
            if filter == 0 || filter & (1 << now) != 0 {
                continue;
            }
            let later = filter >> now;
            let units = if later == 0 {
                count - now
            } else {
                i64::from(later.trailing_zeros())
            };
            return units * length - second_of_day % length;
        }
        0
    }
}
