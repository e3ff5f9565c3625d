//! One occurrence of a recurring schedule: its view, and its changes (contract, REST 7.6).

use super::{
    Schedules,
    create::{changed, own_schedule},
    occurrences::{Named, all_removed, named},
    times::TimesPatch,
};
use crate::{
    clock,
    config::QuotasConfig,
    service::{
        Refusal,
        quotas::{QuotaCheck, QuotaExceeded},
        references, removal,
    },
    store::{
        Conn,
        schedule_exceptions::{self, Exception, Outline as ExceptionOutline},
        timer_links::DeletionSet,
    },
};
use futures_util::FutureExt;
use protocol::{
    id::{ScheduleId, TagId, UserId},
    recurrence::{Recurrence, RuleError, Series},
    rest::{ScheduleView, schedule_time},
    schedule::{Schedule, ScheduleState},
    time::{Timestamp, Zone},
};
use uuid::Uuid;

/// An occurrence of a recurring schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub parent_id: ScheduleId,
    /// The schedule's title, or its own.
    pub title: String,
    /// The schedule's description, or its own.
    pub description: Option<String>,
    /// Whether it lasts whole days: then its times are midnights in UTC.
    pub all_day: bool,
    /// The start by the rule.
    pub original_start: Timestamp,
    pub start_time: Timestamp,
    pub end_time: Timestamp,
    pub created_at: Timestamp,
    /// Whether the schedule belongs to another user.
    pub is_shared: bool,
}

/// Changes to one occurrence: `None` keeps an earlier change, `Some(None)` restores the schedule's value.
#[derive(Clone, Debug, Default)]
pub struct InstancePatch {
    pub title: Option<Option<String>>,
    pub description: Option<Option<String>>,
    /// The changed times.
    pub times: TimesPatch,
    /// Whether the schedule's start and end are restored.
    pub restores: (bool, bool),
    /// Stored, but never returned.
    pub tag_ids: Option<Vec<TagId>>,
}

impl Instance {
    /// The occurrence in REST form, with a new id at every read.
    pub fn view(&self, zone: Option<&Zone>) -> ScheduleView {
        ScheduleView {
            id: ScheduleId(Uuid::new_v4()),
            title: self.title.clone(),
            description: self.description.clone(),
            all_day: self.all_day,
            start_time: schedule_time(self.start_time, self.all_day, zone),
            end_time: schedule_time(self.end_time, self.all_day, zone),
            start_date: self.all_day.then(|| self.start_time.iso_date()),
            end_date: self.all_day.then(|| self.end_time.iso_date()),
            original_start: Some(schedule_time(self.original_start, self.all_day, zone)),
            recurrence_rule: None,
            recurrence_end: None,
            parent_id: Some(self.parent_id),
            tag_group_id: None,
            source_todo_id: None,
            state: ScheduleState::Planned,
            created_at: self.created_at.rest(zone),
            tags: vec![],
            owner_id: None,
            visibility_level: None,
            is_shared: self.is_shared,
            dropped_exceptions: None,
        }
    }

    /// The occurrence that starts at an instant by the rule.
    pub(super) fn new(parent: &Schedule, start: Timestamp, exception: Option<&Exception>) -> Self {
        let end = start.plus_millis(parent.end_time.millis_since(parent.start_time));
        let changed = |own: Option<&String>, parent: &str| own.map_or_else(|| parent.to_owned(), String::clone);
        Self {
            parent_id: parent.id,
            title: changed(exception.and_then(|exception| exception.title.as_ref()), &parent.title),
            description: exception
                .and_then(|exception| exception.description.clone())
                .or_else(|| parent.description.clone()),
            all_day: parent.all_day,
            original_start: start,
            start_time: exception.and_then(|exception| exception.start_time).unwrap_or(start),
            end_time: exception.and_then(|exception| exception.end_time).unwrap_or(end),
            created_at: parent.created_at,
            is_shared: false,
        }
    }
}

