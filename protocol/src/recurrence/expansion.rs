//! Expands a rule in local time, in whole seconds since 1970 (as if local time were UTC).
//!
//! Occurrences come in cells, numbered from 0, of which each is expanded by itself. So a window far from the start is
//! reached by arithmetic, and for COUNT the cells before it are counted, not expanded.

use super::{Budget, Frequency, Rule, RuleError, days::DayFilter, times::Times};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta};
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
    pub fn new(rule: &'r Rule, start: NaiveDateTime) -> Self {
        let days = DayFilter::new(rule, start.date());
        let times = Times::new(rule, start);
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

    /// The n-th occurrence from the start, counted from 0, without regard to COUNT; `None` if the calendar ends before.
    ///
    /// # Errors
    /// [`RuleError::TooMany`].
    pub fn nth(&self, n: u64, budget: &mut Budget) -> Result<Option<Local>, RuleError> {
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
            let Some(begin) = self.begin(number) else {
                return Ok(None);
            };
            let skipped = self.skippable(begin);
            if skipped > 0 {
                budget.spend(1)?;
                number += skipped;
                continue;
            }
            let size = self.size(number, &mut cell, budget)?;
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
                    count = count.saturating_add(self.size(number, &mut cell, budget)?);
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

    /// The cell that contains a local time, or the last one that begins before it.
    fn cell_of(&self, at: Local) -> i64 {
        let interval = i64::from(self.rule.interval);
        let day = at.div_euclid(DAY);
        let number = match (self.cells, self.rule.frequency) {
            (Cells::Day, _) => day - self.first_day_number(),
            (Cells::Unit, _) => (at.div_euclid(self.times.unit) - self.first_unit()) / interval,
            (_, Frequency::Yearly) => i64::from(date(day).year() - self.first_day.year()) / interval,
            (_, Frequency::Monthly) => (months(date(day)) - months(self.first_day)) / interval,
            (_, Frequency::Weekly) => (day - self.first_week()).div_euclid(7) / interval,
            _ => (day - self.first_day_number()) / interval,
        };
        number.max(0)
    }

    /// The first second of a cell; `None` after the end of the calendar.
    fn begin(&self, number: i64) -> Option<Local> {
        let steps = number.checked_mul(i64::from(self.rule.interval))?;
        let begin = match (self.cells, self.rule.frequency) {
            (Cells::Day, _) => self.first_day_number().checked_add(number)?.checked_mul(DAY)?,
            (Cells::Unit, _) => self.first_unit().checked_add(steps)?.checked_mul(self.times.unit)?,
            (_, Frequency::Yearly) => first_of(self.first_day.year(), steps.checked_mul(12)?)? * DAY,
            (_, Frequency::Monthly) => {
                first_of(
                    self.first_day.year(),
                    i64::from(self.first_day.month0()).checked_add(steps)?,
                )? * DAY
            }
            (_, Frequency::Weekly) => self.first_week().checked_add(steps.checked_mul(7)?)?.checked_mul(DAY)?,
            _ => self.first_day_number().checked_add(steps)?.checked_mul(DAY)?,
        };
        let end = NaiveDate::from_ymd_opt(LAST_YEAR, 12, 31)?.and_hms_opt(23, 59, 59)?;
        (begin <= end.and_utc().timestamp()).then_some(begin)
    }

    /// The number of cells, from the one that begins here, that lie in a month without any day of the rule.
    fn skippable(&self, begin: Local) -> i64 {
        let cell_days = match (self.cells, self.rule.frequency) {
            (Cells::Day, _) => 1,
            (Cells::Period, Frequency::Daily) => i64::from(self.rule.interval),
            _ => return 0,
        };
        let day = date(begin.div_euclid(DAY));
        if self.days.has_month(day.month()) {
            return 0;
        }
        let rest = i64::from(day.num_days_in_month()) - i64::from(day.day0());
        (rest + cell_days - 1) / cell_days
    }

    /// Groups of cells that have the same number of occurrences wherever they begin, after the first cell: the number
    /// of cells in a group, and of occurrences.
    fn even_cells(&self) -> Option<(i64, u64)> {
        let a_day = self.picked(self.times.within.len());
        match (self.cells, self.rule.frequency) {
            (Cells::Unit, _) => Some((1, a_day)),
            (Cells::Period, Frequency::Daily) if self.days.is_open() => Some((1, a_day)),
            (Cells::Period, Frequency::Weekly) => {
                let days = usize::try_from(self.days.days_a_week()?).ok()?;
                Some((1, self.picked(days * self.times.within.len())))
            }
            // Every day has the same hours, minutes or seconds of the rule.
            (Cells::Day, _) if DAY / self.times.unit % i64::from(self.rule.interval) == 0 => {
                let (mut units, day) = (0, (self.first_day_number() + 1) * DAY);
                self.each_unit(day, day + DAY - 1, |_| units += 1, &mut Budget::default())
                    .ok()?;
                Some((7, u64::from(self.days.days_a_week()?) * units * a_day))
            }
            // Seven cells in a row begin on each weekday once, unless the interval is of whole weeks.
            (Cells::Period, Frequency::Daily) if !self.rule.interval.is_multiple_of(7) => {
                Some((7, u64::from(self.days.days_a_week()?) * a_day))
            }
            _ => None,
        }
    }

    /// The number of occurrences of a cell.
    fn size(&self, number: i64, cell: &mut Vec<Local>, budget: &mut Budget) -> Result<u64, RuleError> {
        match self.cells {
            Cells::Unit => Ok(self.picked(self.times.within.len())),
            Cells::Day => {
                budget.spend(u64::from(number.unsigned_abs().is_multiple_of(DAYS_A_STEP)))?;
                let day = self.first_day_number() + number;
                if !self.days.has(date(day)) {
                    return Ok(0);
                }
                let (first, units) = (self.unit_from(day * DAY), DAY / self.times.unit);
                let phase = first - day * units;
                let known = self.units_by_phase.borrow().get(&phase).copied();
                let matching = match known {
                    Some(matching) => matching,
                    None => {
                        let mut matching = 0;
                        self.each_unit(day * DAY, (day + 1) * DAY - 1, |_| matching += 1, budget)?;
                        self.units_by_phase.borrow_mut().insert(phase, matching);
                        matching
                    }
                };
                Ok(matching * self.picked(self.times.within.len()))
            }
            Cells::Period => {
                let mut days = 0;
                self.each_day(number, |_| days += 1, budget)?;
                cell.clear();
                Ok(self.picked(days * self.times.within.len()))
            }
        }
    }

    /// Expands a cell into `cell`, in order: at least what lies between `from` and `until`.
    fn expand(
        &self,
        number: i64,
        from: Local,
        until: Local,
        cell: &mut Vec<Local>,
        budget: &mut Budget,
    ) -> Result<(), RuleError> {
        cell.clear();
        let within = &self.times.within;
        match self.cells {
            Cells::Unit => {
                let Some(begin) = self.begin(number) else { return Ok(()) };
                cell.extend(within.iter().map(|second| begin + second));
                self.pick(cell, 0);
            }
            Cells::Day => {
                budget.spend(u64::from(number.unsigned_abs().is_multiple_of(DAYS_A_STEP)))?;
                let day = self.first_day_number() + number;
                if !self.days.has(date(day)) {
                    return Ok(());
                }
                let (begin, end) = (day * DAY, (day + 1) * DAY - 1);
                let add = |unit: Local| {
                    let before = cell.len();
                    cell.extend(within.iter().map(|second| unit + second));
                    self.pick(cell, before);
                };
                self.each_unit(
                    begin.max(from.saturating_sub(self.times.unit)),
                    end.min(until),
                    add,
                    budget,
                )?;
            }
            Cells::Period => {
                let add = |day: i64| cell.extend(within.iter().map(|second| day * DAY + second));
                self.each_day(number, add, budget)?;
                self.pick(cell, 0);
            }
        }
        budget.spend(cell.len() as u64 / DAYS_A_STEP)
    }

    /// Calls `add` with the start of each matching hour, minute or second of the rule that begins in a part of a day.
    fn each_unit(
        &self,
        from: Local,
        until: Local,
        mut add: impl FnMut(Local),
        budget: &mut Budget,
    ) -> Result<(), RuleError> {
        let unit = self.times.unit;
        let mut number = self.unit_from(from);
        let mut steps = 0_u64;
        while number * unit <= until {
            let begin = number * unit;
            steps += 1;
            match self.times.wait(begin.rem_euclid(DAY)) {
                0 => {
                    add(begin);
                    number += i64::from(self.rule.interval);
                }
                wait => number = self.unit_from(begin + wait),
            }
        }
        budget.spend(steps / DAYS_A_STEP)
    }

    /// Calls `add` with each matching day of a period, in order, in days since 1970.
    fn each_day(&self, number: i64, mut add: impl FnMut(i64), budget: &mut Budget) -> Result<(), RuleError> {
        let Some(begin) = self.begin(number) else { return Ok(()) };
        let first = begin.div_euclid(DAY);
        let mut day = date(first);
        let length = match self.rule.frequency {
            Frequency::Yearly => i64::from(if day.leap_year() { 366_u16 } else { 365 }),
            Frequency::Monthly => i64::from(day.num_days_in_month()),
            Frequency::Weekly => 7,
            _ => 1,
        };
        budget.spend(1 + length.unsigned_abs() / DAYS_A_STEP)?;
        let mut offset = 0;
        while offset < length {
            if !self.days.has_month(day.month()) {
                let rest = i64::from(day.num_days_in_month()) - i64::from(day.day0());
                offset += rest;
                let Some(next) = day.checked_add_signed(TimeDelta::days(rest)) else {
                    break;
                };
                day = next;
                continue;
            }
            if self.days.has(day) {
                add(first + offset);
            }
            offset += 1;
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
        Ok(())
    }

    /// Keeps those of the items from an index on that BYSETPOS picks.
    fn pick(&self, items: &mut Vec<Local>, from: usize) {
        if self.rule.by_set_position.is_empty() {
            return;
        }
        let kept: Vec<Local> = self.positions(items.len() - from).map(|at| items[from + at]).collect();
        items.truncate(from);
        items.extend(kept);
    }

    /// The number of items that BYSETPOS picks out of `length`.
    fn picked(&self, length: usize) -> u64 {
        if self.rule.by_set_position.is_empty() {
            return length as u64;
        }
        self.positions(length).count() as u64
    }

    fn positions(&self, length: usize) -> impl Iterator<Item = usize> {
        let listed = self.rule.by_set_position.iter().filter_map(|position| {
            let place = usize::from(position.unsigned_abs());
            let at = if *position > 0 {
                place.checked_sub(1)
            } else {
                length.checked_sub(place)
            };
            at.filter(|at| *at < length)
        });
        let mut listed: Vec<usize> = listed.collect();
        listed.sort_unstable();
        listed.dedup();
        listed.into_iter()
    }

    fn first_day_number(&self) -> i64 {
        self.start.div_euclid(DAY)
    }

    /// The first day of the week in which the rule starts.
    fn first_week(&self) -> i64 {
        self.first_day_number() - i64::from(self.first_day.weekday().days_since(self.rule.week_start))
    }

    /// The hour, minute or second in which the rule starts.
    fn first_unit(&self) -> i64 {
        self.start.div_euclid(self.times.unit)
    }

    /// The first hour, minute or second of the rule that begins at or after a local time.
    fn unit_from(&self, at: Local) -> i64 {
        let (first, interval) = (self.first_unit(), i64::from(self.rule.interval));
        let unit = at.div_euclid(self.times.unit) + i64::from(at.rem_euclid(self.times.unit) > 0);
        let steps = (unit - first).div_euclid(interval) + i64::from((unit - first).rem_euclid(interval) > 0);
        first + steps.max(0) * interval
    }
}

fn index(items: &[Local], n: u64) -> Option<Local> {
    items.get(usize::try_from(n).ok()?).copied()
}

/// The date of a day number since 1970.
fn date(day: i64) -> NaiveDate {
    let at = DateTime::from_timestamp(day.saturating_mul(DAY), 0);
    at.map_or(NaiveDate::MAX, |at| at.date_naive())
}

fn months(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

/// The first day, in days since 1970, of the month that is `months` after January of a year.
fn first_of(year: i32, months: i64) -> Option<i64> {
    let year = i32::try_from(i64::from(year).checked_add(months.div_euclid(12))?).ok()?;
    let month = u32::try_from(months.rem_euclid(12)).ok()? + 1;
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some(first.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() / DAY)
}
