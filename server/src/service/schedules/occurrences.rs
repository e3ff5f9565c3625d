//! Occurrences of recurring schedules with their exceptions (contract, REST 7.6). Pure.

use crate::store::{schedule_exceptions::Outline as ExceptionOutline, schedules::Outline};
use protocol::{
    recurrence::{Budget, RuleError, Series, Window},
    time::{Timestamp, Zone},
};
use uuid::Uuid;

/// The maximum distance between an occurrence's start and the start in a request or in its exception, in milliseconds.
pub(super) const NEAR: i64 = 60_000;

/// The times of an occurrence of a recurring schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// The start by the rule.
    pub original: Timestamp,
    /// The actual start.
    pub start_time: Timestamp,
    /// The actual end.
    pub end_time: Timestamp,
    /// The exception.
    pub exception: Option<Uuid>,
    /// The maximum size of its title and description, in bytes.
    pub text_bytes: usize,
}

impl Occurrence {
    fn new(parent: &Outline, original: Timestamp, exception: Option<&ExceptionOutline>) -> Self {
        let end = original.plus_millis(parent.end_time.millis_since(parent.start_time));
        Self {
            original,
            start_time: exception.and_then(|exception| exception.start_time).unwrap_or(original),
            end_time: exception.and_then(|exception| exception.end_time).unwrap_or(end),
            exception: exception.map(|exception| exception.id),
            text_bytes: parent.text_bytes + exception.map_or(0, |exception| exception.text_bytes),
        }
    }
}

/// Whether times overlap a window, borders included; whole days end before the midnight after them.
pub(super) fn overlaps(all_day: bool, start: Timestamp, end: Timestamp, window: Window) -> bool {
    start <= window.until && (end > window.from || (!all_day && end == window.from))
}

/// The window in the time that a schedule is kept in: for whole days, the reader's local time.
pub(super) fn window_of(all_day: bool, window: Window, zone: Option<&Zone>) -> Window {
    if !all_day {
        return window;
    }
    Window {
        from: window.from.floating(zone),
        until: window.until.floating(zone),
    }
}

/// The occurrences of a schedule that overlap a window, borders included, ordered by start. Removed ones are left out,
/// and changed ones are at their new times.
///
/// # Errors
/// [`RuleError`].
pub(super) fn overlapping(
    parent: &Outline,
    series: &Series<'_>,
    exceptions: &[ExceptionOutline],
    window: Window,
    budget: &mut Budget,
) -> Result<Vec<Occurrence>, RuleError> {
    let length = parent.end_time.millis_since(parent.start_time);
    // Wider than the window, so that an exception finds its occurrence on the other side of a border.
    let wide = Window {
        from: window.from.plus_millis(-length - NEAR),
        until: window.until.plus_millis(NEAR),
    };
    let mut starts = series.occurrences(wide, budget)?;
    for exception in exceptions {
        let moved = Occurrence::new(parent, exception.instance_start, Some(exception));
        let known = (wide.from..=wide.until).contains(&exception.instance_start);
        if !known && !exception.removed && overlaps(parent.all_day, moved.start_time, moved.end_time, window) {
            starts.extend(series.nearest(exception.instance_start, NEAR, budget)?);
        }
    }
    starts.sort_unstable();
    starts.dedup();
    let mut by_start: Vec<(Timestamp, Option<&ExceptionOutline>)> =
        starts.into_iter().map(|start| (start, None)).collect();
    for exception in exceptions {
        if let Some(place) = nearest(&by_start, exception.instance_start, |(start, _)| *start) {
            by_start[place].1 = Some(exception);
        }
    }
    let occurrences = by_start
        .into_iter()
        .filter(|(_, exception)| exception.is_none_or(|exception| !exception.removed))
        .map(|(start, exception)| Occurrence::new(parent, start, exception));
    let mut occurrences: Vec<Occurrence> = occurrences
        .filter(|one| overlaps(parent.all_day, one.start_time, one.end_time, window))
        .collect();
    occurrences.sort_by_key(|one| one.start_time);
    Ok(occurrences)
}

/// The index of the item nearest to an instant, within [`NEAR`]; `items` are sorted by it.
fn nearest<T>(items: &[T], instant: Timestamp, at: impl Fn(&T) -> Timestamp) -> Option<usize> {
    let after = items.partition_point(|item| at(item) < instant);
    let distance = |place: usize| at(&items[place]).millis_since(instant).abs();
    let places = [after.checked_sub(1), Some(after).filter(|place| *place < items.len())];
    places
        .into_iter()
        .flatten()
        .min_by_key(|place| distance(*place))
        .filter(|place| distance(*place) <= NEAR)
}

/// An occurrence that a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Its start by the rule, or in its exception.
    pub original: Timestamp,
    /// Its exception.
    pub exception: Option<Uuid>,
}

/// The occurrence that is named by its start: first by the rule's, then, of a moved one, by the shown one. Exceptions
/// are ordered by the start of their occurrence.
///
/// # Errors
/// [`RuleError::TooMany`].
pub(super) fn named(
    series: &Series<'_>,
    exceptions: &[ExceptionOutline],
    start: Timestamp,
) -> Result<Option<Named>, RuleError> {
    let named = |exception: &ExceptionOutline| Named {
        original: exception.instance_start,
        exception: Some(exception.id),
    };
    let nearby =
        |start| nearest(exceptions, start, |exception| exception.instance_start).map(|place| &exceptions[place]);
    if let Some(original) = series.nearest(start, NEAR, &mut Budget::default())? {
        let exception = match nearby(original) {
            // Another occurrence may be as near.
            Some(one) => series
                .nearest(one.instance_start, NEAR, &mut Budget::default())?
                .filter(|place| *place == original)
                .map(|_| one.id),
            None => None,
        };
        return Ok(Some(Named { original, exception }));
    }
    if let Some(exception) = nearby(start) {
        return Ok(Some(named(exception)));
    }
    let moved = exceptions.iter().filter_map(|exception| {
        let distance = exception.start_time?.millis_since(start).abs();
        (distance <= NEAR).then_some((exception.removed, distance, exception))
    });
    let nearest = moved.min_by_key(|(removed, distance, _)| (*removed, *distance));
    Ok(nearest.map(|(.., exception)| named(exception)))
}

/// Whether all occurrences of a series that ends are removed.
///
/// # Errors
/// [`RuleError`].
pub(super) fn all_removed(series: &Series<'_>, exceptions: &[ExceptionOutline]) -> Result<bool, RuleError> {
    let left = || -> Result<bool, RuleError> {
        let mut budget = Budget::default();
        let Some(until) = series.end(&mut budget)? else {
            return Ok(true);
        };
        let window = Window {
            from: series.earliest(),
            until,
        };
        let starts = series.occurrences(window, &mut budget)?;
        let mut left: Vec<(Timestamp, bool)> = starts.into_iter().map(|start| (start, true)).collect();
        for exception in exceptions.iter().filter(|exception| exception.removed) {
            if let Some(place) = nearest(&left, exception.instance_start, |(start, _)| *start) {
                left[place].1 = false;
            }
        }
        Ok(left.iter().any(|(_, left)| *left))
    };
    match left() {
        Ok(left) => Ok(!left),
        // More than anyone removes one by one.
        Err(RuleError::TooMany) => Ok(false),
        Err(error) => Err(error),
    }
}
