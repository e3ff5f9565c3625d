//! The pages' texts for times and refusals.

use crate::local_time::WallClock;
use protocol::timers::{Reason, TimerAction, TimerStatus, WireError};

/// `m:ss`, two-digit minutes from ten minutes on, `h:mm:ss` from an hour on; overtime with a plus: `+0:07`.
pub fn clock(remaining_seconds: i64) -> String {
    let seconds = remaining_seconds.unsigned_abs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let sign = if remaining_seconds < 0 { "+" } else { "" };
    match (hours, remaining_seconds < 0) {
        (0, true) => format!("{sign}{minutes}:{seconds:02}"),
        (0, false) => format!("{minutes:02}:{seconds:02}"),
        _ => format!("{sign}{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A duration in words: `45 s`, `25 min`, `1 h 05 min`. Truncated, not rounded.
pub fn span(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        _ if seconds % 3600 < 60 => format!("{} h", seconds / 3600),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// A day near today in words, with the time where it helps: `today 14:05`, `tomorrow 09:00`, `in 5 days`.
pub fn near_day(clock: WallClock, today: WallClock) -> String {
    match clock.days_since(today) {
        0 => format!("today {clock}"),
        1 => format!("tomorrow {clock}"),
        -1 => format!("yesterday {clock}"),
        days @ 2.. => format!("in {days} days"),
        days => format!("{} days ago", -days),
    }
}

/// The text of a status.
pub fn status(status: TimerStatus) -> &'static str {
    match status {
        TimerStatus::Running => "Running",
        TimerStatus::Paused => "Paused",
        TimerStatus::Completed => "Done",
        TimerStatus::Cancelled => "Cancelled",
    }
}

/// A timer's title, or a placeholder.
pub fn title(title: Option<&str>) -> &str {
    title.filter(|title| !title.trim().is_empty()).unwrap_or("Timer")
}

/// What happened to a timer, for screen readers.
pub fn news(timer_title: Option<&str>, action: TimerAction) -> String {
    let what = match action {
        TimerAction::Start => "started",
        TimerAction::Pause => "paused",
        TimerAction::Resume => "resumed",
        TimerAction::Stop => "done",
        TimerAction::Cancel => "cancelled",
        TimerAction::Sync => "changed",
    };
    format!("{}: {what}", title(timer_title))
}

/// That another device ended a timer at one time, and this one at another. With the day where it is another.
pub fn ended_elsewhere(timer_title: &str, there: WallClock, here: WallClock) -> String {
    let day = match there.days_since(here) {
        0 => "",
        _ => " on another day",
    };
    format!(
        "{timer_title}: another device ended it at {there}{day}. You stopped it at {here} on this device. Use that?"
    )
}

/// Why the server refused a command: a text for known reasons, else the server's own message.
pub fn refusal(error: &WireError) -> String {
    match error.reason {
        Reason::TimerNotFound => "That timer no longer exists, so nothing was changed.".to_owned(),
        Reason::TimerAlreadyCompleted => "That timer had already ended, so nothing was changed.".to_owned(),
        Reason::TimerNotRunning => "That timer was already paused.".to_owned(),
        Reason::TimerNotPaused => "That timer was already running.".to_owned(),
        Reason::ScheduleNotFound => "That schedule no longer exists, so the timer was not started.".to_owned(),
        Reason::TodoNotFound => "That todo no longer exists, so the timer was not started.".to_owned(),
        Reason::TagNotFound => "One of those tags no longer exists, so the timer was not started.".to_owned(),
        Reason::OccurredAtInvalid => {
            "That timer was changed on another device after you did that here, so nothing was changed.".to_owned()
        }
        Reason::InternalError => "The server could not do that just now. Please try again.".to_owned(),
        _ => format!("That was refused: {}", error.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::time::Timestamp;

    #[test]
    fn a_clock_has_hours_only_from_an_hour_on() {
        for (seconds, text) in [
            (1500, "25:00"),
            (61, "01:01"),
            (0, "00:00"),
            (3600, "1:00:00"),
            (525_600 * 60, "8760:00:00"),
            (-7, "+0:07"),
            (-3_725, "+1:02:05"),
        ] {
            assert_eq!(clock(seconds), text);
        }
    }

    #[test]
    fn durations_are_written_in_words() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (1_519, "25 min"),
            (3_600, "1 h"),
            (3_900, "1 h 05 min"),
            (90_000, "25 h"),
        ] {
            assert_eq!(span(seconds), text);
        }
    }

    #[test]
    fn days_near_today_are_written_in_words() {
        let clock = |hours: i64| WallClock::new(Timestamp::from_millis(hours * 3_600_000), 0);
        let hours = |hours: i64| near_day(clock(hours), clock(0));
        for (at, text) in [
            (12, "today 12:00"),
            (36, "tomorrow 12:00"),
            (-12, "yesterday 12:00"),
            (60, "in 2 days"),
            (-36, "2 days ago"),
        ] {
            assert_eq!(hours(at), text);
        }
    }

    #[test]
    fn an_empty_title_has_a_placeholder() {
        assert_eq!(title(Some("  ")), "Timer");
        assert_eq!(news(Some("Write"), TimerAction::Pause), "Write: paused");
    }
}
