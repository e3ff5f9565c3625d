//! A recurrence as the fields of a form, and as the text of a rule (RFC 5545, 3.3.10). The server says what a rule means:
//! the database of timezones that this needs is too large for the WebAssembly.

use super::query::{day_of_text, iso_date};
use crate::local_time::date;
use chrono::Datelike;

/// How often something recurs. The days of months and years are those of the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Every {
    #[default]
    Never,
    Day,
    Week,
    /// The same day of the month.
    MonthDay,
    /// The last day of the month.
    MonthEnd,
    /// The same weekday of the month, counted from its start: the second Tuesday.
    Weekday,
    /// The last such weekday of the month.
    LastWeekday,
    Year,
    /// By the text of a rule.
    Rule,
}

impl Every {
    pub const ALL: [Self; 9] = [
        Self::Never,
        Self::Day,
        Self::Week,
        Self::MonthDay,
        Self::MonthEnd,
        Self::Weekday,
        Self::LastWeekday,
        Self::Year,
        Self::Rule,
    ];

    /// The value of the option in the form.
    pub fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Day => "day",
            Self::Week => "week",
            Self::MonthDay => "month-day",
            Self::MonthEnd => "month-end",
            Self::Weekday => "weekday",
            Self::LastWeekday => "last-weekday",
            Self::Year => "year",
            Self::Rule => "rule",
        }
    }

    /// Whether the form says it by words.
    pub fn is_by_words(self) -> bool {
        !matches!(self, Self::Never | Self::Rule)
    }

    fn frequency(self) -> &'static str {
        match self {
            Self::Never | Self::Rule => "",
            Self::Day => "DAILY",
            Self::Week => "WEEKLY",
            Self::MonthDay | Self::MonthEnd | Self::Weekday | Self::LastWeekday => "MONTHLY",
            Self::Year => "YEARLY",
        }
    }
}

/// When it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ends {
    #[default]
    Never,
    Until,
    Count,
}

/// A recurrence in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repeat {
    pub every: Every,
    /// Every so many days, weeks, months or years; as typed, also of `count`.
    pub interval: String,
    /// From Monday; none means that of the start.
    pub weekdays: [bool; 7],
    pub ends: Ends,
    /// The last date: `2026-11-27`.
    pub until: String,
    pub count: String,
    /// The text of a rule.
    pub rule: String,
}

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

