//! Draws rules with zones, windows, additional and excluded dates.

use chrono::{DateTime, Duration};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

/// Dates and times in the form of iCalendar.
pub const FORM: &str = "%Y%m%dT%H%M%S";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Case {
    pub rule: String,
    /// Local time.
    pub start: String,
    pub zone: String,
    /// Seconds since 1970.
    pub from: i64,
    pub until: i64,
    /// RDATE and EXDATE, local or in UTC.
    pub dates: Vec<String>,
    pub excluded: Vec<String>,
}

const ZONES: [&str; 12] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Seoul",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Cairo",
    "America/St_Johns",
];
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// A list of some of the numbers, such as `;BYMONTH=1,6`, or nothing.
fn numbers(name: &'static str, from: Vec<i32>, chance: f64) -> impl Strategy<Value = String> {
    let some = prop::sample::subsequence(from, 1..4).prop_shuffle();
    // No probability is zero.
    prop::option::weighted(chance.max(1e-9), some).prop_map(move |some| {
        some.map_or(String::new(), |some| {
            let list: Vec<String> = some.iter().map(i32::to_string).collect();
            format!(";{name}={}", list.join(","))
        })
    })
}

fn both_ways(most: i32) -> Vec<i32> {
    (1..=most).flat_map(|number| [number, -number]).collect()
}

fn weekdays(has_nth: bool) -> impl Strategy<Value = String> {
    let nth = prop_oneof![4 => Just(None), 3 => (-5..=5_i32).prop_map(Some), 1 => (-53..=53_i32).prop_map(Some)];
    let day = (nth, prop::sample::select(&WEEKDAYS[..])).prop_map(move |(nth, day)| match nth {
        Some(nth) if has_nth && nth != 0 => format!("{nth}{day}"),
        _ => day.to_owned(),
    });
    prop::option::weighted(0.5, prop::collection::vec(day, 1..5)).prop_map(|days| {
        days.map_or(String::new(), |mut days| {
            // dateutil wants both at once, not either, of every weekday and the n-th ones.
            let first_length = days[0].len();
            days.retain(|day| (day.len() > 2) == (first_length > 2));
            days.dedup();
            format!(";BYDAY={}", days.join(","))
        })
    })
}

fn frequencies() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        3 => Just("YEARLY"),
        4 => Just("MONTHLY"),
        4 => Just("WEEKLY"),
        4 => Just("DAILY"),
        2 => Just("HOURLY"),
        1 => Just("MINUTELY"),
        1 => Just("SECONDLY"),
    ]
}

