//! The query of the address: which part of the calendar is shown.

use super::data::Key;
use crate::local_time::{date, week_of};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The page's path.
pub const PATH: &str = "/calendar";
/// The years that can be shown.
const YEARS: Range<i32> = 1900..2200;
/// The days of a month that is shown: whole weeks.
const MONTH_DAYS: i32 = 42;

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    Day,
    #[default]
    Week,
    Month,
}

impl Shown {
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// The word in the address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The value of a word; a week for any other.
    pub fn of(word: &str) -> Self {
        let is = |shown: &Self| shown.word() == word;
        Self::ALL.into_iter().find(is).unwrap_or_default()
    }

    /// The days that are shown with a day.
    pub fn days(self, day: i32, week_start: u8) -> Range<i32> {
        match self {
            Self::Day => day..day + 1,
            Self::Week => {
                let first = week_of(day, week_start);
                first..first + 7
            }
            Self::Month => {
                let first = week_of(day + 1 - date(day).day() as i32, week_start);
                first..first + MONTH_DAYS
            }
        }
    }

    /// The day that is as far before another one as a view is long, or after it.
    pub fn step(self, day: i32, forward: bool) -> i32 {
        let sign = if forward { 1 } else { -1 };
        match self {
            Self::Day => day + sign,
            Self::Week => day + 7 * sign,
            Self::Month => {
                let date = date(day);
                let months = date.year() * 12 + date.month0() as i32 + sign;
                let (year, month) = (months.div_euclid(12), months.rem_euclid(12) as u32 + 1);
                let last = (1..=date.day()).rev();
                let found = last.filter_map(|day| NaiveDate::from_ymd_opt(year, month, day));
                found.map(|date| date.num_days_from_ce()).next().unwrap_or(day)
            }
        }
    }
}

/// The query of the page's address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarQuery {
    pub shown: Shown,
    /// The number of the chosen day; today without one.
    pub day: Option<i32>,
    /// The entry whose panel is open.
    pub open: Option<Key>,
}

impl CalendarQuery {
    /// The query without `?`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if self.shown != Shown::default() {
            text = format!("view={}", self.shown.word());
        }
        let mut add = |name: &str, value: String| {
            let separator = if text.is_empty() { "" } else { "&" };
            text = format!("{text}{separator}{name}={value}");
        };
        if let Some(day) = self.day {
            add("date", iso_date(day));
        }
        if let Some(key) = self.open {
            add("entry", key.id.to_string());
            if let Some(at) = key.at {
                add("at", at.millis().to_string());
            }
        }
        text
    }

    /// The address of the page with this query.
    pub fn address(&self) -> String {
        match self.text().as_str() {
            "" => PATH.to_owned(),
            query => format!("{PATH}?{query}"),
        }
    }

    /// The same query with the panel of an entry, or without one.
    pub fn with_open(&self, open: Option<Key>) -> Self {
        Self { open, ..self.clone() }
    }

    /// Another part of the calendar.
    pub fn of_day(shown: Shown, day: i32) -> Self {
        Self {
            shown,
            day: Some(day),
            open: None,
        }
    }
}

/// The text of a day's date: `2026-11-27`.
pub fn iso_date(day: i32) -> String {
    let date = date(day);
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// The number of the day of such a text.
pub fn day_of_text(text: &str) -> Option<i32> {
    let mut parts = text.splitn(3, '-');
    let (year, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let date = NaiveDate::from_ymd_opt(year, month, parts.next()?.parse().ok()?)?;
    YEARS.contains(&year).then(|| date.num_days_from_ce())
}

#[cfg(feature = "ssr")]
impl CalendarQuery {
    /// The query of a request; what cannot be read counts as absent.
    pub fn of(request: &crate::page::PageRequest<'_>) -> Self {
        let value = |name: &str| request.query(name).unwrap_or_default();
        let at = value("at").parse().ok();
        Self {
            shown: Shown::of(&value("view")),
            day: day_of_text(&value("date")),
            open: value("entry").parse().ok().map(|id| Key {
                id,
                at: at.map(protocol::time::Timestamp::from_millis),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{id::ScheduleId, time::Timestamp};
    use uuid::Uuid;

    fn day(text: &str) -> i32 {
        day_of_text(text).unwrap()
    }

    #[test]
    fn a_query_has_what_differs_from_the_default() {
        assert_eq!(CalendarQuery::default().address(), "/calendar");
        let query = CalendarQuery {
            open: Some(Key {
                id: ScheduleId(Uuid::nil()),
                at: Some(Timestamp::from_millis(5)),
            }),
            ..CalendarQuery::of_day(Shown::Month, day("2026-11-27"))
        };
        let expected = "view=month&date=2026-11-27&entry=00000000-0000-0000-0000-000000000000&at=5";
        assert_eq!(query.text(), expected);
    }

    #[test]
    fn only_dates_of_some_centuries_are_shown() {
        for text in ["", "2026", "2026-13-01", "2026-02-29", "9999-12-31", "1-1-1", "a-b-c"] {
            assert_eq!(day_of_text(text), None, "{text}");
        }
        assert_eq!(iso_date(day("2026-02-03")), "2026-02-03");
    }

    #[test]
    fn a_view_has_whole_weeks() {
        let thursday = day("2026-11-26");
        assert_eq!(Shown::Day.days(thursday, 0), thursday..thursday + 1);
        assert_eq!(
            Shown::Week.days(thursday, 6),
            day("2026-11-22")..day("2026-11-29"),
            "from Sunday"
        );
        assert_eq!(Shown::Month.days(thursday, 0), day("2026-10-26")..day("2026-12-07"));
    }

    #[test]
    fn a_month_later_is_the_same_day_or_the_last() {
        let step = |from: &str, forward| iso_date(Shown::Month.step(day(from), forward));
        assert_eq!(step("2026-11-27", true), "2026-12-27");
        assert_eq!(step("2026-12-31", true), "2027-01-31");
        assert_eq!(step("2026-03-31", false), "2026-02-28");
        assert_eq!(step("2026-01-15", false), "2025-12-15");
        assert_eq!(Shown::Week.step(day("2026-11-27"), false), day("2026-11-20"));
    }
}
