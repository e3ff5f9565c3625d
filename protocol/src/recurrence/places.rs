//! Which occurrence of a changed series is the one that had a certain start before (contract, REST 7.6).

use super::{Budget, Frequency, Rule, RuleError, Series, Window};
use crate::time::Timestamp;
use chrono::{Datelike, Months, NaiveDate, NaiveTime, TimeDelta};

/// The start that an occurrence of `old` has in `new`; `None` if its place is gone.
///
/// - If the rule takes its days from the start (`FREQ=WEEKLY`), a start on another day moves all of them: the n-th
///   occurrence stays the n-th.
/// - Else the occurrence stays on its date, if the series still has one there, at the time that it has now.
/// - Else it is the one with the same place in its week, month or year, if there are as many as before: Tuesday's, where
///   Monday's was.
/// - Else it is the n-th again, if the rule recurs as before but on other dates, and otherwise none.
///
/// # Errors
/// [`RuleError::TooMany`] if a series cannot be expanded there.
pub fn moved(old: &Series<'_>, new: &Series<'_>, original: Timestamp) -> Result<Option<Timestamp>, RuleError> {
    let by_number = is_same_rule(old, new);
    if by_number && moves_with_start(old, new) {
        return by_index(old, new, original);
    }
    if new.nearest(original, 0, &mut Budget::default())?.is_some() {
        return Ok(Some(original));
    }
    let date = old.local(original).date();
    let next = date.succ_opt().unwrap_or(date);
    if let Some(found) = in_same_place((old, (date, next)), (new, (date, next)), original)? {
        return Ok(Some(found));
    }
    if let Some((before, now)) = common_periods(old, new, date)
        && let Some(found) = in_same_place((old, before), (new, now), original)?
    {
        return Ok(Some(found));
    }
    if by_number && !is_trimmed(old, new)? {
        return by_index(old, new, original);
    }
    Ok(None)
}

/// Whether the new series begins on a date of the old one: then occurrences before are gone, and the others stayed.
fn is_trimmed(old: &Series<'_>, new: &Series<'_>) -> Result<bool, RuleError> {
    let Some(first) = new.nth(0, &mut Budget::default())? else {
        return Ok(true);
    };
    let date = new.local(first).date();
    Ok(!within(old, (date, date.succ_opt().unwrap_or(date)))?.is_empty())
}

fn is_same_rule(old: &Series<'_>, new: &Series<'_>) -> bool {
    match (&old.recurrence().rule, &new.recurrence().rule) {
        (Some(a), Some(b)) => a.recurs_like(b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Whether another start moved all occurrences by the rule.
fn moves_with_start(old: &Series<'_>, new: &Series<'_>) -> bool {
    let Some(rule) = &old.recurrence().rule else {
        return false;
    };
    let (before, now) = (old.local(old.start()), new.local(new.start()));
    let is_moved = if rule.frequency.is_intraday() {
        before != now
    } else {
        before.date() != now.date()
    };
    is_moved && rule.follows_start()
}

fn by_index(old: &Series<'_>, new: &Series<'_>, original: Timestamp) -> Result<Option<Timestamp>, RuleError> {
    let index = old.count_before(original, &mut Budget::default())?;
    // An additional date is no occurrence by the rule.
    if old.nth(index, &mut Budget::default())? != Some(original) {
        return shifted_date(old, new, original);
    }
    match new.nth(index, &mut Budget::default())? {
        // It may be excluded.
        Some(place) => new.nearest(place, 0, &mut Budget::default()),
        None => Ok(None),
    }
}

/// The place of an additional date after the same move as the start.
fn shifted_date(old: &Series<'_>, new: &Series<'_>, original: Timestamp) -> Result<Option<Timestamp>, RuleError> {
    let shift = new.local(new.start()) - old.local(old.start());
    let Some(local) = old.local(original).checked_add_signed(shift) else {
        return Ok(None);
    };
    new.nearest(new.instant_of(local), 0, &mut Budget::default())
}

/// A first date, and the first one after the last.
type Dates = (NaiveDate, NaiveDate);

/// The occurrences of a series between two dates.
fn within(series: &Series<'_>, dates: Dates) -> Result<Vec<Timestamp>, RuleError> {
    let begin = |date: NaiveDate| series.instant_of(date.and_time(NaiveTime::MIN));
    let window = Window {
        from: begin(dates.0),
        until: begin(dates.1).plus_millis(-1),
    };
    series.occurrences(window, &mut Budget::default())
}

/// The occurrence of the new series with the same position between dates, if both series have as many there.
fn in_same_place(
    old: (&Series<'_>, Dates),
    new: (&Series<'_>, Dates),
    original: Timestamp,
) -> Result<Option<Timestamp>, RuleError> {
    let (before, now) = (within(old.0, old.1)?, within(new.0, new.1)?);
    let position = before.iter().position(|at| *at == original);
    Ok(position
        .filter(|_| before.len() == now.len())
        .map(|position| now[position]))
}

/// The week, month or year around a date, if both rules recur by it. A start that moved by less than that moves the
/// period with it: Sunday evening may have become Monday.
fn common_periods(old: &Series<'_>, new: &Series<'_>, date: NaiveDate) -> Option<(Dates, Dates)> {
    let (rule, new_rule) = (old.recurrence().rule.as_ref()?, new.recurrence().rule.as_ref()?);
    if rule.frequency != new_rule.frequency {
        return None;
    }
    let shift = (new.local(new.start()).date() - old.local(old.start()).date()).num_days();
    let is_short = shift.abs() < rule.frequency.seconds() / 86_400;
    let moved = if is_short {
        date.checked_add_signed(TimeDelta::days(shift))?
    } else {
        date
    };
    Some((period(rule, date)?, period(new_rule, moved)?))
}

fn period(rule: &Rule, date: NaiveDate) -> Option<Dates> {
    match rule.frequency {
        Frequency::Weekly => {
            let days = i64::from(date.weekday().days_since(rule.week_start));
            let first = date.checked_sub_signed(TimeDelta::days(days))?;
            Some((first, first.checked_add_signed(TimeDelta::days(7))?))
        }
        Frequency::Monthly => {
            let first = date.with_day(1)?;
            Some((first, first.checked_add_months(Months::new(1))?))
        }
        Frequency::Yearly => {
            let first = NaiveDate::from_ymd_opt(date.year(), 1, 1)?;
            Some((first, first.checked_add_months(Months::new(12))?))
        }
        _ => None,
    }
}
