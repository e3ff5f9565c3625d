//! Changes and deletes schedules (contract, REST 7.4).

use super::{
    Schedules,
    changed_series::{Dropped, move_dates, move_exceptions},
    create::{changed, check_times, own, own_schedule},
    times::{Times, TimesPatch},
    visible::VisibleSchedule,
};
use crate::{
    clock,
    service::{Refusal, effects::Effects, quotas::QuotaCheck, references, removal},
    store::{Conn, schedules, tagged, timer_links::DeletionSet},
};
use futures_util::FutureExt;
use protocol::{
    id::{ScheduleId, TagGroupId, TagId, TodoId, UserId},
    rest::ScheduleView,
    schedule::{Schedule, ScheduleState},
    time::{Timestamp, Zone},
};

/// Changes to a schedule (contract, REST 4.7): `None` keeps a field, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct SchedulePatch {
    pub title: Option<String>,
    pub description: Option<Option<String>>,
    pub times: TimesPatch,
    /// RFC 5545 text.
    pub recurrence_rule: Option<Option<String>>,
    /// The last instant at which an occurrence may start.
    pub recurrence_end: Option<Option<Timestamp>>,
    /// The complete set of tags.
    pub tag_ids: Option<Vec<TagId>>,
    /// The schedule's own tag group.
    pub tag_group_id: Option<Option<TagGroupId>>,
    /// The todo that it belongs to.
    pub source_todo_id: Option<Option<TodoId>>,
    pub state: Option<ScheduleState>,
}

/// A schedule after a change.
#[derive(Clone, Debug)]
pub struct Changed {
    pub schedule: VisibleSchedule,
    /// The exceptions whose occurrence is gone; `None` if the schedule neither recurs nor did.
    pub dropped: Option<Dropped>,
}

impl Changed {
    /// The schedule in REST form.
    pub fn view(&self, zone: Option<&Zone>) -> ScheduleView {
        ScheduleView {
            dropped_exceptions: self.dropped.as_ref().map(|dropped| dropped.views(zone)),
            ..self.schedule.view(zone)
        }
    }
}

impl Schedules {
    /// Changes a schedule. Exceptions stay with their occurrences.
    ///
    /// # Errors
    /// [`Refusal`]: the schedule or a named resource is missing, or the result would be invalid.
    pub async fn patch(&self, owner: UserId, id: ScheduleId, patch: SchedulePatch) -> Result<Changed, Refusal> {
        let quotas = self.store.quotas();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let schedule = own_schedule(conn, &owner, id).await?;
                    check_references(conn, &owner, &patch).await?;
                    let check = QuotaCheck::begin(conn, quotas, &owner).await?;
                    let retagged = patch.tag_ids.is_some();
                    let result = change(conn, schedule.clone(), patch).await?;
                    check.end::<Refusal>(conn).await?;
                    if !retagged && result.schedule.schedule == schedule {
                        return Ok(Effects::none(result));
                    }
                    let effects = changed(conn, &owner, &[&schedule, &result.schedule.schedule]).await?;
                    Ok(effects.with(result))
                }
                .boxed()
            })
            .await
    }

    /// Deletes a schedule with its exceptions; timers and the todo stay.
    ///
    /// # Errors
    /// [`Refusal::ScheduleNotFound`].
    pub async fn delete(&self, owner: UserId, id: ScheduleId) -> Result<(), Refusal> {
        let now = clock::now();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    own_schedule(conn, &owner, id).await?;
                    let gone = DeletionSet {
                        schedules: vec![id],
                        ..DeletionSet::default()
                    };
                    Ok::<_, Refusal>(removal::remove(conn, &owner, &gone, now).await?)
                }
                .boxed()
            })
            .await
    }
}

/// Checks that the tags, the group and the todo of a patch belong to the user.
pub(super) async fn check_references(conn: &mut Conn, owner: &UserId, patch: &SchedulePatch) -> Result<(), Refusal> {
    references::own_tags(conn, owner, patch.tag_ids.as_deref().unwrap_or_default()).await?;
    references::own_group(conn, owner, patch.tag_group_id.flatten()).await?;
    references::own_todo(conn, owner, patch.source_todo_id.flatten()).await
}

/// Stores the changes of a schedule, and moves its exceptions with their occurrences.
pub(super) async fn change(conn: &mut Conn, schedule: Schedule, patch: SchedulePatch) -> Result<Changed, Refusal> {
    let (tag_ids, zone, keeps_text) = (
        patch.tag_ids.clone(),
        patch.times.zone.clone(),
        patch.recurrence_rule.is_none(),
    );
    let mut patched = patched(&schedule, patch);
    let mut dropped = Dropped::default();
    if patched != schedule {
        check_times(&patched)?;
        if keeps_text {
            move_dates(&schedule, &mut patched, zone.as_ref())?;
        }
        dropped = move_exceptions(conn, &schedule, &patched, zone.as_ref()).await?;
        schedules::update(conn, &patched).await?;
    }
    if let Some(tag_ids) = tag_ids {
        tagged::replace(conn, &[patched.id], &tag_ids).await?;
    }
    let recurs = schedule.rule().or(patched.rule()).is_some();
    Ok(Changed {
        schedule: own(conn, patched).await?,
        dropped: recurs.then_some(dropped),
    })
}

fn patched(schedule: &Schedule, patch: SchedulePatch) -> Schedule {
    let source_todo_id = patch.source_todo_id.unwrap_or(schedule.source_todo_id);
    let (times, zone) = (patch.times.apply(Times::of(schedule)), patch.times.zone.as_ref());
    // The end of whole days is kept like them.
    let recurrence_end = match patch.recurrence_end {
        Some(end) if times.all_day => end.map(|end| end.floating(zone)),
        Some(end) => end,
        None => match (schedule.all_day, times.all_day) {
            (false, true) => schedule.recurrence_end.map(|end| end.floating(zone)),
            (true, false) => schedule.recurrence_end.map(|end| end.in_zone(zone)),
            _ => schedule.recurrence_end,
        },
    };
    Schedule {
        title: patch.title.unwrap_or_else(|| schedule.title.clone()),
        description: patch.description.unwrap_or_else(|| schedule.description.clone()),
        all_day: times.all_day,
        start_time: times.start,
        end_time: times.end,
        recurrence_rule: patch
            .recurrence_rule
            .unwrap_or_else(|| schedule.recurrence_rule.clone()),
        recurrence_end,
        tag_group_id: patch.tag_group_id.unwrap_or(schedule.tag_group_id),
        // It was not created by the deadline of the new todo.
        from_deadline: schedule.from_deadline && source_todo_id == schedule.source_todo_id,
        source_todo_id,
        state: patch.state.unwrap_or(schedule.state),
        ..schedule.clone()
    }
}
