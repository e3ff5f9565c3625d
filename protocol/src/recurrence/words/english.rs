//! English.

use super::{Days, Described, Nth, clock, weekday_index};
use crate::recurrence::{Frequency, Rule};
use chrono::{Datelike, NaiveDate, Weekday};

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn describe(described: &Described<'_>) -> String {
    let mut text = match described.rule {
        Some(rule) => days(rule, &described.days),
        None => "once".to_owned(),
    };
    if !described.times.is_empty() {
        text += &format!(" at {}", list(described.times.iter().map(|time| clock(*time))));
    }
    if let Some(count) = described.rule.and_then(|rule| rule.count) {
        text += &if count == 1 {
            ", once".to_owned()
        } else {
            format!(", {count} times")
        };
    } else if let Some(end) = described.end {
        text += &format!(" until {}", date(end, described.is_year_known(end)));
    }
    for (number, word) in [(described.added, "on"), (described.excluded, "except on")] {
        let what = if word == "on" { "further date" } else { "date" };
        match number {
            0 => {}
            1 => text += &format!(", {word} 1 {what}"),
            more => text += &format!(", {word} {more} {what}s"),
        }
    }
    text.replace(", on ", ", and on ")
}

fn days(rule: &Rule, days: &Days<'_>) -> String {
    match days {
        Days::All => every(rule, unit(rule.frequency)),
        Days::Weekdays(days) => weekdays(rule, days),
        Days::OfMonth(days) => format!(
            "{} on the {}",
            every(rule, "month"),
            list(days.iter().map(|day| place(*day, "day")))
        ),
        Days::NthOfMonth(places, nth) => format!("{} on the {}", every(rule, "month"), nth_days(places, *nth)),
        Days::OfYear(months, days) => {
            let plain = days.iter().all(|day| *day > 0);
            let dates = if plain {
                let dates = months
                    .iter()
                    .flat_map(|month| days.iter().map(move |day| format!("{day} {}", name(*month))));
                list(dates)
            } else {
                let days = list(days.iter().map(|day| place(*day, "day")));
                format!(
                    "the {days} of {}",
                    list(months.iter().map(|month| name(*month).to_owned()))
                )
            };
            format!("{} on {dates}", every(rule, "year"))
        }
        Days::NthOfYear(months, places, nth) => {
            let months = list(months.iter().map(|month| name(*month).to_owned()));
            format!("{} on the {} of {months}", every(rule, "year"), nth_days(places, *nth))
        }
        Days::Parts(rule) => parts(rule),
    }
}

fn weekdays(rule: &Rule, days: &[Weekday]) -> String {
    let is_daily = rule.frequency == Frequency::Daily;
    match days {
        days if days.len() == 7 && !(rule.frequency == Frequency::Weekly && rule.interval > 1) => every(rule, "day"),
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri] if rule.interval == 1 => {
            "every weekday".to_owned()
        }
        [day] if !is_daily || rule.interval == 1 => every(rule, WEEKDAYS[weekday_index(*day)]),
        days if rule.interval == 1 => format!("every {}", names(days)),
        days if is_daily => format!("{}, if it is {}", every(rule, "day"), either(days)),
        days => format!("{} on {}", every(rule, "week"), names(days)),
    }
}

/// Each part of any rule by itself.
fn parts(rule: &Rule) -> String {
    let mut text = every(rule, unit(rule.frequency));
    if !rule.by_month.is_empty() {
        text += &format!(
            " in {}",
            list(rule.by_month.iter().map(|month| name(*month).to_owned()))
        );
    }
    if !rule.by_week_number.is_empty() {
        text += &format!(
            " in the {} of the year",
            list(rule.by_week_number.iter().map(|week| place(*week, "week")))
        );
    }
    if !rule.by_year_day.is_empty() {
        text += &format!(
            " on the {} of the year",
            list(rule.by_year_day.iter().map(|day| place(*day, "day")))
        );
    }
    if !rule.by_month_day.is_empty() {
        text += &format!(
            " on the {} of the month",
            list(rule.by_month_day.iter().map(|day| place(*day, "day")))
        );
    }
    if !rule.by_day.is_empty() {
        let days = rule.by_day.iter().map(|day| {
            let weekday = WEEKDAYS[weekday_index(day.day)];
            day.nth
                .map_or_else(|| weekday.to_owned(), |nth| format!("the {}", place(nth, weekday)))
        });
        text += &format!(" on {}", list(days));
    }
    if rule.frequency.is_intraday() {
        for (what, values) in [
            ("hour", &rule.by_hour),
            ("minute", &rule.by_minute),
            ("second", &rule.by_second),
        ] {
            if !values.is_empty() {
                let values = list(values.iter().map(u8::to_string));
                text += &format!(", at {what} {values}");
            }
        }
    }
    if !rule.by_set_position.is_empty() {
        text += &format!(
            ", only the {} of these",
            list(rule.by_set_position.iter().map(|at| place(*at, "one")))
        );
    }
    text
}

/// "every month", "every second month", "every third month".
fn every(rule: &Rule, what: &str) -> String {
    match rule.interval {
        1 => format!("every {what}"),
        2 => format!("every second {what}"),
        3 => format!("every third {what}"),
        more if rule.frequency.is_intraday() => format!("every {more} {what}s"),
        more => format!("every {} {what}", ordinal(more)),
    }
}

/// "second", "last day", "second to last".
fn place(at: i16, what: &str) -> String {
    match (at, what) {
        (-1, what) => format!("last {what}"),
        (-2, what) => format!("second to last {what}"),
        (..=-3, what) => format!("{} to last {what}", ordinal(u32::from(at.unsigned_abs()))),
        (_, "day") => ordinal(at.unsigned_abs().into()),
        (1, what) => format!("first {what}"),
        (2, what) => format!("second {what}"),
        (3, what) => format!("third {what}"),
        (4, what) => format!("fourth {what}"),
        (at, what) => format!("{} {what}", ordinal(at.unsigned_abs().into())),
    }
}

fn nth_days(places: &[i16], nth: Nth) -> String {
    let what = match nth {
        Nth::Day(day) => WEEKDAYS[weekday_index(day)],
        Nth::Workday => "weekday",
    };
    let (last, others) = places.split_last().unwrap_or((&1, &[]));
    let others = others.iter().map(|at| place(*at, "").trim_end().to_owned());
    list(others.chain([place(*last, what)]))
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn unit(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Yearly => "year",
        Frequency::Monthly => "month",
        Frequency::Weekly => "week",
        Frequency::Daily => "day",
        Frequency::Hourly => "hour",
        Frequency::Minutely => "minute",
        Frequency::Secondly => "second",
    }
}

fn date(date: NaiveDate, is_year_known: bool) -> String {
    let month = MONTHS[date.month0() as usize];
    if is_year_known {
        format!("{} {month}", date.day())
    } else {
        format!("{} {month} {}", date.day(), date.year())
    }
}

fn name(month: u8) -> &'static str {
    MONTHS
        .get(usize::from(month).wrapping_sub(1))
        .copied()
        .unwrap_or_default()
}

fn names(days: &[Weekday]) -> String {
    list(days.iter().map(|day| WEEKDAYS[weekday_index(*day)].to_owned()))
}

fn either(days: &[Weekday]) -> String {
    names(days).replace(" and ", " or ")
}

/// "Monday, Tuesday and Friday".
fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    match items.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
