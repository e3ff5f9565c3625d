//! The times of a timer from its start to its end: work and breaks, and where they are in the picture of the span.

use protocol::{
    time::Timestamp,
    timers::{HistoryAction, Timer},
};
use std::fmt::Write;

/// The width of the picture in its own units.
pub const WIDTH: i64 = 10_000;
/// The least width of a part, so that the shortest can be seen.
const LEAST: i64 = 14;

/// A part of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// Whether the timer ran; otherwise it was paused.
    pub is_work: bool,
    pub from: Timestamp,
    pub until: Timestamp,
    /// Whether it goes on.
    pub is_open: bool,
}

/// The times of a timer from its start to its end, or to now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Timestamp,
    /// The end; now for an active timer.
    pub until: Timestamp,
    /// Work and breaks in turn.
    pub parts: Vec<Part>,
    /// When the allocated time was over, if it was.
    pub over_from: Option<Timestamp>,
    /// The end that was corrected.
    pub replaced_end: Option<Timestamp>,
}

impl Part {
    /// Its length in seconds.
    pub fn seconds(&self) -> i64 {
        self.until.millis_since(self.from).max(0) / 1000
    }
}

impl Span {
    /// The span of a timer at `now`.
    pub fn of(timer: &Timer, now: Timestamp) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        let mut open: Option<(bool, Timestamp)> = None;
        let mut close = |open: Option<(bool, Timestamp)>, until: Timestamp, is_open: bool| {
            let part = open.map(|(is_work, from)| Part {
                is_work,
                from,
                until: until.max(from),
                is_open,
            });
            parts.extend(part.filter(|part| is_open || part.until > part.from));
        };
        for entry in timer.history.iter() {
            close(open, entry.at, false);
            open = match entry.action {
                HistoryAction::Start | HistoryAction::Resume => Some((true, entry.at)),
                HistoryAction::Pause => Some((false, entry.at)),
                HistoryAction::Stop | HistoryAction::Cancel => None,
            };
        }
        close(open, now, true);
        let from = timer.history.first().map_or(timer.created_at, |entry| entry.at);
        let last = timer.history.last();
        Self {
            from,
            until: parts.last().map_or(from, |part| part.until),
            over_from: over_from(&parts, timer.allocated_seconds),
            replaced_end: last.and_then(|entry| entry.corrected_from),
            parts,
        }
    }

    /// The end of the picture: that of the span, or a later one that was corrected.
    pub fn picture_end(&self) -> Timestamp {
        self.replaced_end.unwrap_or(self.until).max(self.until)
    }

    /// The place of an instant in the picture.
    pub fn x(&self, at: Timestamp) -> i64 {
        let whole = self.picture_end().millis_since(self.from).max(1);
        let place = i128::from(at.millis_since(self.from)) * i128::from(WIDTH) / i128::from(whole);
        (place as i64).clamp(0, WIDTH)
    }

    /// The place and the width of a time.
    pub fn bar(&self, from: Timestamp, until: Timestamp) -> (i64, i64) {
        let x = self.x(from);
        let width = (self.x(until) - x).max(LEAST);
        (x.min(WIDTH - width), width)
    }

    /// The outline of all work, or of all breaks, as an SVG path of bars between two heights.
    pub fn path(&self, is_work: bool, top: i64, bottom: i64) -> String {
        let parts = self.parts.iter().filter(|part| part.is_work == is_work);
        bars(parts.map(|part| self.bar(part.from, part.until)), top, bottom)
    }

    /// The outline of the work beyond the allocated time.
    pub fn over_path(&self, top: i64, bottom: i64) -> String {
        let Some(over) = self.over_from else {
            return String::new();
        };
        let parts = self.parts.iter().filter(|part| part.is_work && part.until > over);
        bars(parts.map(|part| self.bar(part.from.max(over), part.until)), top, bottom)
    }

    /// The index of the part at a place of the picture.
    pub fn part_at(&self, x: i64) -> Option<usize> {
        let last = self.parts.len().checked_sub(1)?;
        let next = self.parts.partition_point(|part| self.x(part.from) <= x);
        Some(next.saturating_sub(1).min(last))
    }

    /// The seconds of all breaks.
    pub fn break_seconds(&self) -> i64 {
        let breaks = self.parts.iter().filter(|part| !part.is_work);
        breaks.map(|part| part.until.millis_since(part.from)).sum::<i64>() / 1000
    }
}

