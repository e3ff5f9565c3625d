//! Keeps exceptions and excluded dates with their occurrences when a series changes (contract, REST 7.6).

use super::{
    occurrences::{NEAR, Named},
    times::{ceil, floor},
};
use crate::{
    service::Refusal,
    store::{
        Conn,
        schedule_exceptions::{self, Exception, Outline},
    },
};
use protocol::{
    recurrence::{Budget, Recurrence, RuleError, moved},
    rest::{DroppedException, schedule_time},
    schedule::Schedule,
    time::{Timestamp, Zone},
};
use std::collections::HashSet;
use uuid::Uuid;

/// The exceptions whose occurrence is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    exceptions: Vec<Exception>,
    all_day: bool,
}

impl Dropped {
    /// In REST form.
    pub fn views(&self, zone: Option<&Zone>) -> Vec<DroppedException> {
        let time = |time| schedule_time(time, self.all_day, zone);
        let views = self.exceptions.iter().map(|exception| DroppedException {
            original_start: time(exception.instance_start),
            removed: exception.removed,
            title: exception.title.clone(),
            description: exception.description.clone(),
            start_time: exception.start_time.map(time),
            end_time: exception.end_time.map(time),
        });
        views.collect()
    }
}

/// Whether a change may move or remove occurrences.
fn is_same_series(before: &Schedule, after: &Schedule) -> bool {
    let parts = |schedule: &Schedule| {
        let rule = schedule.rule().map(str::to_owned);
        (
            schedule.all_day,
            schedule.start_time,
            schedule.end_time,
            rule,
            schedule.recurrence_end,
        )
    };
    parts(before) == parts(after)
}

/// Moves the additional and excluded dates in the text of the rule with the start, unless the text itself was changed. What
/// was whole days keeps its days in the zone of the request.
///
/// # Errors
/// [`RuleError`].
pub(super) fn move_dates(before: &Schedule, after: &mut Schedule, zone: Option<&Zone>) -> Result<(), RuleError> {
    let is_moved = (before.all_day, before.start_time) != (after.all_day, after.start_time);
    let (Some(text), true) = (before.rule(), is_moved && before.rule() == after.rule()) else {
        return Ok(());
    };
    let recurrence: Recurrence = text.parse()?;
    let zone = zone.filter(|_| before.all_day && !after.all_day);
    if recurrence.dates.is_empty() && recurrence.excluded.is_empty() && zone.is_none() {
        return Ok(());
    }
    let mut changed = recurrence.clone();
    if let Some(zone) = zone {
        changed.set_zone(zone);
    }
    let old = before.series(&recurrence);
    let start = after.series(&changed).local(after.start_time);
    let shift = start - old.local(before.start_time);
    changed.dates = recurrence
        .dates
        .iter()
        .filter_map(|date| date.shifted(shift, &recurrence.zone))
        .collect();
    changed.excluded = vec![];
    let (all_old, mut excluded) = (old.with_excluded(), Vec::new());
    let new = after.series(&changed);
    for moment in &recurrence.excluded {
        for original in all_old.starts_of(moment, &mut Budget::default())? {
            if let Some(place) = moved(&all_old, &new, original)? {
                excluded.push(moment.like(new.local(place), place));
            }
        }
    }
    changed.excluded = excluded;
    after.recurrence_rule = Some(changed.text(start));
    Ok(())
}

