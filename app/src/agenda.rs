//! What is planned: schedules and occurrences as pages show them.

use protocol::{id::ScheduleId, time::Timestamp, timers::NewTimer};
use serde::{Deserialize, Serialize};

/// A schedule that does not recur, or one occurrence of a recurring one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Planned {
    /// The schedule; of an occurrence, the recurring one.
    pub schedule_id: ScheduleId,
    pub title: String,
    /// Whether it lasts whole days; then its times are midnights in UTC.
    pub all_day: bool,
    pub start: Timestamp,
    /// Exclusive.
    pub end: Timestamp,
    /// An occurrence's start by the rule, which names it.
    pub occurrence: Option<Timestamp>,
    /// Whether it belongs to another user.
    pub is_shared: bool,
}

impl Planned {
    /// A timer of it, as long as it is planned; whole days have no length that a timer could have.
    pub fn timer(&self) -> NewTimer {
        let seconds = self.end.millis_since(self.start) / 1000;
        NewTimer {
            allocated_seconds: if self.all_day { 25 * 60 } else { seconds.max(60) },
            title: Some(self.title.clone()),
            schedule_id: Some(self.schedule_id),
            ..NewTimer::default()
        }
    }
}
