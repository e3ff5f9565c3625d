//! Changes and ends a series from one of its occurrences on (contract, REST 7.6).

use super::{
    Schedules,
    changed_series::later_exceptions,
    create::{changed, own_schedule},
    edit::{Changed, SchedulePatch, change, check_references},
    instances::{occurrence, recurrence_of},
    occurrences::{Named, all_removed},
};
use crate::{
    clock,
    service::{Refusal, effects::Effects, quotas::QuotaCheck, removal},
    store::{
        Conn,
        schedule_exceptions::{self, Outline},
        schedules, tagged,
        timer_links::DeletionSet,
        visibilities::{self, Visibility},
    },
};
use futures_util::FutureExt;
use protocol::{
    id::{ScheduleId, TagId, UserId},
    recurrence::{self, Divided},
    schedule::Schedule,
    sharing::ResourceKind,
    time::{Timestamp, Zone},
};
use uuid::Uuid;

/// A series with the occurrence at which it is divided.
struct Division {
    parent: Schedule,
    at: Named,
    known: Vec<Outline>,
    parts: Divided,
}

impl Schedules {
    /// Changes an occurrence and all later ones: they become a series of their own, which is the result. If it is the
    /// first one, the series itself is changed.
    ///
    /// # Errors
    /// Those of [`Schedules::patch`], [`Refusal::OccurrenceNotFound`], [`Refusal::NotRecurring`].
    pub async fn patch_following(
        &self,
        owner: UserId,
        id: ScheduleId,
        instance_start: Timestamp,
        patch: SchedulePatch,
    ) -> Result<Changed, Refusal> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let zone = patch.times.zone.clone();
                    let division = divide(conn, &owner, id, instance_start, zone.as_ref()).await?;
                    check_references(conn, &owner, &patch).await?;
                    let check = QuotaCheck::begin(conn, quotas, &owner).await?;
                    let parent = division.parent.clone();
                    let (result, ended) = if division.parts.is_whole {
                        let patch = for_start(patch, &division, division.parent.start_time);
                        (change(conn, division.parent, patch).await?, Effects::none(()))
                    } else {
                        let result = split(conn, &division, patch, now).await?;
                        (result, end_before(conn, &division, &owner, now).await?)
                    };
                    check.end::<Refusal>(conn).await?;
                    let effects = changed(conn, &owner, &[&parent, &result.schedule.schedule]).await?;
                    Ok::<_, Refusal>(effects.and(ended).with(result))
                }
                .boxed()
            })
            .await
    }

    /// Ends a series before one of its occurrences; if that is the first one, deletes the schedule.
    ///
    /// # Errors
    /// [`Refusal::ScheduleNotFound`], [`Refusal::OccurrenceNotFound`], [`Refusal::NotRecurring`].
    pub async fn delete_following(
        &self,
        owner: UserId,
        id: ScheduleId,
        instance_start: Timestamp,
        zone: Option<Zone>,
    ) -> Result<(), Refusal> {
        let now = clock::now();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let division = divide(conn, &owner, id, instance_start, zone.as_ref()).await?;
                    if division.parts.is_whole {
                        return Ok(removal::remove(conn, &owner, &deletion(id), now).await?);
                    }
                    let later = later_exceptions(&division.known, division.at);
                    let later: Vec<Uuid> = later.into_iter().map(|(id, _)| id).collect();
                    schedule_exceptions::delete(conn, &later).await?;
                    let ended = end_before(conn, &division, &owner, now).await?;
                    Ok::<_, Refusal>(changed(conn, &owner, &[&division.parent]).await?.and(ended))
                }
                .boxed()
            })
            .await
    }
}

fn deletion(id: ScheduleId) -> DeletionSet {
    DeletionSet {
        schedules: vec![id],
        ..DeletionSet::default()
    }
}

async fn divide(
    conn: &mut Conn,
    owner: &UserId,
    id: ScheduleId,
    instance_start: Timestamp,
    zone: Option<&Zone>,
) -> Result<Division, Refusal> {
    let parent = own_schedule(conn, owner, id).await?;
    let recurrence = recurrence_of(&parent)?;
    let known = schedule_exceptions::outlines(conn, &[id]).await?;
    let series = parent.series(&recurrence);
    let at = occurrence(&series, &known, &parent, instance_start, zone)?;
    let parts = recurrence::divide(&series, at.original)?;
    Ok(Division {
        parts,
        known,
        at,
        parent,
    })
}

/// The times of the change are those of the occurrence; the start of a series may be another one.
fn for_start(patch: SchedulePatch, division: &Division, start: Timestamp) -> SchedulePatch {
    SchedulePatch {
        times: patch.times.shifted(start.millis_since(division.at.original)),
        ..patch
    }
}

/// Stores the occurrences from the division on as a series of their own, with the change.
async fn split(conn: &mut Conn, division: &Division, patch: SchedulePatch, now: Timestamp) -> Result<Changed, Refusal> {
    let parent = &division.parent;
    let length = parent.end_time.millis_since(parent.start_time);
    let mut new = Schedule {
        id: ScheduleId(Uuid::now_v7()),
        start_time: division.parts.start,
        end_time: division.parts.start.plus_millis(length),
        from_deadline: false,
        created_at: now,
        ..parent.clone()
    };
    if division.parts.after.rule.is_none() {
        // It ends the rule only.
        new.recurrence_end = None;
    }
    let local = new.series(&division.parts.after).local(new.start_time);
    new.recurrence_rule = Some(division.parts.after.text(local));
    schedules::insert(conn, &new).await?;
    let tags = tagged::tags_of(conn, &[parent.id])
        .await?
        .remove(&parent.id)
        .unwrap_or_default();
    let tags: Vec<TagId> = tags.iter().map(|tag| tag.id).collect();
    tagged::replace(conn, &[new.id], &tags).await?;
    if let Some(visibility) = visibilities::find(conn, ResourceKind::Schedule, parent.id.0).await? {
        let copy = Visibility {
            id: Uuid::now_v7(),
            resource_id: new.id.0,
            ..visibility
        };
        visibilities::put(conn, &copy).await?;
    }
    let later = later_exceptions(&division.known, division.at);
    schedule_exceptions::relocate(conn, new.id, &later).await?;
    let patch = for_start(patch, division, new.start_time);
    change(conn, new, patch).await
}

/// Ends a series before the division. Without an occurrence it is deleted.
async fn end_before(
    conn: &mut Conn,
    division: &Division,
    owner: &UserId,
    now: Timestamp,
) -> Result<Effects<()>, Refusal> {
    let (parent, parts) = (&division.parent, &division.parts);
    let mut ended = Schedule {
        start_time: parts.before_start,
        end_time: parts
            .before_start
            .plus_millis(parent.end_time.millis_since(parent.start_time)),
        ..parent.clone()
    };
    let text = parts
        .before
        .as_ref()
        .map(|before| before.text(ended.series(before).local(ended.start_time)));
    ended.recurrence_rule = text;
    schedules::update(conn, &ended).await?;
    let known = schedule_exceptions::outlines(conn, &[ended.id]).await?;
    let is_empty = match &parts.before {
        Some(before) => all_removed(&ended.series(before), &known)?,
        // A plain schedule: the one occurrence that is left.
        None => known.iter().any(|exception| exception.removed),
    };
    if is_empty {
        return Ok(removal::remove(conn, owner, &deletion(ended.id), now).await?);
    }
    Ok(Effects::none(()))
}
