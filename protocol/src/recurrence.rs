//! Recurring schedules: RFC 5545 text, its occurrences, and the rule in words (contract, REST 7.6 and 12.10).
//!
//! Everything here is pure and bounded for any rule. A rule is expanded in local time of its zone, and only then
//! converted to instants:
//!
//! - [`Recurrence`] is the parsed text: one `RRULE`, and optionally `DTSTART;TZID=…`, `RDATE` and `EXDATE` lines.
//! - [`Series`] is a recurrence with the start and end of its schedule: it lists occurrences of a window.
//! - [`moved`] finds the same occurrence in a series whose start, time or rule changed.
//! - [`divide()`] makes two series of one.
//! - [`words::describe`] says the rule in words.

mod budget;
mod days;
mod divide;
mod expansion;
mod moment;
mod parse;
mod places;
mod recurrence_text;
mod rule;
mod series;
mod times;
pub mod words;

pub use budget::Budget;
pub use divide::{Divided, divide};
pub use moment::Moment;
pub use places::moved;
pub use recurrence_text::Recurrence;
pub use rule::{Frequency, Rule, WeekdayNumber};
pub use series::{Series, Window};

use thiserror::Error;

/// The maximum number of occurrences of one series that are looked at in one read.
pub const MOST_CANDIDATES: usize = 10_000;

/// Why a rule has no occurrences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RuleError {
    /// It is invalid.
    #[error("Invalid recurrence rule: RRULE format is invalid")]
    Invalid,
    /// It is valid, but expanding it would take too long.
    #[error(
        "This recurrence rule has too many occurrences for one request: at most {MOST_CANDIDATES} are looked at. \
         Ask for a shorter time, or make the rule recur less often."
    )]
    TooMany,
}

#[cfg(test)]
mod tests;
