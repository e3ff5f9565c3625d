//! Changes and deletes schedules (contract, REST 7.4).

use super::{
    Schedules,
    create::{check_times, own, own_schedule},
    visible::VisibleSchedule,
};
use crate::{
    clock,
    service::{Refusal, effects::Effects, quotas::QuotaCheck, references, removal},
    store::{schedules, tagged, timer_links::DeletionSet},
};
use futures_util::FutureExt;
use protocol::{
    id::{ScheduleId, TagGroupId, TagId, TodoId, UserId},
    schedule::{Schedule, ScheduleState},
    time::Timestamp,
};

/// Changes to a schedule (contract, REST 4.7): `None` keeps a field, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct SchedulePatch {
    pub title: Option<String>,
    pub description: Option<Option<String>>,
    pub start_time: Option<Timestamp>,
    pub end_time: Option<Timestamp>,
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

impl Schedules {
    /// Changes a schedule.
    ///
    /// # Errors
    /// [`Refusal`]: the schedule or a named resource is missing, or the result would be invalid.
    pub async fn patch(&self, owner: UserId, id: ScheduleId, patch: SchedulePatch) -> Result<VisibleSchedule, Refusal> {
        let quotas = self.store.quotas();
        self.store
            .writer()
            .write(move |conn| {
                async move {
                    let schedule = own_schedule(conn, &owner, id).await?;
                    references::own_tags(conn, &owner, patch.tag_ids.as_deref().unwrap_or_default()).await?;
                    references::own_group(conn, &owner, patch.tag_group_id.flatten()).await?;
                    references::own_todo(conn, &owner, patch.source_todo_id.flatten()).await?;
                    let tag_ids = patch.tag_ids.clone();
                    let patched = patched(&schedule, patch);
                    if patched != schedule {
                        check_times(&patched)?;
                        let check = QuotaCheck::begin(conn, quotas, &owner).await?;
                        schedules::update(conn, &patched).await?;
                        check.end::<Refusal>(conn).await?;
                    }
                    if let Some(tag_ids) = tag_ids {
                        tagged::replace(conn, &[id], &tag_ids).await?;
                    }
                    Ok(own(conn, patched).await?)
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
                    let events = removal::remove(conn, &owner, &gone, now).await?;
                    Ok::<_, Refusal>(Effects::events(events))
                }
                .boxed()
            })
            .await
    }
}

fn patched(schedule: &Schedule, patch: SchedulePatch) -> Schedule {
    let source_todo_id = patch.source_todo_id.unwrap_or(schedule.source_todo_id);
    Schedule {
        title: patch.title.unwrap_or_else(|| schedule.title.clone()),
        description: patch.description.unwrap_or_else(|| schedule.description.clone()),
        start_time: patch.start_time.unwrap_or(schedule.start_time),
        end_time: patch.end_time.unwrap_or(schedule.end_time),
        recurrence_rule: patch
            .recurrence_rule
            .unwrap_or_else(|| schedule.recurrence_rule.clone()),
        recurrence_end: patch.recurrence_end.unwrap_or(schedule.recurrence_end),
        tag_group_id: patch.tag_group_id.unwrap_or(schedule.tag_group_id),
        // It was not created by the deadline of the new todo.
        from_deadline: schedule.from_deadline && source_todo_id == schedule.source_todo_id,
        source_todo_id,
        state: patch.state.unwrap_or(schedule.state),
        ..schedule.clone()
    }
}