impl Repeat {
    /// The fields of a schedule's text, whose first occurrence is on a day.
    pub fn of(text: &str, day: i32) -> Self {
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.to_ascii_uppercase().starts_with("DTSTART"))
            .collect();
        let rule = match lines[..] {
            [] => return Self::default(),
            [line] => strip_name(line).to_owned(),
            _ => lines.join("\n"),
        };
        let by_words = Self::by_words(&rule).filter(|found| parts(&found.rule_of(day)) == parts(&rule));
        by_words.unwrap_or(Self {
            every: Every::Rule,
            rule,
            ..Self::default()
        })
    }

    /// The fields that a rule may have been made with.
    fn by_words(rule: &str) -> Option<Self> {
        let mut found = Self::default();
        let value = |name: &str| {
            let mut parts = rule.split(';').filter_map(|part| part.split_once('='));
            parts
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
        };
        let days: Vec<&str> = value("BYDAY").map(|days| days.split(',').collect()).unwrap_or_default();
        found.every = match value("FREQ")?.to_ascii_uppercase().as_str() {
            "DAILY" => Every::Day,
            "WEEKLY" => Every::Week,
            "MONTHLY" => match (value("BYMONTHDAY"), days.first()) {
                (Some("-1"), _) => Every::MonthEnd,
                (_, None) => Every::MonthDay,
                (_, Some(day)) if day.starts_with("-1") => Every::LastWeekday,
                _ => Every::Weekday,
            },
            "YEARLY" => Every::Year,
            _ => return None,
        };
        found.interval = value("INTERVAL").unwrap_or_default().to_owned();
        for (day, chosen) in WEEKDAYS.iter().zip(&mut found.weekdays) {
            *chosen = days.iter().any(|listed| listed.eq_ignore_ascii_case(day));
        }
        if let Some(count) = value("COUNT") {
            (found.ends, found.count) = (Ends::Count, count.to_owned());
        } else if let Some(until) = value("UNTIL") {
            let (year, month, day) = (until.get(..4)?, until.get(4..6)?, until.get(6..8)?);
            (found.ends, found.until) = (Ends::Until, format!("{year}-{month}-{day}"));
        }
        Some(found)
    }

    /// The rule for a first occurrence on a day, as typed where it is by the text; empty if it does not recur.
    pub fn rule_of(&self, day: i32) -> String {
        if self.every == Every::Rule {
            return self.rule.trim().to_owned();
        }
        if self.every == Every::Never {
            return String::new();
        }
        let start = date(day);
        let weekday = WEEKDAYS
            .get(start.weekday().num_days_from_monday() as usize)
            .copied()
            .unwrap_or_default();
        let mut rule = format!("FREQ={}", self.every.frequency());
        match self.interval.trim() {
            "" | "1" => {}
            interval => rule = format!("{rule};INTERVAL={interval}"),
        }
        let days: Vec<&str> = WEEKDAYS
            .into_iter()
            .zip(self.weekdays)
            .filter_map(|(day, chosen)| chosen.then_some(day))
            .collect();
        match self.every {
            Every::Week if !days.is_empty() => rule = format!("{rule};BYDAY={}", days.join(",")),
            Every::MonthDay => rule = format!("{rule};BYMONTHDAY={}", start.day()),
            Every::MonthEnd => rule = format!("{rule};BYMONTHDAY=-1"),
            Every::Weekday => rule = format!("{rule};BYDAY={}{weekday}", start.day0() / 7 + 1),
            Every::LastWeekday => rule = format!("{rule};BYDAY=-1{weekday}"),
            _ => {}
        }
        match self.ends {
            Ends::Never => rule,
            Ends::Count => format!("{rule};COUNT={}", self.count.trim()),
            Ends::Until => format!("{rule};UNTIL={}", self.until.replace('-', "")),
        }
    }

    /// The text of a schedule that keeps the local time of a zone. `start` is its local start: `20261127T090000`.
    pub fn text(&self, day: i32, start: &str, zone: Option<&str>) -> String {
        let rule = self.rule_of(day);
        let named = match rule.contains(':') {
            true => rule.clone(),
            false => format!("RRULE:{rule}"),
        };
        match zone {
            _ if rule.is_empty() || rule.to_ascii_uppercase().contains("DTSTART") => rule,
            Some(zone) => format!("DTSTART;TZID={zone}:{start}\n{named}"),
            None => rule,
        }
    }

    /// Weekdays follow a start that moves to another day, if only its weekday was chosen.
    pub fn follow(&mut self, from: i32, to: i32) {
        let weekday = |day: i32| date(day).weekday().num_days_from_monday() as usize;
        let mut only = [false; 7];
        if let Some(chosen) = only.get_mut(weekday(from)) {
            *chosen = true;
        }
        if self.weekdays == only {
            self.weekdays = [false; 7];
            if let Some(chosen) = self.weekdays.get_mut(weekday(to)) {
                *chosen = true;
            }
        }
    }

    /// Whether what is typed can be a rule, as far as the form knows.
    pub fn is_complete(&self) -> bool {
        let is_number = |text: &str| text.trim().parse().is_ok_and(|number: u32| number > 0);
        let interval = self.interval.trim().is_empty() || is_number(&self.interval);
        match self.every {
            Every::Never => true,
            Every::Rule => !self.rule.trim().is_empty(),
            _ => {
                interval
                    && match self.ends {
                        Ends::Never => true,
                        Ends::Count => is_number(&self.count),
                        Ends::Until => day_of_text(&self.until).is_some_and(|day| iso_date(day) == self.until),
                    }
            }
        }
    }
}

