//! Expands a rule in local time, in whole seconds since 1970 (as if local time were UTC).
//!
//! Occurrences come in cells, numbered from 0, of which each is expanded by itself. So a window far from the start is
//! reached by arithmetic, and for COUNT the cells before it are counted, not expanded.

mod cells;
mod steps;

use super::{Budget, Rule, RuleError, days::DayFilter, times::Times};
use chrono::{NaiveDate, NaiveDateTime};
use std::{cell::RefCell, collections::HashMap};

/// Local time in seconds since 1970.
pub(super) type Local = i64;

const DAY: i64 = 86_400;
/// The maximum number of occurrences within one year, month, week or day: they are expanded together.
pub(super) const MOST_A_CELL: u64 = 400_000;
/// Days that are examined with one step of the budget.
const DAYS_A_STEP: u64 = 8;
/// The last year of the calendar.
const LAST_YEAR: i32 = 9999;

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cells {
    /// A year, month, week or day of the rule.
    Period,
    /// An hour, minute or second of the rule: without filters, all are alike.
    Unit,
    /// A day, of which the rule's hours, minutes or seconds match or not.
    Day,
}

/// A rule with its start.
#[derive(Debug)]
pub(super) struct Expansion<'r> {
    rule: &'r Rule,
    start: Local,
    first_day: NaiveDate,
    days: DayFilter,
    times: Times,
    cells: Cells,
    /// For [`Cells::Day`]: the number of matching units of a day, by the first unit of the rule in it.
    units_by_phase: RefCell<HashMap<i64, u64>>,
}

impl<'r> Expansion<'r> {
    /// `start` is DTSTART in local time; its fraction of a second is ignored.
    pub fn new(rule: &'r Rule, start: NaiveDateTime, is_all_day: bool) -> Self {
        let days = DayFilter::new(rule, start.date());
        let times = Times::new(rule, start, is_all_day);
        let cells = match rule.frequency.is_intraday() {
            false => Cells::Period,
            true if days.is_open() && times.is_open() => Cells::Unit,
            true => Cells::Day,
        };
        Self {
            rule,
            start: start.and_utc().timestamp(),
            first_day: start.date(),
            days,
            times,
            cells,
            units_by_phase: RefCell::default(),
        }
    }

    /// The occurrences from `from` to `until`, borders included, in order, without regard to COUNT.
    ///
    /// # Errors
    /// [`RuleError::TooMany`].
    pub fn between(&self, from: Local, until: Local, budget: &mut Budget) -> Result<Vec<Local>, RuleError> {
        self.check_size()?;
        let from = from.max(self.start);
        let (mut found, mut cell) = (Vec::new(), Vec::new());
        if from > until {
            return Ok(found);
        }
        let mut number = self.cell_of(from);
        while let Some(begin) = self.begin(number).filter(|begin| *begin <= until) {
            let skipped = self.skippable(begin);
            if skipped > 0 {
                budget.spend(1)?;
                number += skipped;
                continue;
            }
            self.expand(number, from, until, &mut cell, budget)?;
            let inside = cell.iter().copied().filter(|at| (from..=until).contains(at));
            for at in inside {
                budget.take()?;
                found.push(at);
            }
            number += 1;
        }
        Ok(found)
    }

    /// The n-th occurrence from the start, counted from 0, without regard to COUNT; `None` if it is in a cell that begins
    /// after `limit`, or after the end of the calendar.
    ///
    /// # Errors
    /// [`RuleError::TooMany`].
    pub fn nth(&self, n: u64, limit: Local, budget: &mut Budget) -> Result<Option<Local>, RuleError> {
        self.check_size()?;
        let mut cell = Vec::new();
        self.expand(0, self.start, i64::MAX, &mut cell, budget)?;
        cell.retain(|at| *at >= self.start);
        let (mut left, mut number) = (n, 1_i64);
        if let Some(at) = index(&cell, left) {
            return Ok(Some(at));
        }
        left -= cell.len() as u64;
        if let Some((cells, size)) = self.even_cells() {
            // Whole groups of cells that have the same size.
            let groups = left.checked_div(size).unwrap_or(0);
            left -= groups * size;
            number = number.saturating_add(i64::try_from(groups).unwrap_or(i64::MAX).saturating_mul(cells));
        }
        loop {
            let Some(begin) = self.begin(number).filter(|begin| *begin <= limit) else {
                return Ok(None);
            };
            let skipped = self.skippable(begin);
            if skipped > 0 {
                budget.spend(1)?;
                number += skipped;
                continue;
            }
            let size = self.size(number, budget)?;
            if left < size {
                self.expand(number, i64::MIN, i64::MAX, &mut cell, budget)?;
                return Ok(index(&cell, left));
            }
            left -= size;
            number += 1;
        }
    }

    /// The number of occurrences before a local time, without regard to COUNT.
    ///
    /// # Errors
    /// [`RuleError::TooMany`].
    pub fn count_before(&self, at: Local, budget: &mut Budget) -> Result<u64, RuleError> {
        self.check_size()?;
        if at <= self.start {
            return Ok(0);
        }
        let (mut cell, mut count) = (Vec::new(), 0_u64);
        let last = self.cell_of(at);
        let mut number = 0;
        while number <= last {
            if number == 0 || number == last {
                self.expand(number, i64::MIN, i64::MAX, &mut cell, budget)?;
                count += cell.iter().filter(|one| (self.start..at).contains(*one)).count() as u64;
                number += 1;
                continue;
            }
            if let Some((cells, size)) = self.even_cells() {
                let groups = (last - number) / cells;
                count = count.saturating_add(size.saturating_mul(groups.unsigned_abs()));
                number += groups * cells;
                if groups > 0 {
                    continue;
                }
            }
            let Some(begin) = self.begin(number) else { break };
            match self.skippable(begin).min(last - number) {
                0 => {
                    count = count.saturating_add(self.size(number, budget)?);
                    number += 1;
                }
                skipped => {
                    budget.spend(1)?;
                    number += skipped;
                }
            }
        }
        Ok(count)
    }

    /// Refuses rules whose cells are too large to be expanded.
    pub fn check_size(&self) -> Result<(), RuleError> {
        let size = if self.cells == Cells::Period {
            self.rule.most_a_period()
        } else {
            self.times.within.len() as u64
        };
        if size > MOST_A_CELL {
            Err(RuleError::TooMany)
        } else {
            Ok(())
        }
    }
}

fn index(items: &[Local], n: u64) -> Option<Local> {
    items.get(usize::try_from(n).ok()?).copied()
}
