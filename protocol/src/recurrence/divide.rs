//! Divides a series at one of its occurrences (contract, REST 7.6, "this and following").

use super::{Budget, Moment, Recurrence, RuleError, Series};
use crate::time::Timestamp;

/// The two parts of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Divided {
    /// The recurrence of the occurrences before the division; `None` if there is one at most.
    pub before: Option<Recurrence>,
    /// The start of the first series.
    pub before_start: Timestamp,
    /// That of the others.
    pub after: Recurrence,
    /// The start of the second series: its first occurrence by the rule.
    pub start: Timestamp,
    /// Whether no occurrence is before the division.
    pub is_whole: bool,
}

/// Divides a series before the occurrence that starts at an instant.
///
/// # Errors
/// [`RuleError::TooMany`] if the series cannot be expanded there.
pub fn divide(series: &Series<'_>, at: Timestamp) -> Result<Divided, RuleError> {
    let (mut before, mut after) = (series.recurrence().clone(), series.recurrence().clone());
    for (earlier, later) in [
        (&mut before.dates, &mut after.dates),
        (&mut before.excluded, &mut after.excluded),
    ] {
        earlier.retain(|moment| series.is_before(moment, at));
        later.retain(|moment| !series.is_before(moment, at));
    }
    let passed = series.count_before(at, &mut Budget::default())?;
    // An additional date is no start of a rule: that counts its steps from its own occurrences.
    let start = series.nth(passed, &mut Budget::default())?;
    match (start, series.recurrence().rule.as_ref().and_then(|rule| rule.count)) {
        (None, _) => after.rule = None,
        (Some(_), Some(count)) => {
            let left = u64::from(count).saturating_sub(passed);
            after.end_after(u32::try_from(left).unwrap_or(count).max(1));
        }
        (Some(_), None) => {}
    }
    // By COUNT, not by UNTIL: so it stays right when the first series is moved.
    match u32::try_from(passed) {
        Ok(0) => before.rule = None,
        Ok(passed) if before.rule.is_some() => before.end_after(passed),
        _ => before.end_at(Moment::Utc(at.plus_millis(-1_000).to_utc().naive_utc())),
    }
    let first = series
        .next(series.earliest(), 1, &mut Budget::default())?
        .first()
        .copied();
    let is_only_dates = before.rule.is_none() && series.recurrence().rule.is_some();
    Ok(Divided {
        before: Some(before).filter(|before| before.rule.is_some() || !before.dates.is_empty()),
        // Without the rule the start is an occurrence.
        before_start: first.filter(|_| is_only_dates).unwrap_or(series.start()),
        after,
        start: start.unwrap_or(at),
        is_whole: first.is_none_or(|first| first >= at),
    })
}
