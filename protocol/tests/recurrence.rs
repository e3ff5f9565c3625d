//! Compares the expansion of rules with an independent oracle: Python's dateutil and zoneinfo.
//!
//! Its answers to the cases of one seed are kept in `recurrence/answers.jsonl`, and are compared everywhere. Where Python
//! and dateutil are installed, cases are drawn and asked anew: `PROPTEST_CASES` says how many, `RECURRENCE_SEED` (a
//! number) which ones, and `RECURRENCE_KEEP=1` writes the file.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use chrono::{DateTime, Duration, NaiveDateTime};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use protocol::{
    recurrence::{Budget, Recurrence, RuleError, Series, Window},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::{
    io::Write,
    process::{Command, Stdio},
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Case {
    rule: String,
    /// Local time.
    start: String,
    zone: String,
    /// Seconds since 1970.
    from: i64,
    until: i64,
    /// RDATE and EXDATE, local or in UTC.
    dates: Vec<String>,
    excluded: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Answered {
    #[serde(flatten)]
    case: Case,
    /// The starts in the window, in seconds since 1970; `None` if the oracle has no answer.
    starts: Option<Vec<i64>>,
}

const FORM: &str = "%Y%m%dT%H%M%S";
const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recurrence/answers.jsonl");
const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recurrence/oracle.py");

/// What Lockstep says; `None` if the rule is over the budget of a read.
fn expand(case: &Case) -> Option<Vec<i64>> {
    let mut text = format!("DTSTART;TZID={}:{}\nRRULE:{}", case.zone, case.start, case.rule);
    for (name, moments) in [("RDATE", &case.dates), ("EXDATE", &case.excluded)] {
        for moment in moments {
            text += &match moment.ends_with('Z') {
                true => format!("\n{name}:{moment}"),
                false => format!("\n{name};TZID={}:{moment}", case.zone),
            };
        }
    }
    let recurrence: Recurrence = text.parse().unwrap_or_else(|_| panic!("{text} is not a recurrence"));
    let start = recurrence
        .zone
        .instant(NaiveDateTime::parse_from_str(&case.start, FORM).unwrap());
    let window = Window {
        from: Timestamp::from_millis(case.from * 1000),
        until: Timestamp::from_millis(case.until * 1000),
    };
    match Series::new(&recurrence, start, None).occurrences(window, &mut Budget::default()) {
        Ok(found) => Some(found.iter().map(|at| at.millis() / 1000).collect()),
        Err(RuleError::TooMany) => None,
        Err(error) => panic!("{text}: {error}"),
    }
}

/// Compares the answers. Some are missing: dateutil searches long for rules that never match.
fn compare(answers: &[Answered]) {
    let (mut skipped, mut differ) = (0, Vec::new());
    for Answered { case, starts } in answers {
        match (expand(case), starts) {
            (Some(found), Some(expected)) if found == *expected => {}
            (Some(found), Some(expected)) => differ.push(format!("{case:?}\n found {found:?}\n expected {expected:?}")),
            _ => skipped += 1,
        }
    }
    assert!(
        differ.is_empty(),
        "{} cases differ:\n{}",
        differ.len(),
        differ.join("\n")
    );
    assert!(
        skipped * 4 <= answers.len(),
        "{skipped} of {} cases have no answer",
        answers.len()
    );
}

#[test]
fn expansion_equals_the_kept_answers_of_the_oracle() {
    let text = std::fs::read_to_string(KEPT).unwrap();
    let answers: Vec<Answered> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(answers.len() >= 500);
    compare(&answers);
}

#[test]
fn expansion_equals_the_answers_of_the_oracle() {
    let installed = Command::new("python3")
        .args(["-c", "import dateutil, zoneinfo"])
        .stderr(Stdio::null())
        .status();
    if !installed.is_ok_and(|status| status.success()) {
        eprintln!("Python with dateutil is not installed: only its kept answers are compared.");
        return;
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&number("RECURRENCE_SEED").unwrap_or(0).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let cases: Vec<Case> = (0..number("PROPTEST_CASES").unwrap_or(400))
        .map(|_| cases().new_tree(&mut runner).unwrap().current())
        .collect();
    let answers = ask(&cases);
    if std::env::var_os("RECURRENCE_KEEP").is_some() {
        let short = answers
            .iter()
            .filter(|answer| answer.starts.as_ref().is_some_and(|starts| starts.len() < 100));
        let lines: Vec<String> = short.map(|answer| serde_json::to_string(answer).unwrap()).collect();
        std::fs::write(KEPT, lines.join("\n") + "\n").unwrap();
    }
    compare(&answers);
}

fn ask(cases: &[Case]) -> Vec<Answered> {
    let mut oracle = Command::new("python3")
        .arg(ORACLE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = oracle.stdin.take().unwrap();
    let lines: Vec<String> = cases.iter().map(|case| serde_json::to_string(case).unwrap()).collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            writeln!(input, "{line}").unwrap();
        }
    });
    let output = oracle.wait_with_output().unwrap();
    writer.join().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let answers = output.lines().map(|line| serde_json::from_str(line).unwrap());
    let answered: Vec<Answered> = cases
        .iter()
        .zip(answers)
        .map(|(case, starts)| Answered {
            case: case.clone(),
            starts,
        })
        .collect();
    assert_eq!(answered.len(), cases.len(), "the oracle stopped");
    answered
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
fn cases() -> impl Strategy<Value = Case> {
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
