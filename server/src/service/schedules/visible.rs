//! Schedules as a reader may see them. All reads use this module.

use crate::{
    paging::{Listed, text_bytes},
    service::sharing::{self, Access, Reader},
    store::{Conn, StoreError, schedules, tagged},
};
use protocol::{id::ScheduleId, rest::ScheduleView, schedule::Schedule, tag::Tag, time::Zone};
use std::collections::HashMap;

/// A schedule that its reader may see, with the data that is returned with it.
#[derive(Clone, Debug)]
pub struct VisibleSchedule {
    pub schedule: Schedule,
    /// All its tags, ordered by name, as filters need them. [`VisibleSchedule::view`] returns what the reader may see.
    pub tags: Vec<Tag>,
    /// The reader's access; never hidden.
    pub access: Access,
}

/// The size of a schedule besides its texts, in bytes.
const SCHEDULE_BYTES: usize = 700;

impl VisibleSchedule {
    /// The approximate size in bytes, in memory and on the wire.
    pub fn weigh(&self) -> usize {
        let texts = [&self.schedule.description, &self.schedule.recurrence_rule];
        let texts = texts.into_iter().flatten().chain([&self.schedule.title]);
        let tags: usize = self.tags.iter().map(Listed::weigh).sum();
        SCHEDULE_BYTES + text_bytes(texts.map(String::as_str)) + tags
    }

    /// The schedule in REST form.
    pub fn view(&self, zone: Option<&Zone>) -> ScheduleView {
        ScheduleView {
            visibility_level: self.access.level().map(|level| level.as_str().to_owned()),
            is_shared: self.access.is_shared(),
            ..ScheduleView::new(&self.schedule, &self.access.tags(&self.tags), zone)
        }
    }
}

/// Those of the schedules that the reader may see, in their order. Two statements for any number.
///
/// # Errors
/// [`StoreError`].
pub async fn visible(
    conn: &mut Conn,
    reader: &Reader,
    schedules: Vec<Schedule>,
) -> Result<Vec<VisibleSchedule>, StoreError> {
    let (ids, accesses) = readable(conn, reader, &schedules).await?;
    let tags = tagged::shown_tags_of(conn, &ids).await?;
    Ok(with_tags(schedules, &accesses, tags))
}

/// The same for schedules that are returned within their todos.
///
/// # Errors
/// [`StoreError`].
pub async fn visible_within_todos(
    conn: &mut Conn,
    reader: &Reader,
    schedules: Vec<Schedule>,
) -> Result<Vec<VisibleSchedule>, StoreError> {
    let (ids, accesses) = readable(conn, reader, &schedules).await?;
    let tags = tagged::shown_within_todos(conn, &ids).await?;
    Ok(with_tags(schedules, &accesses, tags))
}

async fn readable(
    conn: &mut Conn,
    reader: &Reader,
    schedules: &[Schedule],
) -> Result<(Vec<ScheduleId>, HashMap<ScheduleId, Access>), StoreError> {
    let owners: Vec<_> = schedules
        .iter()
        .map(|schedule| (schedule.id, schedule.owner_id.clone()))
        .collect();
    let mut accesses = sharing::readable(conn, reader, &owners).await?;
    accesses.retain(|_, access| access.is_readable());
    let ids = owners.iter().map(|(id, _)| *id).filter(|id| accesses.contains_key(id));
    Ok((ids.collect(), accesses))
}

fn with_tags(
    schedules: Vec<Schedule>,
    accesses: &HashMap<ScheduleId, Access>,
    mut tags: HashMap<ScheduleId, Vec<Tag>>,
) -> Vec<VisibleSchedule> {
    let shown = schedules.into_iter().filter_map(|schedule| {
        Some(VisibleSchedule {
            access: accesses.get(&schedule.id).copied()?,
            tags: tags.remove(&schedule.id).unwrap_or_default(),
            schedule,
        })
    });
    shown.collect()
}

/// The existing ones of the schedules that the reader may see. Three statements for any number.
///
/// # Errors
/// [`StoreError`].
pub async fn load_visible(
    conn: &mut Conn,
    reader: &Reader,
    ids: &[ScheduleId],
) -> Result<HashMap<ScheduleId, VisibleSchedule>, StoreError> {
    let found = schedules::find_all(conn, ids).await?;
    let shown = visible(conn, reader, found).await?;
    Ok(shown.into_iter().map(|shown| (shown.schedule.id, shown)).collect())
}
