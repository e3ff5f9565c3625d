//! The contents of a window of time (contract, REST 7.3 and 12.9), a page at a time.
//!
//! First only outlines are read, without texts: they determine the contents of the window, their order, and what fits
//! into the budget of the read. Then the texts of one page are read.

use super::{
    Schedules,
    expand::{Candidate, Class, Entry, Position, expand},
    instances::Instance,
    visible::VisibleSchedule,
};
use crate::{
    blocking,
    paging::{Listed, Page, PageRequest},
    service::{
        Refusal, Scope,
        sharing::{self, Access, Reader, Shared},
    },
    store::{
        Conn, StoreError,
        schedule_exceptions::{self, Exception},
        schedules::{self, Outline},
        tagged, tags,
    },
};
use app::agenda::Planned;
use protocol::{
    id::{ScheduleId, TagGroupId, TagId, UserId},
    recurrence::Window,
    rest::ScheduleView,
    schedule::Schedule,
    tag::Tag,
    time::{Timestamp, Zone},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// The maximum difference of local times, in milliseconds: whole days are found that much around a window.
const ZONES: i64 = 24 * 3_600_000;

/// The query.
#[derive(Clone, Debug)]
pub struct Query {
    /// The owners of the schedules.
    pub scope: Scope,
    /// The start of the window.
    pub from: Timestamp,
    /// The end of the window, inclusive.
    pub until: Timestamp,
    /// Only schedules with all of these tags.
    pub tag_ids: Vec<TagId>,
    /// Only schedules with a tag of one of these groups.
    pub group_ids: Vec<TagGroupId>,
    /// The reader's timezone, in which whole days are; UTC by default.
    pub zone: Option<Zone>,
}

impl Query {
    fn filters(&self) -> bool {
        !self.tag_ids.is_empty() || !self.group_ids.is_empty()
    }

    fn passes(&self, tags: &[(TagId, TagGroupId)]) -> bool {
        let has_all = self.tag_ids.iter().all(|id| tags.iter().any(|(tag, _)| tag == id));
        let in_group = self.group_ids.is_empty() || tags.iter().any(|(_, group)| self.group_ids.contains(group));
        has_all && in_group
    }

    fn window(&self) -> Window {
        Window {
            from: self.from,
            until: self.until,
        }
    }
}

/// A page of a window.
#[derive(Debug, Default)]
pub struct Agenda {
    /// The reader's own entries by start, then the shared ones by start.
    pub page: Page<AgendaItem>,
    /// The recurring schedules of the whole window that did not fit into the budget of the read.
    pub incomplete: Vec<ScheduleId>,
}

/// A schedule that does not recur, or an occurrence of one that does.
#[derive(Clone, Debug)]
pub struct AgendaItem {
    entry: Entry,
    schedule: Arc<Schedule>,
    exception: Option<Exception>,
    tags: Vec<Arc<Tag>>,
    access: Access,
}

/// Title and times of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaOutline {
    pub title: String,
    pub start: Timestamp,
    pub end: Timestamp,
    pub all_day: bool,
}

impl AgendaItem {
    /// The entry as pages show it.
    pub fn planned(&self) -> Planned {
        let (schedule, is_shared) = (&self.schedule, self.access.is_shared());
        if self.entry.is_occurrence {
            let original = self.entry.position.original();
            let instance = Instance::new(schedule, original, self.exception.as_ref());
            return Planned {
                schedule_id: schedule.id,
                title: instance.title,
                all_day: instance.all_day,
                start: instance.start_time,
                end: instance.end_time,
                occurrence: Some(original),
                is_shared,
            };
        }
        Planned {
            schedule_id: schedule.id,
            title: schedule.title.clone(),
            all_day: schedule.all_day,
            start: schedule.start_time,
            end: schedule.end_time,
            occurrence: None,
            is_shared,
        }
    }

    /// The schedule, or the recurring one of which this is an occurrence.
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// What a list shows of it in a timezone, in which whole days begin at midnight.
    pub fn outline(&self, zone: Option<&Zone>) -> AgendaOutline {
        let instance = self
            .entry
            .is_occurrence
            .then(|| Instance::new(&self.schedule, self.entry.position.original(), self.exception.as_ref()));
        let (title, start, end) = match instance {
            Some(instance) => (instance.title, instance.start_time, instance.end_time),
            None => {
                let schedule = &self.schedule;
                (schedule.title.clone(), schedule.start_time, schedule.end_time)
            }
        };
        let all_day = self.schedule.all_day;
        let instant = |time: Timestamp| if all_day { time.in_zone(zone) } else { time };
        AgendaOutline {
            title,
            start: instant(start),
            end: instant(end),
            all_day,
        }
    }

