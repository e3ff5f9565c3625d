//! Divides a series at one of its occurrences (contract, REST 7.6, "this and following").

use super::{Budget, Moment, Recurrence, RuleError, Series};
use crate::time::Timestamp;

/// The two parts of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Divided {
    /// The recurrence of the occurrences before the division.
    pub before: Recurrence,
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
    let last = at.plus_millis(-1_000).to_utc().naive_utc();
    before.end_at(if series.is_all_day() {
        Moment::Date(last.date())
    } else {
        Moment::Utc(last)
    });
    let first = series.next(series.earliest(), 1, &mut Budget::default())?;
    Ok(Divided {
        before,
        after,
        start: start.unwrap_or(at),
        is_whole: first.first().is_none_or(|first| *first >= at),
    })
}
