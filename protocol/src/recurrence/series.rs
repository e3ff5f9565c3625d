//! The occurrences of a recurring schedule, as instants.

use super::{
    Budget, Moment, Recurrence, RuleError,
    expansion::{Expansion, Local},
};
use crate::time::{Timestamp, Zone};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;
use std::{cell::OnceCell, collections::HashSet};

const SECOND: i64 = 1_000;
const DAY: i64 = 86_400 * SECOND;
/// Longer than any change of a zone's clocks, in milliseconds: the longest is a day.
const LONGEST_CLOCK_CHANGE: i64 = 26 * 3_600 * SECOND;

/// A window for the starts of occurrences, borders included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: Timestamp,
    pub until: Timestamp,
}

/// A recurrence with the times of its schedule.
#[derive(Debug)]
pub struct Series<'r> {
    recurrence: &'r Recurrence,
    zone: Zone,
    start: Timestamp,
    /// The schedule's end of the recurrence, inclusive; the rule's own end takes precedence.
    recurrence_end: Option<Timestamp>,
    is_all_day: bool,
    rule: Option<Expansion<'r>>,
    /// The local start of the last occurrence by COUNT, once it was looked for and found.
    last_by_count: OnceCell<Local>,
    excluded: Excluded,
}

/// The occurrences that `EXDATE` removes: whole seconds since 1970, and local dates.
#[derive(Debug, Default)]
struct Excluded {
    seconds: HashSet<i64>,
    dates: HashSet<NaiveDate>,
}

impl<'r> Series<'r> {
    /// `start` is DTSTART, `recurrence_end` the schedule's.
    pub fn new(recurrence: &'r Recurrence, start: Timestamp, recurrence_end: Option<Timestamp>) -> Self {
        Self::build(recurrence, recurrence.zone.clone(), start, recurrence_end, false)
    }

    /// A series of dates: `start`, `recurrence_end` and all occurrences are midnights in UTC, whatever zone the text has.
    pub fn all_day(recurrence: &'r Recurrence, start: Timestamp, recurrence_end: Option<Timestamp>) -> Self {
        Self::build(recurrence, Zone::Named(Tz::UTC), start, recurrence_end, true)
    }

    fn build(
        recurrence: &'r Recurrence,
        zone: Zone,
        start: Timestamp,
        recurrence_end: Option<Timestamp>,
        is_all_day: bool,
    ) -> Self {
        let local = zone.local(start);
        let mut series = Self {
            rule: recurrence
                .rule
                .as_ref()
                .map(|rule| Expansion::new(rule, local, is_all_day)),
            recurrence,
            zone,
            start,
            recurrence_end,
            is_all_day,
            last_by_count: OnceCell::new(),
            excluded: Excluded::default(),
        };
        for moment in &recurrence.excluded {
            match moment {
                _ if is_all_day => series.excluded.dates.insert(moment.date()),
                Moment::Date(date) => series.excluded.dates.insert(*date),
                moment => series.excluded.seconds.insert(seconds(series.instant(moment))),
            };
        }
        series
    }

    /// The same series without what `EXDATE` removes.
    pub fn with_excluded(&self) -> Self {
        let mut all = Self::build(
            self.recurrence,
            self.zone.clone(),
            self.start,
            self.recurrence_end,
            self.is_all_day,
        );
        all.excluded = Excluded::default();
        all
    }

    /// Checks that the series can be expanded.
    ///
    /// # Errors
    /// [`RuleError::TooMany`] if too many occurrences belong to one year, month, week, day, hour or minute.
    pub fn check(&self) -> Result<(), RuleError> {
        self.rule.as_ref().map_or(Ok(()), Expansion::check_size)
    }

