//! A recurrence in words: "every second Tuesday until 3 March". It needs no database of zones, so the browser and the
//! server say the same.

mod english;
mod korean;

use super::{Frequency, Recurrence, Rule};
pub use crate::language::Language;
use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike, Weekday};

/// Describes a recurrence whose first occurrence starts at a local time of its zone. `end` is the local date of the last
/// possible occurrence; `None` if neither the rule nor the schedule ends at a date.
pub fn describe(recurrence: &Recurrence, start: NaiveDateTime, end: Option<NaiveDate>, language: Language) -> String {
    let described = Described::new(recurrence, start, end);
    match language {
        Language::English => english::describe(&described),
        Language::Korean => korean::describe(&described),
    }
}

/// What there is to say.
struct Described<'r> {
    rule: Option<&'r Rule>,
    days: Days<'r>,
    /// Hour, minute and second of each time of the day that the rule lists itself; empty if it lists none.
    times: Vec<(u8, u8, u8)>,
    start: NaiveDateTime,
    end: Option<NaiveDate>,
    /// The numbers of additional and of excluded dates.
    added: usize,
    excluded: usize,
}

/// The days of a rule, in the forms that have words of their own.
enum Days<'r> {
    /// As often as the frequency says.
    All,
    /// Every one of these weekdays, in order from Monday.
    Weekdays(Vec<Weekday>),
    /// Days of each month, from the front or from the back.
    OfMonth(Vec<i16>),
    /// The n-th of such weekdays in each month: one weekday, or any from Monday to Friday.
    NthOfMonth(Vec<i16>, Nth),
    /// Days of these months.
    OfYear(Vec<u8>, Vec<i16>),
    /// The n-th of such weekdays in these months.
    NthOfYear(Vec<u8>, Vec<i16>, Nth),
    /// Anything else: each part by itself.
    Parts(&'r Rule),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Nth {
    Day(Weekday),
    /// Monday to Friday.
    Workday,
}

const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

impl<'r> Described<'r> {
    fn new(recurrence: &'r Recurrence, start: NaiveDateTime, end: Option<NaiveDate>) -> Self {
        let rule = recurrence.rule.as_ref();
        Self {
            days: rule.map_or(Days::All, |rule| days(rule, start)),
            times: rule.map_or(vec![], |rule| times(rule, start)),
            rule,
            start,
            end,
            added: recurrence.dates.len(),
            excluded: recurrence.excluded.len(),
        }
    }

    /// Whether the year of a date goes without saying.
    fn is_year_known(&self, date: NaiveDate) -> bool {
        date.year() == self.start.year()
    }
}

fn days(rule: &Rule, start: NaiveDateTime) -> Days<'_> {
    let weekdays: Vec<Weekday> = WEEK
        .into_iter()
        .filter(|day| {
            rule.by_day
                .iter()
                .any(|listed| listed.day == *day && listed.nth.is_none())
        })
        .collect();
    let is_plain = rule.by_week_number.is_empty() && rule.by_year_day.is_empty();
    let has_nth = weekdays.len() < rule.by_day.len();
    let (months, month_days) = (&rule.by_month, &rule.by_month_day);
    let no_position = rule.by_set_position.is_empty();
    let nth = nth_weekday(rule, &weekdays, has_nth);
    match rule.frequency {
        _ if !is_plain => Days::Parts(rule),
        Frequency::Daily | Frequency::Weekly
            if months.is_empty() && month_days.is_empty() && no_position && !has_nth =>
        {
            match (rule.frequency, &weekdays[..]) {
                (Frequency::Weekly, []) => Days::Weekdays(vec![start.weekday()]),
                (_, []) => Days::All,
                _ => Days::Weekdays(weekdays),
            }
        }
        Frequency::Monthly if months.is_empty() => match (nth, &month_days[..]) {
            (Some((places, nth)), []) => Days::NthOfMonth(places, nth),
            (_, []) if rule.by_day.is_empty() && no_position => Days::OfMonth(vec![day_of(start)]),
            (_, [_, ..]) if rule.by_day.is_empty() && no_position => Days::OfMonth(month_days.clone()),
            _ => Days::Parts(rule),
        },
        Frequency::Yearly => {
            let listed = if months.is_empty() {
                vec![u8::try_from(start.month()).unwrap_or(1)]
            } else {
                months.clone()
            };
            match (nth, &month_days[..]) {
                (Some((places, nth)), []) if !months.is_empty() => Days::NthOfYear(listed, places, nth),
                (_, []) if rule.by_day.is_empty() && no_position => Days::OfYear(listed, vec![day_of(start)]),
                (_, [_, ..]) if rule.by_day.is_empty() && no_position && !months.is_empty() => {
                    Days::OfYear(listed, month_days.clone())
                }
                _ => Days::Parts(rule),
            }
        }
        _ if rule.follows_start() && no_position => Days::All,
        _ => Days::Parts(rule),
    }
}

fn day_of(start: NaiveDateTime) -> i16 {
    i16::try_from(start.day()).unwrap_or(1)
}

/// The n-th of a weekday: `2TU,-1TU`, or `TU` or `MO,TU,WE,TH,FR` with `BYSETPOS`.
fn nth_weekday(rule: &Rule, weekdays: &[Weekday], has_nth: bool) -> Option<(Vec<i16>, Nth)> {
    if has_nth {
        let day = rule.by_day.first()?.day;
        let places: Vec<i16> = rule
            .by_day
            .iter()
            .filter(|one| one.day == day)
            .filter_map(|one| one.nth)
            .collect();
        let is_one_day = places.len() == rule.by_day.len() && rule.by_set_position.is_empty();
        return is_one_day.then_some((places, Nth::Day(day)));
    }
    let places = rule.by_set_position.clone();
    match weekdays {
        _ if places.is_empty() => None,
        [day] => Some((places, Nth::Day(*day))),
        days if *days == WEEK[..5] => Some((places, Nth::Workday)),
        _ => None,
    }
}

/// The times of the day; empty if the rule does not list any, or recurs within the day.
fn times(rule: &Rule, start: NaiveDateTime) -> Vec<(u8, u8, u8)> {
    let listed = [&rule.by_hour, &rule.by_minute, &rule.by_second];
    if rule.frequency.is_intraday() || listed.iter().all(|list| list.is_empty()) {
        return vec![];
    }
    let or = |list: &Vec<u8>, first: u32| match &list[..] {
        [] => vec![u8::try_from(first).unwrap_or(0)],
        _ => list.clone(),
    };
    let (hours, minutes, seconds) = (
        or(&rule.by_hour, start.hour()),
        or(&rule.by_minute, start.minute()),
        or(&rule.by_second, start.second()),
    );
    let mut times: Vec<(u8, u8, u8)> = hours
        .iter()
        .flat_map(|hour| minutes.iter().map(move |minute| (*hour, *minute)))
        .flat_map(|(hour, minute)| seconds.iter().map(move |second| (hour, minute, *second)))
        .collect();
    times.sort_unstable();
    times
}

/// `09:00`, with seconds where there are any.
fn clock((hour, minute, second): (u8, u8, u8)) -> String {
    if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    }
}

fn weekday_index(day: Weekday) -> usize {
    day.num_days_from_monday() as usize
}

#[cfg(test)]
mod tests;
