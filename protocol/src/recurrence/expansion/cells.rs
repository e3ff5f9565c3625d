//! The cells of a rule: where they begin, what is in them, and which can be skipped.

use super::{Cells, DAY, DAYS_A_STEP, Expansion, LAST_YEAR, Local};
use crate::recurrence::{Budget, Frequency, RuleError};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime};

impl Expansion<'_> {
    /// The cell that contains a local time, or the last one that begins before it.
    pub(super) fn cell_of(&self, at: Local) -> i64 {
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
    pub(super) fn begin(&self, number: i64) -> Option<Local> {
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

    /// The number of cells, from the one that begins here, that have no occurrence for sure: in a month without any day of
    /// the rule, or before its next hour, minute or second.
    pub(super) fn skippable(&self, begin: Local) -> i64 {
        let cell_days = match (self.cells, self.rule.frequency) {
            (Cells::Day, _) => 1,
            (Cells::Period, Frequency::Daily) => i64::from(self.rule.interval),
            _ => return 0,
        };
        if self.cells == Cells::Day {
            let next = self.unit_from(begin) * self.times.unit;
            if next >= begin + DAY {
                return (next - begin).div_euclid(DAY);
            }
        }
        let day = date(begin.div_euclid(DAY));
        if self.days.has_month(day.month()) {
            return 0;
        }
        let rest = i64::from(day.num_days_in_month()) - i64::from(day.day0());
        (rest + cell_days - 1) / cell_days
    }

    /// Groups of cells that have the same number of occurrences wherever they begin, after the first cell: the number
    /// of cells in a group, and of occurrences.
    pub(super) fn even_cells(&self) -> Option<(i64, u64)> {
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
    pub(super) fn size(&self, number: i64, budget: &mut Budget) -> Result<u64, RuleError> {
        match self.cells {
            Cells::Unit => Ok(self.picked(self.times.within.len())),
            Cells::Day => {
                budget.spend(1)?;
                let day = self.first_day_number() + number;
                if !self.days.has(date(day)) {
                    return Ok(0);
                }
                let (first, units) = (self.unit_from(day * DAY), DAY / self.times.unit);
                let phase = first - day * units;
                if i64::from(self.rule.interval) * 16 > units {
                    let mut matching = 0;
                    self.each_unit(day * DAY, (day + 1) * DAY - 1, |_| matching += 1, budget)?;
                    return Ok(matching * self.picked(self.times.within.len()));
                }
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
                Ok(self.picked(days * self.times.within.len()))
            }
        }
    }

    /// Expands a cell into `cell`, in order: at least what lies between `from` and `until`.
    pub(super) fn expand(
        &self,
        number: i64,
        from: Local,
        until: Local,
        cell: &mut Vec<Local>,
        budget: &mut Budget,
    ) -> Result<(), RuleError> {
        cell.clear();
        let within = &self.times.within;
        // Also what BYSETPOS does not pick costs.
        let mut expanded = 0;
        match self.cells {
            Cells::Unit => {
                let Some(begin) = self.begin(number) else { return Ok(()) };
                cell.extend(within.iter().map(|second| begin + second));
                expanded = cell.len();
                self.pick(cell, 0);
            }
            Cells::Day => {
                budget.spend(1)?;
                let day = self.first_day_number() + number;
                if !self.days.has(date(day)) {
                    return Ok(());
                }
                let (begin, end) = (day * DAY, (day + 1) * DAY - 1);
                let add = |unit: Local| {
                    let before = cell.len();
                    expanded += within.len();
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
                expanded = cell.len();
                self.pick(cell, 0);
            }
        }
        budget.spend(expanded as u64 / DAYS_A_STEP)
    }
}

/// The date of a day number since 1970.
pub(super) fn date(day: i64) -> NaiveDate {
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
    Some(first.and_time(NaiveTime::MIN).and_utc().timestamp() / DAY)
}
