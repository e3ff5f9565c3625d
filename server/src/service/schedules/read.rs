//! Reads single schedules and the reader's timers of them (contract, REST 7.4 and 7.5).

use super::{
    Schedules,
    visible::{VisibleSchedule, visible},
};
use crate::{
    paging::{Page, PageRequest, TimeKey},
    service::{Refusal, sharing::Reader, timers::linked},
    store::{
        Conn, schedules,
        timer_links::{self, LinkedTo},
    },
};
use protocol::{id::ScheduleId, timers::Timer};

impl Schedules {
    /// One schedule.
    ///
    /// # Errors
    /// [`Refusal::ScheduleNotFound`], [`Refusal::AccessDenied`].
    pub async fn one(&self, reader: &Reader, id: ScheduleId) -> Result<VisibleSchedule, Refusal> {
        self.store
            .read_for(&reader.user, async |conn| readable(conn, reader, id).await)
            .await
    }

    /// One schedule, and a page of the reader's own timers of it, newest first.
    ///
    /// # Errors
    /// Those of [`Schedules::one`].
    pub async fn timers(
        &self,
        reader: &Reader,
        id: ScheduleId,
        page: &PageRequest<TimeKey>,
    ) -> Result<(VisibleSchedule, Page<Timer>), Refusal> {
        self.store
            .read_for(&reader.user, async |conn| {
                let schedule = readable(conn, reader, id).await?;
                let timers = linked::page(conn, &reader.user, LinkedTo::Schedule(id), page).await?;
                Ok((schedule, timers))
            })
            .await
    }

    /// One schedule, and the reader's newest RUNNING or PAUSED timer of it.
    ///
    /// # Errors
    /// Those of [`Schedules::one`].
    pub async fn active_timer(
        &self,
        reader: &Reader,
        id: ScheduleId,
    ) -> Result<(VisibleSchedule, Option<Timer>), Refusal> {
        self.store
            .read_for(&reader.user, async |conn| {
                let schedule = readable(conn, reader, id).await?;
                let newest = timer_links::active(conn, &reader.user, LinkedTo::Schedule(id)).await?;
                Ok((schedule, newest))
            })
            .await
    }
}

async fn readable(conn: &mut Conn, reader: &Reader, id: ScheduleId) -> Result<VisibleSchedule, Refusal> {
    let schedule = schedules::find(conn, id).await?.ok_or(Refusal::ScheduleNotFound)?;
    let shown = visible(conn, reader, vec![schedule]).await?.pop();
    shown.ok_or(Refusal::AccessDenied("schedule"))
}