    /// The description; of an occurrence perhaps its own.
    pub fn description(&self) -> Option<&str> {
        let own = self
            .exception
            .as_ref()
            .and_then(|exception| exception.description.as_deref());
        own.or(self.schedule.description.as_deref())
    }

    /// The reader's access.
    pub fn access(&self) -> Access {
        self.access
    }

    /// The entry in REST form.
    pub fn view(&self, zone: Option<&Zone>) -> ScheduleView {
        if self.entry.is_occurrence {
            let original = self.entry.position.original();
            let instance = Instance::new(&self.schedule, original, self.exception.as_ref());
            let is_shared = self.access.is_shared();
            return Instance { is_shared, ..instance }.view(zone);
        }
        let mut tags: Vec<Tag> = self.tags.iter().map(|tag| Tag::clone(tag)).collect();
        tags.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        let shown = VisibleSchedule {
            schedule: Schedule::clone(&self.schedule),
            tags,
            access: self.access,
        };
        shown.view(zone)
    }
}

impl Listed for AgendaItem {
    type Key = Position;

    fn key(&self) -> Position {
        self.entry.position
    }

    fn weigh(&self) -> usize {
        self.entry.bytes
    }
}

impl Schedules {
    /// Reads a page of a window.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn agenda(
        &self,
        reader: &Reader,
        query: &Query,
        request: &PageRequest<Position>,
    ) -> Result<Agenda, Refusal> {
        let agenda = self
            .store
            .read_for(&reader.user, async |conn| {
                read_agenda(conn, reader, query, request).await
            })
            .await;
        Ok(agenda?)
    }
}

async fn read_agenda(
    conn: &mut Conn,
    reader: &Reader,
    query: &Query,
    request: &PageRequest<Position>,
) -> Result<Agenda, StoreError> {
    let (candidates, mut incomplete) = candidates(conn, reader, query).await?;
    let (window, zone) = (query.window(), query.zone.clone());
    let expanded = blocking::run(move || expand(candidates, window, zone.as_ref())).await;
    let expanded = expanded.map_err(|_| StoreError::Panicked)?;
    incomplete.extend(expanded.incomplete);
    let mut room = request.room();
    let after = request.after;
    let page: Vec<Entry> = expanded
        .entries
        .into_iter()
        .filter(|entry| after.is_none_or(|after| entry.position > after))
        .take_while(|entry| room.take(entry.bytes))
        .collect();
    Ok(Agenda {
        page: Page {
            items: load(conn, reader, page).await?,
            has_more: room.is_full(),
        },
        incomplete,
    })
}

/// The schedules that may overlap the window and match the filters, and those that have too many exceptions to be
/// examined.
async fn candidates(
    conn: &mut Conn,
    reader: &Reader,
    query: &Query,
) -> Result<(Vec<Candidate>, Vec<ScheduleId>), StoreError> {
    let mut outlines: Vec<(Class, Outline)> = Vec::new();
    if query.scope.mine() {
        let own = schedules::outlines_around(
            conn,
            &reader.user,
            query.from.plus_millis(-ZONES),
            query.until.plus_millis(ZONES),
        )
        .await?;
        outlines.extend(own.into_iter().map(|outline| (Class::Own, outline)));
    }
    if query.scope.shared() {
        outlines.append(&mut shared(conn, reader).await?);
    }
    if query.filters() {
        let ids: Vec<ScheduleId> = outlines.iter().map(|(_, outline)| outline.id).collect();
        let tags = tagged::tag_ids_of(conn, &ids).await?;
        outlines.retain(|(_, outline)| query.passes(tags.get(&outline.id).map(Vec::as_slice).unwrap_or_default()));
    }
    let recurring = outlines.iter().filter(|(_, outline)| outline.rule.is_some());
    let recurring: Vec<(Class, ScheduleId)> = recurring.map(|(class, outline)| (*class, outline.id)).collect();
    let ids: Vec<ScheduleId> = recurring.iter().map(|(_, id)| *id).collect();
    let counts = schedule_exceptions::counts(conn, &ids).await?;
    let mut left: HashMap<Class, usize> = HashMap::new();
    let (mut changed, mut incomplete) = (Vec::new(), Vec::new());
    for (class, id) in recurring {
        let Some(count) = counts.get(&id) else { continue };
        let left = left.entry(class).or_insert(class.most_exceptions());
        match left.checked_sub(*count) {
            Some(rest) => {
                *left = rest;
                changed.push(id);
            }
            None => incomplete.push(id),
        }
    }
    let mut by_schedule: HashMap<ScheduleId, Vec<schedule_exceptions::Outline>> = HashMap::new();
    for exception in schedule_exceptions::outlines(conn, &changed).await? {
        by_schedule.entry(exception.schedule_id).or_default().push(exception);
    }
    let left_out: HashSet<ScheduleId> = incomplete.iter().copied().collect();
    let candidates = outlines
        .into_iter()
        .filter(|(_, outline)| !left_out.contains(&outline.id))
        .map(|(class, outline)| Candidate {
            class,
            exceptions: by_schedule.remove(&outline.id).unwrap_or_default(),
            outline,
        });
    Ok((candidates.collect(), incomplete))
}

