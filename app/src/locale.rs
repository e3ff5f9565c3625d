//! How the reader's language and preferences write times, dates and durations. The server and the browser use the same
//! functions, so that hydration finds the same text.

use crate::{
    local_time::WallClock,
    texts::{CommonTexts, Table},
};
use chrono::{Datelike, NaiveDate};
use leptos::prelude::use_context;
use protocol::{
    language::Language,
    preferences::{HourCycle, Preferences, WeekStart},
    timers::{OPEN_ENDED_SECONDS, TimerStatus},
};
use serde::{Deserialize, Serialize};

/// The reader's language and conventions, as a context.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locale {
    pub language: Language,
    /// Whether times are written with the 12-hour clock.
    pub half_days: bool,
    /// The first day of the week: 0 for Monday, 6 for Sunday.
    pub week_start: u8,
}

impl Locale {
    /// What is usual for a language.
    pub fn of(language: Language) -> Self {
        Self {
            language,
            half_days: language == Language::Korean,
            week_start: if language == Language::Korean { 6 } else { 0 },
        }
    }

    /// What a user prefers, and what is usual for the language otherwise. `language` is that of the browser.
    pub fn preferred(preferences: &Preferences, language: Language) -> Self {
        let usual = Self::of(preferences.language.unwrap_or(language));
        Self {
            half_days: preferences
                .hour_cycle
                .map_or(usual.half_days, |cycle| cycle == HourCycle::Twelve),
            week_start: preferences.week_start.map_or(usual.week_start, |day| match day {
                WeekStart::Monday => 0,
                WeekStart::Saturday => 5,
                WeekStart::Sunday => 6,
            }),
            ..usual
        }
    }

    /// The page's locale. To be called while a view is built: event handlers and tasks have no contexts.
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// The texts of a table.
    pub fn texts<T: Table>(self) -> &'static T {
        T::of(self.language)
    }

    fn common(self) -> &'static CommonTexts {
        self.texts()
    }

    /// A duration in words: `45 s`, `25 min`, `1 h 05 min`. Truncated, not rounded.
    pub fn span(self, seconds: i64) -> String {
        let texts = self.common();
        match seconds {
            ..60 => (texts.seconds)(seconds),
            60..3600 => (texts.minutes)(seconds / 60),
            _ if seconds % 3600 < 60 => (texts.hours)(seconds / 3600),
            _ => (texts.hours_minutes)(seconds / 3600, seconds / 60 % 60),
        }
    }

    /// How long a timer ran, in seconds, and how long it was to run, if it has an end.
    pub fn part(self, seconds: i64, whole: i64) -> String {
        if whole >= OPEN_ENDED_SECONDS {
            return self.span(seconds);
        }
        (self.common().of)(&self.span(seconds), &self.span(whole))
    }

    /// A time of day: `09:05`, or `9:05 AM`.
    pub fn time(self, clock: WallClock) -> String {
        if !self.half_days {
            return clock.to_string();
        }
        let (hour, minute) = (clock.hour(), clock.minute());
        let time = format!("{}:{minute:02}", (hour + 11) % 12 + 1);
        (self.common().half_day)(&time, hour >= 12)
    }

    /// Day and month: `26 Nov`.
    pub fn date(self, date: NaiveDate) -> String {
        (self.common().date)(date.month(), date.day())
    }

    /// Weekday and date: `Thursday, 26 November 2026`.
    pub fn full_date(self, date: NaiveDate) -> String {
        let weekday = date.weekday().num_days_from_monday() as usize;
        (self.common().full_date)(weekday, date.year(), date.month(), date.day())
    }

    /// A day near today in words, with the time where it helps: `today 14:05`, `tomorrow 09:00`, `in 5 days`.
    pub fn near_day(self, clock: WallClock, today: WallClock) -> String {
        let texts = self.common();
        match clock.days_since(today) {
            0 => format!("{} {}", texts.today, self.time(clock)),
            1 => format!("{} {}", texts.tomorrow, self.time(clock)),
            -1 => format!("{} {}", texts.yesterday, self.time(clock)),
            days @ 2.. => (texts.in_days)(days),
            days => (texts.days_ago)(-days),
        }
    }

    /// The word for a status.
    pub fn status(self, status: TimerStatus) -> &'static str {
        let texts = self.common();
        match status {
            TimerStatus::Running => texts.running,
            TimerStatus::Paused => texts.paused,
            TimerStatus::Completed => texts.completed,
            TimerStatus::Cancelled => texts.cancelled,
        }
    }

    /// A timer's title, or a placeholder.
    pub fn title(self, title: Option<&str>) -> &str {
        title
            .filter(|title| !title.trim().is_empty())
            .unwrap_or(self.common().untitled)
    }
}