fn strip_name(line: &str) -> &str {
    match line.split_once(':') {
        Some((name, value)) if name.eq_ignore_ascii_case("RRULE") => value,
        _ => line,
    }
}

/// The parts of a rule, of an end only its date, in a comparable form.
fn parts(rule: &str) -> Vec<String> {
    let part = |part: &str| match part.to_ascii_uppercase() {
        part if part.starts_with("UNTIL=") => part.chars().take(14).collect(),
        part => part,
    };
    let parts = rule.split(';').filter(|part| !part.is_empty()).map(part);
    // A week begins on Monday by default.
    let mut parts: Vec<String> = parts.filter(|part| part != "INTERVAL=1" && part != "WKST=MO").collect();
    parts.sort();
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Friday, the fourth and last of its month.
    fn friday() -> i32 {
        day_of_text("2026-11-27").unwrap()
    }

    #[test]
    fn rules_by_words_are_read_as_they_are_written() {
        for rule in [
            "FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=3;COUNT=5",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR;UNTIL=20270303",
            "FREQ=WEEKLY",
            "FREQ=MONTHLY;BYMONTHDAY=27",
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "FREQ=MONTHLY;BYDAY=4FR",
            "FREQ=MONTHLY;BYDAY=-1FR",
            "FREQ=YEARLY;INTERVAL=4",
        ] {
            let repeat = Repeat::of(
                &format!("DTSTART;TZID=Europe/Berlin:20261127T090000\nRRULE:{rule}"),
                friday(),
            );
            assert!(repeat.every.is_by_words() && repeat.is_complete(), "{rule}");
            assert_eq!(repeat.rule_of(friday()), rule);
        }
    }

    #[test]
    fn other_rules_keep_their_text() {
        for rule in [
            "FREQ=MONTHLY;BYDAY=2TU",
            "FREQ=HOURLY",
            "FREQ=YEARLY;BYMONTH=3",
            "FREQ=WEEKLY;WKST=SU;INTERVAL=2",
            "RRULE:FREQ=DAILY\nEXDATE:20261128T080000Z",
        ] {
            let repeat = Repeat::of(rule, friday());
            assert_eq!((repeat.every, repeat.rule_of(friday()).as_str()), (Every::Rule, rule));
        }
        assert_eq!(Repeat::of("", friday()), Repeat::default());
    }

    #[test]
    fn a_text_keeps_the_local_time_of_a_zone() {
        let daily = Repeat {
            every: Every::Day,
            ..Repeat::default()
        };
        let text = |repeat: &Repeat, zone| repeat.text(friday(), "20261127T090000", zone);
        assert_eq!(
            text(&daily, Some("Asia/Seoul")),
            "DTSTART;TZID=Asia/Seoul:20261127T090000\nRRULE:FREQ=DAILY"
        );
        assert_eq!(text(&daily, None), "FREQ=DAILY");
        assert_eq!(text(&Repeat::default(), Some("Asia/Seoul")), "");
    }

    #[test]
    fn the_only_weekday_follows_the_start() {
        let mut repeat = Repeat::of("FREQ=WEEKLY;BYDAY=FR", friday());
        repeat.follow(friday(), friday() + 1);
        assert_eq!(repeat.rule_of(friday() + 1), "FREQ=WEEKLY;BYDAY=SA");
        let mut two = Repeat::of("FREQ=WEEKLY;BYDAY=MO,FR", friday());
        two.follow(friday(), friday() + 1);
        assert_eq!(two.rule_of(friday() + 1), "FREQ=WEEKLY;BYDAY=MO,FR");
    }

    #[test]
    fn incomplete_fields_are_no_rule() {
        let with = |ends, count: &str, until: &str| Repeat {
            every: Every::Day,
            ends,
            count: count.to_owned(),
            until: until.to_owned(),
            ..Repeat::default()
        };
        assert!(!with(Ends::Count, "0", "").is_complete());
        assert!(!with(Ends::Until, "", "").is_complete());
        assert!(with(Ends::Until, "", "2027-03-03").is_complete());
    }
}
