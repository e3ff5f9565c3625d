//! What there is in a window of time (contract, REST 7.3 and 12.9).

use super::{
    Schedules,
    instances::{Instance, overlapping},
    recurrence::Window,
    shown::{ShownSchedule, shown},
};
use crate::{
    blocking,
    service::{
        Refusal, Scope,
        sharing::{self, Reader, Shared},
    },
    store::{
        Conn, StoreError,
        schedule_exceptions::{self, Exception},
        schedules,
    },
};
use protocol::{
    id::{ScheduleId, TagGroupId, TagId},
    tag::Tag,
    time::{Timestamp, Zone},
    wire::ScheduleView,
};
use std::collections::HashMap;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Query {
    /// Whose schedules.
    pub scope: Scope,
    /// From this instant.
    pub from: Timestamp,
    /// To this one, included.
    pub until: Timestamp,
    /// Has all of these tags.
    pub tag_ids: Vec<TagId>,
    /// Has a tag of one of these groups.
    pub group_ids: Vec<TagGroupId>,
}

/// What is found, in its order: a schedule, or an occurrence of one.
#[derive(Clone, Debug)]
pub enum Agenda {
    /// A schedule that does not recur.
    Schedule(Box<ShownSchedule>),
    /// An occurrence of one that does.
    Instance(Instance),
}

impl Agenda {
    /// As REST shows it.
    pub fn view(&self, zone: Option<&Zone>) -> ScheduleView {
        match self {
            Self::Schedule(shown) => shown.view(zone),
            Self::Instance(instance) => instance.view(zone),
        }
    }

    fn start(&self) -> Timestamp {
        match self {
            Self::Schedule(shown) => shown.schedule.start_time,
            Self::Instance(instance) => instance.start_time,
        }
    }
}

impl Schedules {
    /// What a reader finds in a window: their own by the start, then what is shared with them, likewise.
    ///
    /// # Errors
    /// [`Refusal::Rule`] where a rule has too many occurrences in the window.
    pub async fn agenda(&self, reader: &Reader, query: Query) -> Result<Vec<Agenda>, Refusal> {
        let (found, exceptions) = self
            .store
            .read_for(&reader.user, async |conn| {
                let found: Vec<ShownSchedule> = around(conn, reader, &query).await?;
                let recurring: Vec<ScheduleId> = found
                    .iter()
                    .filter(|shown| shown.schedule.rule().is_some())
                    .map(|shown| shown.schedule.id)
                    .collect();
                let exceptions = schedule_exceptions::of_schedules(conn, &recurring).await?;
                Ok::<_, StoreError>((found, exceptions))
            })
            .await?;
        // A hostile rule may keep a thread busy for a while; others go on meanwhile.
        let expanded = blocking::run(move || expand(found, exceptions, &query)).await;
        expanded.unwrap_or(Err(StoreError::Panicked.into()))
    }
}

/// The schedules that could be in the window and pass the filters, before recurrence.
async fn around(conn: &mut Conn, reader: &Reader, query: &Query) -> Result<Vec<ShownSchedule>, StoreError> {
    let mut found = Vec::new();
    if query.scope.mine() {
        found = schedules::around(conn, &reader.user, query.from, query.until).await?;
    }
    if query.scope.shared() {
        let shared: Vec<Shared<ScheduleId>> = sharing::shared_with(conn, reader).await?;
        let ids: Vec<ScheduleId> = shared.iter().map(|shared| shared.id).collect();
        found.append(&mut schedules::find_all(conn, &ids).await?);
    }
    let mut found = shown(conn, reader, found).await?;
    found.retain(|shown| passes(&shown.tags, query));
    Ok(found)
}

fn passes(tags: &[Tag], query: &Query) -> bool {
    let has_all = query.tag_ids.iter().all(|id| tags.iter().any(|tag| tag.id == *id));
    let in_group = query.group_ids.is_empty() || tags.iter().any(|tag| query.group_ids.contains(&tag.group_id));
    has_all && in_group
}

fn expand(found: Vec<ShownSchedule>, exceptions: Vec<Exception>, query: &Query) -> Result<Vec<Agenda>, Refusal> {
    let window = Window {
        from: query.from,
        until: query.until,
    };
    let mut by_schedule: HashMap<ScheduleId, Vec<Exception>> = HashMap::new();
    for exception in exceptions {
        by_schedule.entry(exception.schedule_id).or_default().push(exception);
    }
    let (mut mine, mut shared) = (Vec::new(), Vec::new());
    for shown in found {
        let (schedule, is_shared) = (&shown.schedule, shown.access.is_shared());
        let list = if is_shared { &mut shared } else { &mut mine };
        if schedule.rule().is_some() {
            let exceptions = by_schedule.remove(&schedule.id).unwrap_or_default();
            let instances = overlapping(schedule, &exceptions, window)?.into_iter();
            list.extend(instances.map(|instance| Agenda::Instance(Instance { is_shared, ..instance })));
        } else if schedule.start_time <= window.until && schedule.end_time >= window.from {
            list.push(Agenda::Schedule(Box::new(shown)));
        }
    }
    for list in [&mut mine, &mut shared] {
        list.sort_by_key(Agenda::start);
    }
    mine.append(&mut shared);
    Ok(mine)
}