impl Schedules {
    /// Changes one occurrence, and restores it if it was removed.
    ///
    /// # Errors
    /// [`Refusal`]: the schedule, the occurrence or a tag is missing, it does not recur, or the occurrence would end before
    /// it starts.
    pub async fn patch_instance(
        &self,
        owner: UserId,
        id: ScheduleId,
        instance_start: Timestamp,
        patch: InstancePatch,
    ) -> Result<Instance, Refusal> {
        let (quotas, zone) = (self.store.quotas(), patch.times.zone.clone());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let parent = own_schedule(conn, &owner, id).await?;
                    references::own_tags(conn, &owner, patch.tag_ids.as_deref().unwrap_or_default()).await?;
                    let recurrence = recurrence_of(&parent)?;
                    let known = schedule_exceptions::outlines(conn, &[id]).await?;
                    let place = occurrence(
                        &parent.series(&recurrence),
                        &known,
                        &parent,
                        instance_start,
                        zone.as_ref(),
                    )?;
                    let mut exception = exception_of(conn, id, place).await?;
                    exception.removed = false;
                    exception.title = patch.title.unwrap_or(exception.title);
                    exception.description = patch.description.unwrap_or(exception.description);
                    let (start, end) = (
                        patch.times.occurrence_start(parent.all_day)?,
                        patch.times.occurrence_end(parent.all_day)?,
                    );
                    exception.start_time = start.or(exception.start_time.filter(|_| !patch.restores.0));
                    exception.end_time = end.or(exception.end_time.filter(|_| !patch.restores.1));
                    let instance = Instance::new(&parent, exception.instance_start, Some(&exception));
                    if instance.end_time <= instance.start_time {
                        return Err(Refusal::EndBeforeStart);
                    }
                    may_add(quotas, known.len(), known.iter().all(|other| other.id != exception.id))?;
                    let check = QuotaCheck::begin(conn, quotas, &owner).await?;
                    schedule_exceptions::put(conn, &exception).await?;
                    check.end::<Refusal>(conn).await?;
                    if let Some(tags) = patch.tag_ids {
                        schedule_exceptions::replace_tags(conn, exception.id, &tags).await?;
                    }
                    Ok(changed(conn, &owner, &[&parent]).await?.with(instance))
                }
                .boxed()
            })
            .await
    }

    /// Removes one occurrence; with the last one up to `recurrence_end`, deletes the schedule.
    ///
    /// # Errors
    /// [`Refusal::ScheduleNotFound`], [`Refusal::OccurrenceNotFound`], [`Refusal::NotRecurring`].
    pub async fn delete_instance(
        &self,
        owner: UserId,
        id: ScheduleId,
        instance_start: Timestamp,
        zone: Option<Zone>,
    ) -> Result<(), Refusal> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let parent = own_schedule(conn, &owner, id).await?;
                    let recurrence = recurrence_of(&parent)?;
                    let series = parent.series(&recurrence);
                    let mut known = schedule_exceptions::outlines(conn, &[id]).await?;
                    let place = occurrence(&series, &known, &parent, instance_start, zone.as_ref())?;
                    let mut exception = exception_of(conn, id, place).await?;
                    exception.removed = true;
                    may_add(quotas, known.len(), known.iter().all(|other| other.id != exception.id))?;
                    schedule_exceptions::put(conn, &exception).await?;
                    known.retain(|other| other.id != exception.id);
                    known.push((&exception).into());
                    let effects = changed(conn, &owner, &[&parent]).await?;
                    if parent.recurrence_end.is_some() && all_removed(&series, &known)? {
                        let gone = DeletionSet {
                            schedules: vec![id],
                            ..DeletionSet::default()
                        };
                        return Ok(effects.and(removal::remove(conn, &owner, &gone, now).await?));
                    }
                    Ok::<_, Refusal>(effects)
                }
                .boxed()
            })
            .await
    }
}

/// Refuses an exception beyond the maximum of a schedule.
fn may_add(quotas: QuotasConfig, known: usize, is_new: bool) -> Result<(), QuotaExceeded> {
    let before = i64::try_from(known).unwrap_or(i64::MAX);
    let what = "changed and removed occurrences of one schedule";
    QuotaExceeded::check(
        "QUOTA_EXCEPTIONS",
        what,
        quotas.exceptions,
        before,
        before + i64::from(is_new),
    )
}

/// The recurrence of a schedule.
pub(super) fn recurrence_of(parent: &Schedule) -> Result<Recurrence, Refusal> {
    let rule = parent.rule().ok_or(Refusal::NotRecurring)?;
    Ok(rule.parse()?)
}

/// The occurrence that a request names by a start. Whole days are named by a midnight in the zone of the request, or in
/// UTC.
pub(super) fn occurrence(
    series: &Series<'_>,
    exceptions: &[ExceptionOutline],
    parent: &Schedule,
    start: Timestamp,
    zone: Option<&Zone>,
) -> Result<Named, Refusal> {
    let at = |start| -> Result<Option<Named>, RuleError> { named(series, exceptions, start) };
    let found = match parent.all_day {
        true => at(start.floating(zone))?.or(at(start)?),
        false => at(start)?,
    };
    found.ok_or_else(|| Refusal::OccurrenceNotFound(start.rest(zone)))
}

/// The existing exception of an occurrence, or a new one.
async fn exception_of(conn: &mut Conn, schedule_id: ScheduleId, place: Named) -> Result<Exception, Refusal> {
    let stored = match place.exception {
        Some(id) => schedule_exceptions::find_all(conn, &[id]).await?.pop(),
        None => None,
    };
    Ok(stored.unwrap_or_else(|| Exception {
        id: Uuid::now_v7(),
        schedule_id,
        instance_start: place.original,
        removed: false,
        title: None,
        description: None,
        start_time: None,
        end_time: None,
    }))
}
