//! Schedules as a reader may see them. Every read goes through here.

use crate::{
    service::sharing::{self, Access, Reader},
    store::{Conn, StoreError, schedules, tagged},
};
use protocol::{id::ScheduleId, schedule::Schedule, tag::Tag, time::Zone, wire::ScheduleView};
use std::collections::HashMap;

/// A schedule that its reader may see, with what is shown of it.
#[derive(Clone, Debug)]
pub struct ShownSchedule {
    /// The schedule.
    pub schedule: Schedule,
    /// Its tags, ordered by name; whole, as filters need them. [`ShownSchedule::view`] shows what the reader may see.
    pub tags: Vec<Tag>,
    /// What the reader may do with it; never hidden.
    pub access: Access,
}

impl ShownSchedule {
    /// As REST shows it.
    pub fn view(&self, zone: Option<&Zone>) -> ScheduleView {
        ScheduleView {
            visibility_level: self.access.level().map(|level| level.as_str().to_owned()),
            is_shared: self.access.is_shared(),
            ..ScheduleView::new(&self.schedule, &self.access.tags(&self.tags), zone)
        }
    }
}

/// Those of the schedules that the reader may see, in their order. Two statements, however many there are.
///
/// # Errors
/// [`StoreError`].
pub async fn shown(
    conn: &mut Conn,
    reader: &Reader,
    schedules: Vec<Schedule>,
) -> Result<Vec<ShownSchedule>, StoreError> {
    let owners: Vec<_> = schedules
        .iter()
        .map(|schedule| (schedule.id, schedule.owner_id.clone()))
        .collect();
    let accesses = sharing::readable(conn, reader, &owners).await?;
    let readable = |id: &ScheduleId| accesses.get(id).copied().filter(|access| access.is_readable());
    let ids: Vec<ScheduleId> = owners
        .iter()
        .map(|(id, _)| *id)
        .filter(|id| readable(id).is_some())
        .collect();
    let mut tags = tagged::tags_of(conn, &ids).await?;
    let shown = schedules.into_iter().filter_map(|schedule| {
        Some(ShownSchedule {
            access: readable(&schedule.id)?,
            tags: tags.remove(&schedule.id).unwrap_or_default(),
            schedule,
        })
    });
    Ok(shown.collect())
}

/// Those of the schedules that are there and that the reader may see. Three statements, however many there are.
///
/// # Errors
/// [`StoreError`].
pub async fn views(
    conn: &mut Conn,
    reader: &Reader,
    ids: &[ScheduleId],
) -> Result<HashMap<ScheduleId, ShownSchedule>, StoreError> {
    let found = schedules::find_all(conn, ids).await?;
    let shown = shown(conn, reader, found).await?;
    Ok(shown.into_iter().map(|shown| (shown.schedule.id, shown)).collect())
}
