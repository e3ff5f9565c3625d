//! Occurrences of recurring schedules, with their exceptions (contract, REST 7.6).

use super::{
    Schedules,
    create::own_schedule,
    recurrence::{Budget, Rule, RuleError, Window},
};
use crate::{
    clock,
    config::QuotasConfig,
    service::{
        Refusal,
        effects::Effects,
        quotas::{QuotaCheck, QuotaExceeded},
        references, removal,
    },
    store::{
        Conn, StoreError,
        schedule_exceptions::{self, Exception, Outline as ExceptionOutline},
        schedules::Outline,
        timer_links::DeletionSet,
    },
};
use futures_util::FutureExt;
use protocol::{
    id::{ScheduleId, TagId, UserId},
    rest::ScheduleView,
    schedule::{Schedule, ScheduleState},
    time::{Timestamp, Zone},
};
use uuid::Uuid;

/// The maximum distance between an occurrence's start by the rule and the start in its exception, in milliseconds.
const NEAR: i64 = 60_000;

/// An occurrence of a recurring schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub parent_id: ScheduleId,
    /// The schedule's title, or its own.
    pub title: String,
    /// The schedule's description, or its own.
    pub description: Option<String>,
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
    /// The changed start.
    pub start_time: Option<Option<Timestamp>>,
    /// The changed end.
    pub end_time: Option<Option<Timestamp>>,
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
            start_time: self.start_time.rest(zone),
            end_time: self.end_time.rest(zone),
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
            start_time: exception.and_then(|exception| exception.start_time).unwrap_or(start),
            end_time: exception.and_then(|exception| exception.end_time).unwrap_or(end),
            created_at: parent.created_at,
            is_shared: false,
        }
    }
}

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

    fn overlaps(&self, window: Window) -> bool {
        self.start_time <= window.until && self.end_time >= window.from
    }
}

/// The occurrences of a schedule that overlap a window, borders included, ordered by start. Removed ones are left out,
/// and changed ones are at their new times.
///
/// # Errors
/// [`RuleError`].
pub(super) fn overlapping(
    parent: &Outline,
    rule: &Rule,
    exceptions: &[ExceptionOutline],
    window: Window,
    budget: &mut Budget,
) -> Result<Vec<Occurrence>, RuleError> {
    let length = parent.end_time.millis_since(parent.start_time);
    let mut starts_in = |window| rule.occurrences(parent.start_time, parent.recurrence_end, window, budget);
    // Wider than the window, so that an exception finds its occurrence on the other side of a border.
    let wide = Window {
        from: window.from.plus_millis(-length - NEAR),
        until: window.until.plus_millis(NEAR),
    };
    let mut starts = starts_in(wide)?;
    for exception in exceptions {
        let moved = Occurrence::new(parent, exception.instance_start, Some(exception));
        let known = (wide.from..=wide.until).contains(&exception.instance_start);
        if !known && !exception.removed && moved.overlaps(window) {
            let around = Window {
                from: exception.instance_start.plus_millis(-NEAR),
                until: exception.instance_start.plus_millis(NEAR),
            };
            starts.append(&mut starts_in(around)?);
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
    let mut occurrences: Vec<Occurrence> = occurrences.filter(|one| one.overlaps(window)).collect();
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

/// Whether no occurrence is left up to `recurrence_end`; never the case if that was not set.
fn all_removed(parent: &Schedule, exceptions: &[ExceptionOutline]) -> Result<bool, RuleError> {
    let (Some(rule), Some(end)) = (parent.rule(), parent.recurrence_end) else {
        return Ok(false);
    };
    let window = Window {
        from: parent.start_time,
        until: end,
    };
    let rule: Rule = rule.parse()?;
    match rule.occurrences(parent.start_time, Some(end), window, &mut Budget::default()) {
        Ok(starts) => {
            let mut left: Vec<(Timestamp, bool)> = starts.into_iter().map(|start| (start, true)).collect();
            for exception in exceptions.iter().filter(|exception| exception.removed) {
                if let Some(place) = nearest(&left, exception.instance_start, |(start, _)| *start) {
                    left[place].1 = false;
                }
            }
            Ok(left.iter().all(|(_, left)| !left))
        }
        // More than anyone removes one by one.
        Err(RuleError::TooMany) => Ok(false),
        Err(error) => Err(error),
    }
}

impl Schedules {
    /// Changes one occurrence, and restores it if it was removed.
    ///
    /// # Errors
    /// [`Refusal`]: the schedule or a tag is missing, it does not recur, or the occurrence would end before it starts.
    pub async fn patch_instance(
        &self,
        owner: UserId,
        id: ScheduleId,
        instance_start: Timestamp,
        patch: InstancePatch,
    ) -> Result<Instance, Refusal> {
        let quotas = self.store.quotas();
        self.store
            .writer()
            .write(move |conn| {
                async move {
                    let parent = own_schedule(conn, &owner, id).await?;
                    references::own_tags(conn, &owner, patch.tag_ids.as_deref().unwrap_or_default()).await?;
                    parent.rule().ok_or(Refusal::NotRecurring)?;
                    let known = schedule_exceptions::outlines(conn, &[id]).await?;
                    let mut exception = exception_at(conn, &known, id, instance_start).await?;
                    exception.removed = false;
                    exception.title = patch.title.unwrap_or(exception.title);
                    exception.description = patch.description.unwrap_or(exception.description);
                    exception.start_time = patch.start_time.unwrap_or(exception.start_time);
                    exception.end_time = patch.end_time.unwrap_or(exception.end_time);
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
                    Ok(instance)
                }
                .boxed()
            })
            .await
    }

    /// Removes one occurrence; with the last one up to `recurrence_end`, deletes the schedule.
    ///
    /// # Errors
    /// [`Refusal::ScheduleNotFound`], [`Refusal::NotRecurring`].
    pub async fn delete_instance(
        &self,
        owner: UserId,
        id: ScheduleId,
        instance_start: Timestamp,
    ) -> Result<(), Refusal> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let parent = own_schedule(conn, &owner, id).await?;
                    parent.rule().ok_or(Refusal::NotRecurring)?;
                    let mut known = schedule_exceptions::outlines(conn, &[id]).await?;
                    let mut exception = exception_at(conn, &known, id, instance_start).await?;
                    exception.removed = true;
                    may_add(quotas, known.len(), known.iter().all(|other| other.id != exception.id))?;
                    schedule_exceptions::put(conn, &exception).await?;
                    known.retain(|other| other.id != exception.id);
                    known.push((&exception).into());
                    let mut events = vec![];
                    if all_removed(&parent, &known)? {
                        let gone = DeletionSet {
                            schedules: vec![id],
                            ..DeletionSet::default()
                        };
                        events = removal::remove(conn, &owner, &gone, now).await?;
                    }
                    Ok::<_, Refusal>(Effects::events(events))
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

/// The existing exception of an occurrence, or a new one.
async fn exception_at(
    conn: &mut Conn,
    known: &[ExceptionOutline],
    schedule_id: ScheduleId,
    instance_start: Timestamp,
) -> Result<Exception, StoreError> {
    let place = nearest(known, instance_start, |exception| exception.instance_start);
    let stored = match place {
        Some(place) => schedule_exceptions::find_all(conn, &[known[place].id]).await?.pop(),
        None => None,
    };
    Ok(stored.unwrap_or_else(|| Exception {
        id: Uuid::now_v7(),
        schedule_id,
        instance_start,
        removed: false,
        title: None,
        description: None,
        start_time: None,
        end_time: None,
    }))
}