/// The shared schedules that the reader may see.
async fn shared(conn: &mut Conn, reader: &Reader) -> Result<Vec<(Class, Outline)>, StoreError> {
    let shared: Vec<Shared<ScheduleId>> = sharing::shared_with(conn, reader).await?;
    let classes: HashMap<ScheduleId, Class> = shared
        .iter()
        .map(|shared| {
            (
                shared.id,
                if shared.by_stranger {
                    Class::Stranger
                } else {
                    Class::Shared
                },
            )
        })
        .collect();
    let ids: Vec<ScheduleId> = shared.iter().map(|shared| shared.id).collect();
    let outlines = schedules::outlines(conn, &ids).await?;
    let owners: Vec<(ScheduleId, UserId)> = outlines
        .iter()
        .map(|outline| (outline.id, outline.owner_id.clone()))
        .collect();
    let access = sharing::readable(conn, reader, &owners).await?;
    let readable = outlines
        .into_iter()
        .filter(|outline| access.get(&outline.id).is_some_and(|access| access.is_shared()));
    Ok(readable
        .filter_map(|outline| Some((*classes.get(&outline.id)?, outline)))
        .collect())
}

/// Reads the texts of a page's entries. The number of statements does not depend on the number of entries.
async fn load(conn: &mut Conn, reader: &Reader, entries: Vec<Entry>) -> Result<Vec<AgendaItem>, StoreError> {
    let ids: HashSet<ScheduleId> = entries.iter().map(|entry| entry.position.schedule()).collect();
    let found = schedules::find_all(conn, &Vec::from_iter(ids)).await?;
    let owners: Vec<(ScheduleId, UserId)> = found
        .iter()
        .map(|schedule| (schedule.id, schedule.owner_id.clone()))
        .collect();
    let access = sharing::readable(conn, reader, &owners).await?;
    let plain: Vec<ScheduleId> = entries
        .iter()
        .filter(|entry| !entry.is_occurrence)
        .map(|entry| entry.position.schedule())
        .collect();
    let tag_ids = tagged::tag_ids_of(conn, &plain).await?;
    let distinct: HashSet<TagId> = tag_ids.values().flatten().map(|(tag, _)| *tag).collect();
    let tags = tags::find_all(conn, &Vec::from_iter(distinct)).await?;
    let exceptions: Vec<Uuid> = entries.iter().filter_map(|entry| entry.exception).collect();
    let exceptions = schedule_exceptions::find_all(conn, &exceptions).await?;

    let schedules: HashMap<ScheduleId, Arc<Schedule>> = found
        .into_iter()
        .map(|schedule| (schedule.id, Arc::new(schedule)))
        .collect();
    let tags: HashMap<TagId, Arc<Tag>> = tags.into_iter().map(|tag| (tag.id, Arc::new(tag))).collect();
    let mut exceptions: HashMap<Uuid, Exception> = exceptions
        .into_iter()
        .map(|exception| (exception.id, exception))
        .collect();
    let items = entries.into_iter().filter_map(|entry| {
        let id = entry.position.schedule();
        let tag_ids = tag_ids.get(&id).map(Vec::as_slice).unwrap_or_default();
        Some(AgendaItem {
            schedule: schedules.get(&id)?.clone(),
            access: access.get(&id).copied().filter(|access| access.is_readable())?,
            exception: entry.exception.and_then(|id| exceptions.remove(&id)),
            tags: tag_ids.iter().filter_map(|(id, _)| tags.get(id).cloned()).collect(),
            entry,
        })
    });
    Ok(items.collect())
}
