//! Single schedules, and the reader's timers there (contract, REST 7.4 and 7.5).

use super::{
    Schedules,
    shown::{ShownSchedule, shown},
};
use crate::{
    service::{Refusal, sharing::Reader},
    store::{Conn, schedules, timer_links},
};
use protocol::{id::ScheduleId, timer::Timer};

impl Schedules {
    /// One schedule.
    ///
    /// # Errors
    /// [`Refusal::ScheduleNotFound`], [`Refusal::AccessDenied`].
    pub async fn one(&self, reader: &Reader, id: ScheduleId) -> Result<ShownSchedule, Refusal> {
        self.store
            .read_for(&reader.user, async |conn| readable(conn, reader, id).await)
            .await
    }

    /// One schedule, and the reader's own timers there, newest first.
    ///
    /// # Errors
    /// Those of [`Schedules::one`].
    pub async fn timers(&self, reader: &Reader, id: ScheduleId) -> Result<(ShownSchedule, Vec<Timer>), Refusal> {
        self.store
            .read_for(&reader.user, async |conn| {
                let schedule = readable(conn, reader, id).await?;
                let timers = timer_links::of_schedule(conn, &reader.user, id).await?;
                Ok((schedule, timers))
            })
            .await
    }
}

async fn readable(conn: &mut Conn, reader: &Reader, id: ScheduleId) -> Result<ShownSchedule, Refusal> {
    let schedule = schedules::find(conn, id).await?.ok_or(Refusal::ScheduleNotFound)?;
    let shown = shown(conn, reader, vec![schedule]).await?.pop();
    shown.ok_or(Refusal::AccessDenied("schedule"))
}
