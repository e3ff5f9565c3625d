//! Expands the occurrences of a rule, within bounds.

use super::{Budget, Rule, RuleError};
use chrono::{DateTime, TimeDelta, TimeZone, Timelike};
use protocol::time::Timestamp;
use rrule::{Frequency, RRuleSet, Tz};
use std::panic::AssertUnwindSafe;

/// The maximum number of steps examined, with or without an occurrence.
pub(super) const MOST_STEPS: i64 = 400_000;
/// The library stops after this many steps without an occurrence.
const LIBRARY_STEPS: i64 = 99_999;
/// The maximum number of occurrences within one step: the library generates them all at once.
const MOST_A_STEP: usize = 400_000;

/// A window for the starts of occurrences, borders included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Rule {
    /// Checks that the rule is valid with a start, and can be expanded.
    ///
    /// # Errors
    /// [`RuleError`].
    pub fn check(&self, start: Timestamp) -> Result<(), RuleError> {
        if self.most_a_step() > MOST_A_STEP {
            return Err(RuleError::TooMany);
        }
        let first = start.to_utc().with_timezone(&self.zone);
        let checked = std::panic::catch_unwind(AssertUnwindSafe(|| self.rule.clone().validate(first).is_ok()));
        if checked.unwrap_or(false) {
            Ok(())
        } else {
            Err(RuleError::Invalid)
        }
    }

    /// The starts of the occurrences in a window, oldest first. `start` is DTSTART, `recurrence_end` the schedule's.
    ///
    /// # Errors
    /// [`RuleError::Invalid`] if the rule is invalid with this start; [`RuleError::TooMany`] once the budget is used
    /// up, or if too many steps would have to be examined.
    pub fn occurrences(
        &self,
        start: Timestamp,
        recurrence_end: Option<Timestamp>,
        window: Window,
        budget: &mut Budget,
    ) -> Result<Vec<Timestamp>, RuleError> {
        if self.most_a_step() > MOST_A_STEP {
            return Err(RuleError::TooMany);
        }
        let until = self
            .until(recurrence_end)
            .map_or(window.until, |end| end.min(window.until));
        let window = Window { until, ..window };
        // The library may panic on unexpected input; that ends this rule only.
        std::panic::catch_unwind(AssertUnwindSafe(|| self.walk(start, window, budget)))
            .unwrap_or(Err(RuleError::TooMany))
    }

    fn walk(&self, start: Timestamp, window: Window, budget: &mut Budget) -> Result<Vec<Timestamp>, RuleError> {
        let utc = start.to_utc();
        // The library counts in whole seconds.
        let fraction = i64::from(utc.nanosecond() / 1_000_000);
        let first = utc.with_nanosecond(0).unwrap_or(utc).with_timezone(&self.zone);
        let rule = self.rule.clone().validate(first).map_err(|_| RuleError::Invalid)?;
        if self.is_intraday() {
            return self.walk_intraday(first, fraction, window, budget);
        }
        let first = self.near(first, window.from);
        let count = self.rule.get_count();
        let set = RRuleSet::new(first).rrule(rule).limit();
        let step = self.step_seconds();
        let (mut found, mut seen, mut last) = (Vec::new(), 0, first);
        let work_a_step = self.work_a_step();
        budget.spend(work_a_step)?;
        for occurrence in &set {
            let steps = occurrence.signed_duration_since(last).num_seconds() / step;
            budget.spend(steps.unsigned_abs().saturating_mul(work_a_step))?;
            let instant = Timestamp::from_millis(occurrence.timestamp_millis()).plus_millis(fraction);
            if instant > window.until {
                return Ok(found);
            }
            if occurrence.signed_duration_since(first).num_seconds() / step > MOST_STEPS {
                return Err(RuleError::TooMany);
            }
            budget.take()?;
            seen += 1;
            last = occurrence;
            if instant >= window.from {
                found.push(instant);
            }
        }
        // Either all occurrences were found, or the library stopped: then it may or may not have reached the window's
        // end.
        let looked = last.timestamp().saturating_add(LIBRARY_STEPS * step);
        if count == Some(seen) {
            return Ok(found);
        }
        budget.spend(LIBRARY_STEPS.unsigned_abs())?;
        if looked > window.until.millis() / 1000 {
            return Ok(found);
        }
        Err(RuleError::TooMany)
    }

    /// Moves DTSTART forward by whole intervals to shortly before the window. Not for rules with COUNT, which counts
    /// from the first occurrence, or with steps of different lengths (MONTHLY, YEARLY).
    fn near(&self, first: DateTime<Tz>, from: Timestamp) -> DateTime<Tz> {
        let even = matches!(self.rule.get_freq(), Frequency::Daily | Frequency::Weekly);
        let step = self.step_seconds();
        // Two: the zone's offsets may differ between the two ends.
        let steps = (from.millis() / 1000 - first.timestamp()) / step - 2;
        if !even || self.rule.get_count().is_some() || steps <= 0 {
            return first;
        }
        // A local time that the clocks skip is not a start; a step earlier it exists.
        let starts = (0..2).filter_map(|earlier| {
            let on = TimeDelta::try_seconds((steps - earlier) * step)?;
            self.zone
                .from_local_datetime(&first.naive_local().checked_add_signed(on)?)
                .single()
        });
        starts.into_iter().next().unwrap_or(first)
    }

    /// The cost of a step: the library generates all its occurrences at once, before filters apply.
    fn work_a_step(&self) -> u64 {
        u64::try_from(self.most_a_step().div_ceil(31)).unwrap_or(u64::MAX)
    }

    /// An upper estimate of the number of occurrences in a window: of several rules, those that recur least often are
    /// expanded first.
    pub fn estimate(&self, window: Window) -> u64 {
        let seconds = window
            .until
            .millis()
            .saturating_sub(window.from.millis())
            .max(0)
            .unsigned_abs()
            / 1_000;
        let steps = seconds / self.step_seconds().unsigned_abs().max(1) + 1;
        steps.saturating_mul(u64::try_from(self.most_a_step()).unwrap_or(u64::MAX))
    }

    /// The maximum number of occurrences in one step.
    fn most_a_step(&self) -> usize {
        let days = match self.rule.get_freq() {
            Frequency::Yearly => 366,
            Frequency::Monthly => 31,
            Frequency::Weekly => 7,
            _ => 1,
        };
        let times = [
            self.rule.get_by_hour().len(),
            self.rule.get_by_minute().len(),
            self.rule.get_by_second().len(),
        ];
        times
            .into_iter()
            .fold(days, |all, times| all.saturating_mul(times.max(1)))
    }
}