    /// The recurrence, without the times of the schedule.
    pub fn recurrence(&self) -> &'r Recurrence {
        self.recurrence
    }

    /// Whether it is a series of dates.
    pub fn is_all_day(&self) -> bool {
        self.is_all_day
    }

    /// The starts of the occurrences that a date or time of the text means: all of a date.
    ///
    /// # Errors
    /// [`RuleError::TooMany`] once the budget is used up.
    pub fn starts_of(&self, moment: &Moment, budget: &mut Budget) -> Result<Vec<Timestamp>, RuleError> {
        let (from, length) = match moment {
            Moment::Date(date) => (self.zone.instant(date.and_time(NaiveTime::MIN)), DAY),
            moment => (self.instant(moment), SECOND),
        };
        let window = Window {
            from,
            until: from.plus_millis(length - 1),
        };
        self.occurrences(window, budget)
    }

    /// Whether a date or time of the text is before an instant.
    pub fn is_before(&self, moment: &Moment, at: Timestamp) -> bool {
        match moment {
            Moment::Date(date) => *date < self.zone.local(at).date(),
            moment => self.instant(moment) < at,
        }
    }

    /// The start of the series.
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// The local time of an instant in the zone of the series.
    pub fn local(&self, instant: Timestamp) -> NaiveDateTime {
        self.zone.local(instant)
    }

    /// The instant of a local time in the zone of the series.
    pub fn instant_of(&self, local: NaiveDateTime) -> Timestamp {
        self.zone.instant(local)
    }

    /// The last instant at which an occurrence of the rule may start: by the rule, else by the schedule.
    pub fn until(&self) -> Option<Timestamp> {
        let until = self.recurrence.rule.as_ref().and_then(|rule| rule.until.as_ref());
        match until {
            Some(until) => Some(until.latest(&self.zone).plus_millis(self.fraction())),
            None => self.recurrence_end,
        }
    }

    /// The earliest instant at which an occurrence may start.
    pub fn earliest(&self) -> Timestamp {
        self.dates().min().map_or(self.start, |first| first.min(self.start))
    }

    /// An upper estimate of the number of occurrences in a window: of several series, those that recur least often are
    /// expanded first.
    pub fn estimate(&self, window: Window) -> u64 {
        let seconds = window
            .until
            .millis()
            .saturating_sub(window.from.millis())
            .max(0)
            .unsigned_abs()
            / 1_000;
        let dates = self.recurrence.dates.len() as u64 + 1;
        self.recurrence.rule.as_ref().map_or(dates, |rule| {
            let steps = seconds / rule.step_seconds().unsigned_abs().max(1) + 1;
            steps.saturating_mul(rule.most_a_period()).saturating_add(dates)
        })
    }

    /// The starts of the occurrences in a window, oldest first.
    ///
    /// # Errors
    /// [`RuleError::TooMany`] once the budget is used up.
    pub fn occurrences(&self, window: Window, budget: &mut Budget) -> Result<Vec<Timestamp>, RuleError> {
        if window.from > window.until {
            return Ok(vec![]);
        }
        let mut found = self.by_rule(window, budget)?;
        for date in self.dates() {
            if (window.from..=window.until).contains(&date) {
                budget.take()?;
                found.push(date);
            }
        }
        // A time that the clocks skip moves, perhaps onto or behind another one.
        found.sort_unstable();
        found.dedup();
        if !(self.excluded.seconds.is_empty() && self.excluded.dates.is_empty()) {
            found.retain(|at| !self.is_excluded(*at));
        }
        Ok(found)
    }

    /// The first occurrences at or after an instant, at most `count`.
    ///
    /// # Errors
    /// [`RuleError::TooMany`] once the budget is used up.
    pub fn next(&self, from: Timestamp, count: usize, budget: &mut Budget) -> Result<Vec<Timestamp>, RuleError> {
        let step = self.recurrence.rule.as_ref().map_or(1, super::Rule::step_seconds);
        let mut length = step
            .saturating_mul(SECOND)
            .saturating_mul(i64::try_from(count).unwrap_or(i64::MAX));
        let (mut from, mut found) = (from.max(self.earliest()), Vec::new());
        loop {
            let until = from.plus_millis(length);
            found.append(&mut self.occurrences(Window { from, until }, budget)?);
            let is_end =
                until.plus_millis(1) == until || self.end_within(until, budget)?.is_some_and(|end| end < until);
            if found.len() >= count || is_end {
                found.truncate(count);
                return Ok(found);
            }
            from = until.plus_millis(1);
            length = length.saturating_mul(2);
        }
    }

    /// The occurrence nearest to an instant, at most `distance` milliseconds away.
    ///
    /// # Errors
    /// [`RuleError::TooMany`] once the budget is used up.
    pub fn nearest(&self, to: Timestamp, distance: i64, budget: &mut Budget) -> Result<Option<Timestamp>, RuleError> {
        let window = Window {
            from: to.plus_millis(-distance),
            until: to.plus_millis(distance),
        };
        let found = self.occurrences(window, budget)?;
        Ok(found.into_iter().min_by_key(|at| at.millis_since(to).abs()))
    }

    /// The number of occurrences by the rule before an instant, also of those that are excluded.
    ///
    /// # Errors
    /// [`RuleError::TooMany`] once the budget is used up.
    pub fn count_before(&self, at: Timestamp, budget: &mut Budget) -> Result<u64, RuleError> {
        match &self.rule {
            Some(rule) => {
                // Rounded up to the next second that an occurrence may have.
                let at = at.plus_millis(SECOND - 1 - self.fraction());
                rule.count_before(self.zone.local(at).and_utc().timestamp(), budget)
            }
            None => Ok(u64::from(at > self.start)),
        }
    }

    /// The n-th occurrence by the rule, counted from 0, also of those that are excluded; `None` after the rule's end.
    ///
    /// # Errors
    /// [`RuleError::TooMany`] once the budget is used up.
    pub fn nth(&self, n: u64, budget: &mut Budget) -> Result<Option<Timestamp>, RuleError> {
        let Some(rule) = &self.rule else {
            return Ok(Some(self.start).filter(|_| n == 0));
        };
        let count = self.recurrence.rule.as_ref().and_then(|rule| rule.count);
        if count.is_some_and(|count| n >= u64::from(count)) {
            return Ok(None);
        }
        let at = rule.nth(n, i64::MAX, budget)?.map(|local| self.local_to_instant(local));
        Ok(at.filter(|at| self.until().is_none_or(|until| *at <= until)))
    }

    /// The last instant at which an occurrence may start, also by COUNT; `None` if there is no end.
    ///
    /// # Errors
    /// [`RuleError::TooMany`] once the budget is used up.
    pub fn end(&self, budget: &mut Budget) -> Result<Option<Timestamp>, RuleError> {
        self.end_within(Timestamp::from_millis(i64::MAX), budget)
    }

    /// The same, but also `None` if the last occurrence by COUNT starts after a limit.
    fn end_within(&self, limit: Timestamp, budget: &mut Budget) -> Result<Option<Timestamp>, RuleError> {
        let Some(rule) = &self.rule else {
            return Ok(Some(self.dates().max().map_or(self.start, |last| last.max(self.start))));
        };
        let by_count = self
            .last_by_count(rule, self.local_bound(limit, i64::max), budget)?
            .map(|local| self.local_to_instant(local));
        let end = match (self.until(), by_count) {
            (Some(until), Some(last)) => Some(until.min(last)),
            (until, last) => until.or(last),
        };
        Ok(end.map(|end| self.dates().max().map_or(end, |last| last.max(end))))
    }

    fn by_rule(&self, window: Window, budget: &mut Budget) -> Result<Vec<Timestamp>, RuleError> {
        let Some(rule) = &self.rule else {
            let start = Some(self.start).filter(|start| (window.from..=window.until).contains(start));
            return Ok(start.into_iter().collect());
        };
        let until = self.until().map_or(window.until, |until| until.min(window.until));
        if until < window.from || until < self.start {
            return Ok(vec![]);
        }
        let (from, mut last) = (
            self.local_bound(window.from, i64::min),
            self.local_bound(until, i64::max),
        );
        if let Some(last_by_count) = self.last_by_count(rule, last, budget)? {
            last = last.min(last_by_count);
        }
        let found = rule.between(from, last, budget)?;
        let instants = found.into_iter().map(|local| self.local_to_instant(local));
        Ok(instants.filter(|at| (window.from..=until).contains(at)).collect())
    }

    /// The local start of the last occurrence by COUNT, unless that is after a limit: so the rule is counted up to there
    /// only.
    fn last_by_count(
        &self,
        rule: &Expansion<'_>,
        limit: Local,
        budget: &mut Budget,
    ) -> Result<Option<Local>, RuleError> {
        let count = self.recurrence.rule.as_ref().and_then(|rule| rule.count);
        let (Some(count), None) = (count, self.last_by_count.get()) else {
            return Ok(self.last_by_count.get().copied());
        };
        let last = rule.nth(u64::from(count) - 1, limit, budget)?;
        Ok(last.map(|last| *self.last_by_count.get_or_init(|| last)))
    }

    /// A bound of the local times that become instants at or beyond one: clocks that change nearby make it wider.
    fn local_bound(&self, instant: Timestamp, pick: fn(i64, i64) -> i64) -> Local {
        let offset = |at: Timestamp| i64::from(self.zone.offset(at.to_utc()).local_minus_utc());
        let before = instant.plus_millis(-LONGEST_CLOCK_CHANGE);
        seconds(instant) + pick(offset(instant), offset(before))
    }

    fn local_to_instant(&self, local: Local) -> Timestamp {
        let local = DateTime::from_timestamp(local, 0).map_or(NaiveDateTime::MAX, |local| local.naive_utc());
        self.zone.instant(local).plus_millis(self.fraction())
    }

    /// The milliseconds of the start, which all occurrences share.
    fn fraction(&self) -> i64 {
        self.start.millis().rem_euclid(SECOND)
    }

    /// The instants of `RDATE`.
    fn dates(&self) -> impl Iterator<Item = Timestamp> {
        let dates = self.recurrence.dates.iter();
        dates.map(|moment| self.instant(moment).plus_millis(self.fraction()))
    }

    /// The instant of a date or time in the text; a date has the time of the start.
    fn instant(&self, moment: &Moment) -> Timestamp {
        match moment {
            moment if self.is_all_day => moment.date().and_time(NaiveTime::MIN).and_utc().into(),
            Moment::Utc(utc) => utc.and_utc().into(),
            Moment::Local(local) => self.zone.instant(*local),
            Moment::Zoned(local, zone) => zone.instant(*local),
            Moment::Date(date) => {
                let time = self
                    .zone
                    .local(Timestamp::from_millis(self.start.millis() - self.fraction()))
                    .time();
                self.zone.instant(date.and_time(time))
            }
        }
    }

    fn is_excluded(&self, at: Timestamp) -> bool {
        self.excluded.seconds.contains(&seconds(at))
            || (!self.excluded.dates.is_empty() && self.excluded.dates.contains(&self.zone.local(at).date()))
    }
}

fn seconds(instant: Timestamp) -> i64 {
    instant.millis().div_euclid(SECOND)
}