/// The time that a timer shows: what is left, or what has passed if it has no end.
pub fn timer_time(elapsed_seconds: i64, allocated_seconds: i64) -> String {
    match allocated_seconds {
        OPEN_ENDED_SECONDS.. => countdown(elapsed_seconds),
        _ => countdown(allocated_seconds - elapsed_seconds),
    }
}

/// The time that is left: `m:ss`, two-digit minutes from ten minutes on, `h:mm:ss` from an hour on; overtime with a
/// plus: `+0:07`.
pub fn countdown(remaining_seconds: i64) -> String {
    let seconds = remaining_seconds.unsigned_abs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let sign = if remaining_seconds < 0 { "+" } else { "" };
    match (hours, remaining_seconds < 0) {
        (0, true) => format!("{sign}{minutes}:{seconds:02}"),
        (0, false) => format!("{minutes:02}:{seconds:02}"),
        _ => format!("{sign}{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::time::Timestamp;

    const ENGLISH: Locale = Locale {
        language: Language::English,
        half_days: false,
        week_start: 0,
    };

    fn korean() -> Locale {
        Locale::of(Language::Korean)
    }

    fn clock(minutes: i64) -> WallClock {
        WallClock::new(Timestamp::from_millis(minutes * 60_000), 0)
    }

    #[test]
    fn a_countdown_has_hours_only_from_an_hour_on() {
        for (seconds, text) in [
            (1500, "25:00"),
            (61, "01:01"),
            (0, "00:00"),
            (3600, "1:00:00"),
            (525_600 * 60, "8760:00:00"),
            (-7, "+0:07"),
            (-3_725, "+1:02:05"),
        ] {
            assert_eq!(countdown(seconds), text);
        }
    }

    #[test]
    fn a_timer_without_an_end_counts_up() {
        assert_eq!(timer_time(90, 1_500), "23:30");
        assert_eq!(timer_time(90, OPEN_ENDED_SECONDS), "01:30");
    }

    #[test]
    fn durations_are_written_in_words() {
        for (seconds, english, other) in [
            (0, "0 s", "0초"),
            (59, "59 s", "59초"),
            (60, "1 min", "1분"),
            (1_519, "25 min", "25분"),
            (3_600, "1 h", "1시간"),
            (3_900, "1 h 05 min", "1시간 5분"),
            (90_000, "25 h", "25시간"),
        ] {
            assert_eq!(ENGLISH.span(seconds), english);
            assert_eq!(korean().span(seconds), other);
        }
        assert_eq!(ENGLISH.part(60, 3_600), "1 min of 1 h");
        assert_eq!(korean().part(60, 3_600), "1시간 중 1분");
        assert_eq!(ENGLISH.part(60, OPEN_ENDED_SECONDS), "1 min");
    }

    #[test]
    fn days_near_today_are_written_in_words() {
        for (hours, text) in [
            (12, "today 12:00"),
            (36, "tomorrow 12:00"),
            (-12, "yesterday 12:00"),
            (60, "in 2 days"),
            (-36, "2 days ago"),
        ] {
            assert_eq!(ENGLISH.near_day(clock(hours * 60), clock(0)), text);
        }
        assert_eq!(korean().near_day(clock(13 * 60 + 5), clock(0)), "오늘 오후 1:05");
    }

    #[test]
    fn noon_and_midnight_are_twelve_on_the_12_hour_clock() {
        let american = Locale {
            half_days: true,
            ..ENGLISH
        };
        for (minute, text) in [(0, "12:00 AM"), (65, "1:05 AM"), (720, "12:00 PM"), (1_439, "11:59 PM")] {
            assert_eq!(american.time(clock(minute)), text);
        }
    }

    #[test]
    fn dates_are_written_in_the_language() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
        assert_eq!(ENGLISH.date(date), "26 Nov");
        assert_eq!(korean().date(date), "11월 26일");
        assert_eq!(ENGLISH.full_date(date), "Thursday, 26 November 2026");
        assert_eq!(korean().full_date(date), "2026년 11월 26일 목요일");
    }

    #[test]
    fn an_empty_title_has_a_placeholder() {
        assert_eq!(ENGLISH.title(Some("  ")), "Timer");
        assert_eq!(korean().title(None), "타이머");
        assert_eq!(korean().title(Some("Write")), "Write");
    }
}