/// When the work reached the allocated time, if it went on.
fn over_from(parts: &[Part], allocated_seconds: i64) -> Option<Timestamp> {
    let mut left = allocated_seconds.checked_mul(1000)?;
    for part in parts.iter().filter(|part| part.is_work) {
        let millis = part.until.millis_since(part.from);
        if millis > left {
            return Some(part.from.plus_millis(left));
        }
        left -= millis;
    }
    None
}

fn bars(bars: impl Iterator<Item = (i64, i64)>, top: i64, bottom: i64) -> String {
    let mut path = String::new();
    for (x, width) in bars {
        // Writing to a string cannot fail.
        let _ = write!(path, "M{x} {top}h{width}V{bottom}h-{width}z");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{
        id::TimerId,
        timers::{Action, NewTimer},
    };
    use uuid::Uuid;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_000_000 + seconds * 1000)
    }

    fn timer(acts: &[(Action, i64)]) -> Timer {
        let new = NewTimer {
            allocated_seconds: 60,
            ..NewTimer::default()
        };
        let timer = Timer::create(TimerId(Uuid::nil()), "ada".into(), new, at(0)).unwrap();
        acts.iter().fold(timer, |timer, (action, second)| {
            timer.apply(*action, at(*second)).unwrap()
        })
    }

    fn lengths(span: &Span) -> Vec<(bool, i64)> {
        span.parts.iter().map(|part| (part.is_work, part.seconds())).collect()
    }

    #[test]
    fn work_and_breaks_alternate_to_scale() {
        let timer = timer(&[(Action::Pause, 20), (Action::Resume, 30), (Action::Stop, 100)]);
        let span = Span::of(&timer, at(500));
        assert_eq!(lengths(&span), [(true, 20), (false, 10), (true, 70)]);
        assert_eq!((span.from, span.until), (at(0), at(100)));
        assert_eq!(span.break_seconds(), 10);
        assert_eq!(span.path(true, 0, 9), "M0 0h2000V9h-2000zM3000 0h7000V9h-7000z");
        assert_eq!(span.path(false, 0, 9), "M2000 0h1000V9h-1000z");
        assert_eq!(span.over_from, Some(at(70)), "60 s of work, after a break of 10");
        assert_eq!(span.over_path(0, 9), "M7000 0h3000V9h-3000z");
        let found: Vec<_> = [0, 1_999, 2_000, 2_999, 9_999, 10_000].map(|x| span.part_at(x)).into();
        assert_eq!(found, [0, 0, 1, 1, 2, 2].map(Some));
    }

    #[test]
    fn an_active_timer_goes_on_until_now() {
        let span = Span::of(&timer(&[(Action::Pause, 20)]), at(50));
        assert_eq!(lengths(&span), [(true, 20), (false, 30)]);
        assert!(span.parts[1].is_open && !span.parts[0].is_open);
        let early = Span::of(&timer(&[]), at(-5));
        assert_eq!(lengths(&early), [(true, 0)], "a device's clock may be late");
        assert_eq!(early.bar(at(0), at(0)).1, LEAST);
    }

    #[test]
    fn a_corrected_end_is_kept_in_the_picture() {
        let ended = timer(&[(Action::Stop, 100)]);
        let span = Span::of(&ended.correct(at(50), at(200)).unwrap(), at(200));
        assert_eq!((span.until, span.replaced_end), (at(50), Some(at(100))));
        assert_eq!((span.picture_end(), span.x(span.until)), (at(100), 5_000));
    }

    #[test]
    fn short_parts_can_be_seen_and_stay_within_the_picture() {
        let day = 24 * 60 * 60;
        let span = Span::of(&timer(&[(Action::Pause, day), (Action::Stop, day + 1)]), at(2 * day));
        assert_eq!(span.bar(at(day), at(day + 1)), (WIDTH - LEAST, LEAST));
    }
}
