//! Occurrences of a rule: pure, and bounded for any rule (contract, REST 7.6 and 12.10).
//!
//! A rule is RFC 5545 `RRULE` text, evaluated in UTC with the schedule's start as DTSTART. A text may also contain a
//! line `DTSTART;TZID=<IANA name>:…` of its own, as calendars export it: then the rule is evaluated in that zone, so
//! that an occurrence keeps its local time when the zone changes its offset. The instant of the first occurrence is
//! always the schedule's start.

mod budget;
mod expand;
mod intraday;
mod parse;

pub use budget::Budget;
pub use expand::Window;

use protocol::time::Timestamp;
use rrule::{Frequency, RRule, Tz, Unvalidated};
use thiserror::Error;

/// The maximum number of candidates of one rule in one read.
pub const MOST_CANDIDATES: usize = 10_000;

/// A parsed rule.
#[derive(Clone, Debug)]
pub struct Rule {
    rule: RRule<Unvalidated>,
    /// The rule's own end, inclusive.
    until: Option<Until>,
    zone: Tz,
}

/// `UNTIL`, which may be a local time of the rule's zone.
#[derive(Clone, Copy, Debug)]
struct Until {
    local: chrono::NaiveDateTime,
    utc: bool,
}

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

impl Rule {
    /// The last instant at which an occurrence may start: by the rule, else by the schedule.
    pub fn until(&self, recurrence_end: Option<Timestamp>) -> Option<Timestamp> {
        match self.until {
            Some(until) => Some(until.instant(self.zone)),
            None => recurrence_end,
        }
    }

    /// The minimum number of seconds between two steps of the rule.
    fn step_seconds(&self) -> i64 {
        self.unit_seconds() * i64::from(self.rule.get_interval().max(1))
    }

    /// The minimum length of the unit of the rule's interval, in seconds.
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
