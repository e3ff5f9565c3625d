//! Korean.

use super::{Days, Described, Nth, clock, weekday_index};
use crate::recurrence::{Frequency, Rule};
use chrono::{Datelike, NaiveDate, Weekday};

const WEEKDAYS: [&str; 7] = ["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"];

pub(super) fn describe(described: &Described<'_>) -> String {
    let mut text = match described.rule {
        Some(rule) => days(rule, &described.days),
        None => "한 번".to_owned(),
    };
    if !described.times.is_empty() {
        text += &format!(" {}", list(described.times.iter().map(|time| clock(*time))));
    }
    if let Some(count) = described.rule.and_then(|rule| rule.count) {
        text += &format!(", {count}회");
    } else if let Some(end) = described.end {
        text += &format!(", {}까지", date(end, described.is_year_known(end)));
    }
    if described.added > 0 {
        text += &format!(", 추가 {}일", described.added);
    }
    if described.excluded > 0 {
        text += &format!(", 제외 {}일", described.excluded);
    }
    text
}

fn days(rule: &Rule, days: &Days<'_>) -> String {
    match days {
        Days::All => every(rule.frequency, rule.interval),
        Days::Weekdays(days) => weekdays(rule, days),
        Days::OfMonth(days) => {
            format!(
                "{} {}",
                every(Frequency::Monthly, rule.interval),
                list(days.iter().map(|day| month_day(*day)))
            )
        }
        Days::NthOfMonth(places, nth) => {
            format!(
                "{} {}",
                every(Frequency::Monthly, rule.interval),
                nth_days(places, *nth)
            )
        }
        Days::OfYear(months, days) => {
            let dates = months
                .iter()
                .flat_map(|month| days.iter().map(move |day| format!("{month}월 {}", month_day(*day))));
            format!("{} {}", every(Frequency::Yearly, rule.interval), list(dates))
        }
        Days::NthOfYear(months, places, nth) => {
            let months = list(months.iter().map(|month| format!("{month}월")));
            format!(
                "{} {months} {}",
                every(Frequency::Yearly, rule.interval),
                nth_days(places, *nth)
            )
        }
        Days::Parts(rule) => parts(rule),
    }
}

fn weekdays(rule: &Rule, days: &[Weekday]) -> String {
    let is_daily = rule.frequency == Frequency::Daily;
    match days {
        days if days.len() == 7 && (is_daily || rule.interval == 1) => every(Frequency::Daily, rule.interval),
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri] if rule.interval == 1 => {
            "평일마다".to_owned()
        }
        days if is_daily && rule.interval > 1 => {
            format!("{} ({}인 경우)", every(Frequency::Daily, rule.interval), names(days))
        }
        days => format!("{} {}", every(Frequency::Weekly, rule.interval), names(days)),
    }
}

/// Each part of any rule by itself.
fn parts(rule: &Rule) -> String {
    let mut all = vec![every(rule.frequency, rule.interval)];
    let mut add = |values: Vec<String>| {
        if !values.is_empty() {
            all.push(list(values.into_iter()));
        }
    };
    add(rule.by_month.iter().map(|month| format!("{month}월")).collect());
    add(rule
        .by_week_number
        .iter()
        .map(|week| counted(*week, "연중", "주"))
        .collect());
    add(rule.by_year_day.iter().map(|day| counted(*day, "연중", "일")).collect());
    add(rule.by_month_day.iter().map(|day| month_day(*day)).collect());
    let days = rule.by_day.iter().map(|day| {
        let weekday = WEEKDAYS[weekday_index(day.day)];
        day.nth
            .map_or_else(|| weekday.to_owned(), |nth| format!("{} {weekday}", place(nth)))
    });
    add(days.collect());
    if rule.frequency.is_intraday() {
        for (unit, values) in [("시", &rule.by_hour), ("분", &rule.by_minute), ("초", &rule.by_second)] {
            add(values.iter().map(|value| format!("{value}{unit}")).collect());
        }
    }
    add(rule
        .by_set_position
        .iter()
        .map(|at| format!("그중 {} 것만", place(*at)))
        .collect());
    all.join(" ")
}

/// "매주", "2주마다".
fn every(frequency: Frequency, interval: u32) -> String {
    let (each, unit) = match frequency {
        Frequency::Yearly => ("매년", "년"),
        Frequency::Monthly => ("매월", "개월"),
        Frequency::Weekly => ("매주", "주"),
        Frequency::Daily => ("매일", "일"),
        Frequency::Hourly => ("매시간", "시간"),
        Frequency::Minutely => ("매분", "분"),
        Frequency::Secondly => ("매초", "초"),
    };
    if interval == 1 {
        each.to_owned()
    } else {
        format!("{interval}{unit}마다")
    }
}

fn place(at: i16) -> String {
    match at {
        1 => "첫째".into(),
        2 => "둘째".into(),
        3 => "셋째".into(),
        4 => "넷째".into(),
        5 => "다섯째".into(),
        -1 => "마지막".into(),
        at if at < 0 => format!("끝에서 {}번째", at.unsigned_abs()),
        at => format!("{at}번째"),
    }
}

fn nth_days(places: &[i16], nth: Nth) -> String {
    let what = match nth {
        Nth::Day(day) => WEEKDAYS[weekday_index(day)],
        Nth::Workday => "평일",
    };
    list(places.iter().map(|at| format!("{} {what}", place(*at))))
}

fn month_day(day: i16) -> String {
    match day {
        -1 => "말일".into(),
        day if day < 0 => format!("말일에서 {}번째 날", day.unsigned_abs()),
        day => format!("{day}일"),
    }
}

fn counted(at: i16, of: &str, unit: &str) -> String {
    if at < 0 {
        format!("{of} 끝에서 {}번째 {unit}", at.unsigned_abs())
    } else {
        format!("{of} {at}번째 {unit}")
    }
}

fn date(date: NaiveDate, is_year_known: bool) -> String {
    if is_year_known {
        format!("{}월 {}일", date.month(), date.day())
    } else {
        format!("{}년 {}월 {}일", date.year(), date.month(), date.day())
    }
}

fn names(days: &[Weekday]) -> String {
    list(days.iter().map(|day| WEEKDAYS[weekday_index(*day)].to_owned()))
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}