/// Moves the exceptions of a schedule to where their occurrences are now, and deletes those whose occurrence is gone. The
/// exceptions are those of `before`, and are given to `after`.
///
/// # Errors
/// [`Refusal::Rule`], [`Refusal::Store`].
pub(super) async fn move_exceptions(
    conn: &mut Conn,
    before: &Schedule,
    after: &Schedule,
    zone: Option<&Zone>,
) -> Result<Dropped, Refusal> {
    if is_same_series(before, after) {
        return Ok(Dropped::default());
    }
    let ids: Vec<Uuid> = schedule_exceptions::outlines(conn, &[before.id])
        .await?
        .iter()
        .map(|one| one.id)
        .collect();
    if ids.is_empty() {
        return Ok(Dropped::default());
    }
    let mut exceptions = schedule_exceptions::find_all(conn, &ids).await?;
    exceptions.sort_by_key(|exception| exception.instance_start);
    let places = places(before, after, &exceptions)?;
    let (mut kept, mut dropped) = (Vec::new(), Vec::new());
    for (exception, place) in exceptions.into_iter().zip(places) {
        match place {
            Some(place) => kept.push((exception, place)),
            None => dropped.push(exception),
        }
    }
    let gone: Vec<Uuid> = dropped.iter().map(|exception| exception.id).collect();
    schedule_exceptions::delete(conn, &gone).await?;
    for (exception, place) in &kept {
        let changed = with_times(before, after, exception, *place, zone);
        if changed != *exception {
            schedule_exceptions::put(conn, &changed).await?;
        }
    }
    let moves: Vec<(Uuid, Timestamp)> = kept.iter().map(|(exception, place)| (exception.id, *place)).collect();
    schedule_exceptions::relocate(conn, after.id, &moves).await?;
    Ok(Dropped {
        exceptions: dropped,
        all_day: before.all_day,
    })
}

/// Where the occurrences of exceptions are now; of two that would be at one place, the first one keeps it.
fn places(before: &Schedule, after: &Schedule, exceptions: &[Exception]) -> Result<Vec<Option<Timestamp>>, RuleError> {
    let (Some(old), Some(new)) = (before.rule(), after.rule()) else {
        return Ok(vec![None; exceptions.len()]);
    };
    let (old, new): (Recurrence, Recurrence) = (old.parse()?, new.parse()?);
    let (old, new) = (before.series(&old), after.series(&new));
    let mut taken = HashSet::new();
    let place = |exception: &Exception| -> Result<Option<Timestamp>, RuleError> {
        let place = match old.nearest(exception.instance_start, NEAR, &mut Budget::default())? {
            Some(original) => moved(&old, &new, original)?,
            None => None,
        };
        Ok(place.filter(|place| taken.insert(*place)))
    };
    exceptions.iter().map(place).collect()
}

/// The exception with times that suit the changed series: one that was moved stays where it is shown.
fn with_times(
    before: &Schedule,
    after: &Schedule,
    exception: &Exception,
    place: Timestamp,
    zone: Option<&Zone>,
) -> Exception {
    let mut changed = exception.clone();
    let length = before.end_time.millis_since(before.start_time);
    match (exception.start_time, exception.end_time) {
        (None, None) => return changed,
        (Some(_), None) if place != exception.instance_start || is_resized(before, after) => {
            changed.end_time = Some(exception.instance_start.plus_millis(length));
        }
        (None, Some(_)) if place != exception.instance_start => changed.start_time = Some(exception.instance_start),
        _ => {}
    }
    match (before.all_day, after.all_day) {
        (true, false) => {
            changed.start_time = changed.start_time.map(|time| time.in_zone(zone));
            changed.end_time = changed.end_time.map(|time| time.in_zone(zone));
        }
        (false, true) => {
            changed.start_time = changed.start_time.map(|time| floor(time.floating(zone)));
            changed.end_time = changed.end_time.map(|time| ceil(time.floating(zone)));
        }
        _ => {}
    }
    changed
}

fn is_resized(before: &Schedule, after: &Schedule) -> bool {
    let length = |schedule: &Schedule| schedule.end_time.millis_since(schedule.start_time);
    length(before) != length(after)
}

/// The exceptions of the occurrences from one on.
pub(super) fn later_exceptions(known: &[Outline], from: Named) -> Vec<(Uuid, Timestamp)> {
    let later = known
        .iter()
        .filter(|exception| exception.instance_start >= from.original || Some(exception.id) == from.exception);
    later
        .map(|exception| (exception.id, exception.instance_start))
        .collect()
}