fn rules() -> impl Strategy<Value = String> {
    frequencies().prop_flat_map(|frequency| {
        let is_intraday = ["HOURLY", "MINUTELY", "SECONDLY"].contains(&frequency);
        let by_period = frequency == "YEARLY" || frequency == "MONTHLY";
        let interval = prop_oneof![3 => Just(1), 3 => 2..5_u32, 1 => 5..40_u32];
        let days = (
            numbers("BYMONTH", (1..=12).collect(), 0.2),
            // Weeks at the turn of the year differ: dateutil numbers them after the calendar's year (its source says so).
            numbers(
                "BYWEEKNO",
                both_ways(51).into_iter().filter(|week| *week != -1).collect(),
                if frequency == "YEARLY" { 0.2 } else { 0.0 },
            ),
            numbers(
                "BYYEARDAY",
                both_ways(366),
                if frequency == "YEARLY" { 0.15 } else { 0.0 },
            ),
            numbers(
                "BYMONTHDAY",
                both_ways(31),
                if frequency == "WEEKLY" { 0.0 } else { 0.25 },
            ),
            weekdays(by_period),
        );
        let times = (
            numbers("BYHOUR", (0..24).collect(), if is_intraday { 0.4 } else { 0.2 }),
            numbers("BYMINUTE", (0..60).collect(), 0.2),
            numbers("BYSECOND", (0..60).collect(), 0.2),
        );
        let position = numbers("BYSETPOS", both_ways(40).into_iter().chain([100, 366]).collect(), 0.15);
        let week_start = prop::option::weighted(0.3, prop::sample::select(&WEEKDAYS[..]));
        let count = prop::option::weighted(0.25, prop_oneof![1..40_u32, 1..3_000_u32]);
        (interval, days, times, position, week_start, count).prop_map(
            move |(interval, days, times, position, week_start, count)| {
                let (months, weeks, year_days, month_days, weekdays) = days;
                let mut rule = format!("FREQ={frequency}");
                if interval > 1 {
                    rule += &format!(";INTERVAL={interval}");
                }
                // An n-th weekday in a week of the year is not defined.
                let weekdays = if weeks.is_empty() { weekdays } else { String::new() };
                let has_parts = [&months, &weeks, &year_days, &month_days, &weekdays]
                    .iter()
                    .any(|part| !part.is_empty());
                rule += &[
                    months, weeks, year_days, month_days, weekdays, times.0, times.1, times.2,
                ]
                .concat();
                if has_parts {
                    rule += &position;
                }
                if let Some(day) = week_start {
                    rule += &format!(";WKST={day}");
                }
                if let Some(count) = count.filter(|_| !(frequency == "WEEKLY" && has_parts && !position.is_empty())) {
                    rule += &format!(";COUNT={count}");
                }
                rule
            },
        )
    })
}

/// Schedules that start between 1990 and 2010 and windows of at most ten years later: the databases of zones agree there.
pub fn cases() -> impl Strategy<Value = Case> {
    let start = 631_152_000..1_262_304_000_i64;
    let offsets = prop::collection::vec(0..1_000_u32, 0..3);
    (
        rules(),
        start,
        prop::bool::weighted(0.5),
        prop::sample::select(&ZONES[..]),
        (0.0..1.0_f64, 0.0..1.0_f64),
        prop::option::weighted(0.2, (0.0..1.0_f64, any::<bool>())),
        (offsets.clone(), offsets),
    )
        .prop_map(
            |(mut rule, start, at_night, zone, (from, length), until, (dates, excluded))| {
                let mut start = DateTime::from_timestamp(start / 60 * 60, 0).unwrap().naive_utc();
                if at_night {
                    // Where clocks change.
                    start = start
                        .date()
                        .and_hms_opt(u32::try_from(from.to_bits() % 4).unwrap(), 30, 0)
                        .unwrap();
                }
                // The oracle walks from the start on.
                let day = 86_400.0;
                let (reach, most) = match rule.split(';').next().unwrap() {
                    "FREQ=SECONDLY" => (0.3 * day, 0.05 * day),
                    "FREQ=MINUTELY" => (5.0 * day, 2.0 * day),
                    "FREQ=HOURLY" => (300.0 * day, 60.0 * day),
                    "FREQ=DAILY" | "FREQ=WEEKLY" => (1_500.0 * day, 300.0 * day),
                    _ => (3_650.0 * day, 800.0 * day),
                };
                let from = start.and_utc().timestamp() - 90_000 + (from * from * reach) as i64;
                let text = |after: i64| (start + Duration::seconds(after)).format(FORM).to_string();
                if let Some((after, is_utc)) = until.filter(|_| !rule.contains("COUNT")) {
                    rule += &format!(
                        ";UNTIL={}{}",
                        text((after * reach) as i64),
                        if is_utc { "Z" } else { "" }
                    );
                }
                let shifts = |shifts: Vec<u32>| shifts.into_iter().map(|days| text(i64::from(days) * 86_400)).collect();
                Case {
                    start: text(0),
                    zone: zone.to_owned(),
                    from,
                    until: from + (length * most) as i64,
                    dates: shifts(dates),
                    excluded: shifts(excluded),
                    rule,
                }
            },
        )
}
