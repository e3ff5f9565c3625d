//! Occurrences of a rule: pure, and bounded whatever the rule says (contract, REST 7.6 and 12.10).
//!
//! A rule is RFC 5545 `RRULE` text, evaluated in UTC with the schedule's start as DTSTART. A text may also carry a line
//! `DTSTART;TZID=<IANA name>:…` of its own, as calendars export it: then the rule is evaluated in that zone, so that an
//! occurrence keeps its hour on the wall when the zone changes its offset. The instant of the first occurrence is the
//! schedule's start in any case.

mod budget;
mod expand;
mod intraday;
mod parse;

pub use budget::Budget;
pub use expand::Window;

use protocol::time::Timestamp;
use rrule::{Frequency, RRule, Tz, Unvalidated};
use thiserror::Error;

/// The most candidates of one rule in one read.
pub const MOST_CANDIDATES: usize = 10_000;

/// A rule that was read.
#[derive(Clone, Debug)]
pub struct Rule {
    rule: RRule<Unvalidated>,
    /// The rule's own end, inclusive.
    until: Option<Until>,
    zone: Tz,
}

/// `UNTIL`, which may be a time on the wall of the rule's zone.
#[derive(Clone, Copy, Debug)]
struct Until {
    local: chrono::NaiveDateTime,
    utc: bool,
}

/// Why a rule has no occurrences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RuleError {
    /// It is none.
    #[error("Invalid recurrence rule: RRULE format is invalid")]
    Invalid,
    /// It is one, but reading on would take too long.
    #[error(
        "This recurrence rule has too many occurrences for one request: at most {MOST_CANDIDATES} are looked at. \
         Ask for a shorter time, or make the rule recur less often."
    )]
    TooMany,
}

impl Rule {
    /// The last instant at which an occurrence may start: the rule's own, else that of the schedule.
    pub fn until(&self, recurrence_end: Option<Timestamp>) -> Option<Timestamp> {
        match self.until {
            Some(until) => Some(until.instant(self.zone)),
            None => recurrence_end,
        }
    }

    /// Seconds from one step of the rule to the next, at least.
    fn step_seconds(&self) -> i64 {
        self.unit_seconds() * i64::from(self.rule.get_interval().max(1))
    }

    /// Seconds of what the rule's interval counts, at least.
    fn unit_seconds(&self) -> i64 {
        match self.rule.get_freq() {
            Frequency::Yearly => 365 * 86_400,
            Frequency::Monthly => 28 * 86_400,
            Frequency::Weekly => 7 * 86_400,
            Frequency::Daily => 86_400,
            Frequency::Hourly => 3_600,
            Frequency::Minutely => 60,
            Frequency::Secondly => 1,
        }
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
