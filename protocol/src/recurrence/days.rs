//! Which days a rule has: its parts by month, week, day of the year or month, and weekday, all of which must match.

use super::{Frequency, Rule};
use chrono::{Datelike, NaiveDate, Weekday};

/// The day parts of a rule. Parts that do not restrict match every day.
#[derive(Clone, Debug, Default)]
pub(super) struct DayFilter {
    /// Bits 1 to 12; 0 if all match.
    months: u16,
    /// Bits 1 to 31, from the front and from the back.
    month_days: Option<(u32, u32)>,
    /// Bits 0 (Monday) to 6, and n-th weekdays; a day matches either.
    weekdays: Option<(u8, Vec<(i16, Weekday)>)>,
    /// Whether n-th weekdays are counted in the year, not in the month.
    nth_in_year: bool,
    year_days: Vec<i16>,
    week_numbers: Vec<i16>,
    week_start: Option<Weekday>,
}

impl DayFilter {
    /// The filter of a rule with a start. Without any day part, the start's day is the rule's (RFC 5545, 3.3.10:
    /// "information not contained in the rule is taken from DTSTART").
    pub fn new(rule: &Rule, start: NaiveDate) -> Self {
        let mut filter = Self {
            months: rule.by_month.iter().fold(0, |bits, month| bits | 1 << month),
            month_days: month_days(&rule.by_month_day),
            weekdays: weekdays(rule),
            nth_in_year: rule.frequency == Frequency::Yearly && rule.by_month.is_empty(),
            year_days: rule.by_year_day.clone(),
            week_numbers: rule.by_week_number.clone(),
            week_start: Some(rule.week_start),
        };
        let is_open = filter.month_days.is_none()
            && filter.weekdays.is_none()
            && filter.year_days.is_empty()
            && filter.week_numbers.is_empty();
        if is_open {
            match rule.frequency {
                Frequency::Yearly | Frequency::Monthly => filter.month_days = Some((1 << start.day(), 0)),
                Frequency::Weekly => filter.weekdays = Some((weekday_bit(start.weekday()), vec![])),
                _ => {}
            }
            if rule.frequency == Frequency::Yearly && filter.months == 0 {
                filter.months = 1 << start.month();
            }
        }
        filter
    }

    /// Whether every day matches.
    pub fn is_open(&self) -> bool {
        self.months == 0
            && self.month_days.is_none()
            && self.weekdays.is_none()
            && self.year_days.is_empty()
            && self.week_numbers.is_empty()
    }

    /// The number of matching days in every week, if that depends on nothing but the weekday.
    pub fn days_a_week(&self) -> Option<u32> {
        let restricts_only_weekdays =
            self.months == 0 && self.month_days.is_none() && self.year_days.is_empty() && self.week_numbers.is_empty();
        match &self.weekdays {
            Some((bits, nth)) if restricts_only_weekdays && nth.is_empty() => Some(bits.count_ones()),
            None if restricts_only_weekdays => Some(7),
            _ => None,
        }
    }

    /// Whether days of a month may match.
    pub fn has_month(&self, month: u32) -> bool {
        self.months == 0 || self.months & (1 << month) != 0
    }

    /// Whether a day matches.
    pub fn has(&self, day: NaiveDate) -> bool {
        self.has_month(day.month())
            && self.has_weekday(day)
            && self.month_days.is_none_or(|(front, back)| {
                let from_back = u32::from(day.num_days_in_month()) - day.day() + 1;
                front & (1 << day.day()) != 0 || back & (1 << from_back) != 0
            })
            && (self.year_days.is_empty() || is_among(&self.year_days, day.ordinal(), year_length(day)))
            && (self.week_numbers.is_empty() || self.has_week(day))
    }

    fn has_weekday(&self, day: NaiveDate) -> bool {
        let Some((bits, nth)) = &self.weekdays else { return true };
        if bits & weekday_bit(day.weekday()) != 0 {
            return true;
        }
        if nth.is_empty() {
            return false;
        }
        let (number, length) = if self.nth_in_year {
            (day.ordinal(), year_length(day))
        } else {
            (day.day(), u32::from(day.num_days_in_month()))
        };
        let (front, back) = ((number - 1) / 7 + 1, (length - number) / 7 + 1);
        nth.iter().any(|(nth, weekday)| {
            *weekday == day.weekday() && u32::from(nth.unsigned_abs()) == if *nth > 0 { front } else { back }
        })
    }

    /// Weeks are numbered like those of ISO 8601, with the rule's first day of the week: week 1 is the first with at
    /// least four days in its year.
    fn has_week(&self, day: NaiveDate) -> bool {
        let week_start = self.week_start.unwrap_or(Weekday::Mon);
        let days_into_week = i64::from(day.weekday().days_since(week_start));
        // The fourth day of a week is in the year that the week belongs to.
        let Some(fourth) = day.checked_add_signed(chrono::TimeDelta::days(3 - days_into_week)) else {
            return false;
        };
        let number = fourth.ordinal0() / 7 + 1;
        let weeks = number + (year_length(fourth) - fourth.ordinal()) / 7;
        is_among(&self.week_numbers, number, weeks)
    }
}

/// Whether a position among `length` is listed: from 1 at the front, or from -1 at the back.
fn is_among(listed: &[i16], position: u32, length: u32) -> bool {
    let (front, back) = (i64::from(position), i64::from(position) - i64::from(length) - 1);
    listed.iter().any(|place| [front, back].contains(&i64::from(*place)))
}

fn year_length(day: NaiveDate) -> u32 {
    if day.leap_year() { 366 } else { 365 }
}

fn weekday_bit(day: Weekday) -> u8 {
    1 << day.num_days_from_monday()
}

fn month_days(days: &[i16]) -> Option<(u32, u32)> {
    let bits = |sign: i16| {
        let those = days.iter().filter(|day| day.signum() == sign);
        those.fold(0, |bits, day| bits | 1 << day.unsigned_abs())
    };
    (!days.is_empty()).then(|| (bits(1), bits(-1)))
}

fn weekdays(rule: &Rule) -> Option<(u8, Vec<(i16, Weekday)>)> {
    let every = rule.by_day.iter().filter(|day| day.nth.is_none());
    let bits = every.fold(0, |bits, day| bits | weekday_bit(day.day));
    let nth = rule.by_day.iter().filter_map(|day| Some((day.nth?, day.day)));
    (!rule.by_day.is_empty()).then(|| (bits, nth.collect()))
}
