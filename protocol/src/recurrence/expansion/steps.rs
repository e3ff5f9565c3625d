//! The days of a period, the hours, minutes or seconds of a day, and which of a cell's occurrences BYSETPOS picks.

use super::{DAY, DAYS_A_STEP, Expansion, Local, cells::date};
use crate::recurrence::{Budget, Frequency, RuleError};
use chrono::{Datelike, TimeDelta};

impl Expansion<'_> {
    /// Calls `add` with the start of each matching hour, minute or second of the rule that begins in a part of a day.
    pub(super) fn each_unit(
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
    pub(super) fn each_day(&self, number: i64, mut add: impl FnMut(i64), budget: &mut Budget) -> Result<(), RuleError> {
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
    pub(super) fn pick(&self, items: &mut Vec<Local>, from: usize) {
        if self.rule.by_set_position.is_empty() {
            return;
        }
        let kept: Vec<Local> = self.positions(items.len() - from).map(|at| items[from + at]).collect();
        items.truncate(from);
        items.extend(kept);
    }

    /// The number of items that BYSETPOS picks out of `length`.
    pub(super) fn picked(&self, length: usize) -> u64 {
        if self.rule.by_set_position.is_empty() {
            return length as u64;
        }
        self.positions(length).count() as u64
    }

    pub(super) fn positions(&self, length: usize) -> impl Iterator<Item = usize> {
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

    pub(super) fn first_day_number(&self) -> i64 {
        self.start.div_euclid(DAY)
    }

    /// The first day of the week in which the rule starts.
    pub(super) fn first_week(&self) -> i64 {
        self.first_day_number() - i64::from(self.first_day.weekday().days_since(self.rule.week_start))
    }

    /// The hour, minute or second in which the rule starts.
    pub(super) fn first_unit(&self) -> i64 {
        self.start.div_euclid(self.times.unit)
    }

    /// The first hour, minute or second of the rule that begins at or after a local time.
    pub(super) fn unit_from(&self, at: Local) -> i64 {
        let (first, interval) = (self.first_unit(), i64::from(self.rule.interval));
        let unit = at.div_euclid(self.times.unit) + i64::from(at.rem_euclid(self.times.unit) > 0);
        let steps = (unit - first).div_euclid(interval) + i64::from((unit - first).rem_euclid(interval) > 0);
        first + steps.max(0) * interval
    }
}
