//! A recurrence rule (RFC 5545, 3.3.10), without a start.

use super::Moment;
use chrono::Weekday;
use strum::{Display, EnumString};

/// The unit of a rule's interval, from the longest to the shortest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumString, Display)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Frequency {
    Yearly,
    Monthly,
    Weekly,
    Daily,
    Hourly,
    Minutely,
    Secondly,
}

impl Frequency {
    /// Whether the rule recurs by hours, minutes or seconds.
    pub fn is_intraday(self) -> bool {
        self >= Self::Hourly
    }

    /// The minimum length of the unit, in seconds.
    pub(super) fn seconds(self) -> i64 {
        match self {
            Self::Yearly => 365 * 86_400,
            Self::Monthly => 28 * 86_400,
            Self::Weekly => 7 * 86_400,
            Self::Daily => 86_400,
            Self::Hourly => 3_600,
            Self::Minutely => 60,
            Self::Secondly => 1,
        }
    }
}

/// A weekday of `BYDAY`: every one, or the n-th of its month or year, counted from the end if negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekdayNumber {
    pub nth: Option<i16>,
    pub day: Weekday,
}

/// A recurrence rule. Empty lists do not restrict; negative numbers count from the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub frequency: Frequency,
    /// At least 1.
    pub interval: u32,
    /// The number of occurrences from the start on; at least 1.
    pub count: Option<u32>,
    /// The last moment at which an occurrence may start.
    pub until: Option<Moment>,
    /// 1 to 12.
    pub by_month: Vec<u8>,
    /// ±1 to ±53.
    pub by_week_number: Vec<i16>,
    /// ±1 to ±366.
    pub by_year_day: Vec<i16>,
    /// ±1 to ±31.
    pub by_month_day: Vec<i16>,
    pub by_day: Vec<WeekdayNumber>,
    /// 0 to 23.
    pub by_hour: Vec<u8>,
    /// 0 to 59.
    pub by_minute: Vec<u8>,
    /// 0 to 59.
    pub by_second: Vec<u8>,
    /// ±1 to ±366: which occurrences of each period count.
    pub by_set_position: Vec<i16>,
    pub week_start: Weekday,
}

impl Rule {
    /// Whether the rule takes its days (for rules within a day: its times) from the start of the series, so that all of
    /// them move with it.
    pub fn follows_start(&self) -> bool {
        let names_days = !(self.by_month.is_empty()
            && self.by_week_number.is_empty()
            && self.by_year_day.is_empty()
            && self.by_month_day.is_empty()
            && self.by_day.is_empty());
        let names_times = !(self.by_hour.is_empty() && self.by_minute.is_empty() && self.by_second.is_empty());
        !(names_days || names_times && self.frequency.is_intraday())
    }

    /// Whether both rules recur alike, up to where they end.
    pub fn recurs_like(&self, other: &Self) -> bool {
        let endless = |rule: &Self| Self {
            count: None,
            until: None,
            ..rule.clone()
        };
        endless(self) == endless(other)
    }

    /// An upper bound of the number of occurrences in one unit of the frequency.
    pub(super) fn most_a_period(&self) -> u64 {
        let days = match self.frequency {
            Frequency::Yearly => 366,
            Frequency::Monthly => 31,
            Frequency::Weekly => 7,
            _ => 1,
        };
        [&self.by_hour, &self.by_minute, &self.by_second]
            .into_iter()
            .fold(days, |all: u64, times| all.saturating_mul(times.len().max(1) as u64))
    }

    /// The minimum number of seconds between two periods of the rule.
    pub(super) fn step_seconds(&self) -> i64 {
        self.frequency.seconds().saturating_mul(i64::from(self.interval))
    }
}
