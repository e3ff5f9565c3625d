//! Stored schedules (contract, REST 7).

use crate::{
    id::{ScheduleId, TagGroupId, TodoId, UserId},
    recurrence::{Recurrence, Series},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

/// The state of a schedule.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ScheduleState {
    /// Planned.
    #[default]
    Planned,
    /// Confirmed.
    Confirmed,
    /// Cancelled.
    Cancelled,
}

crate::rest::input::word_input!(ScheduleState);

impl ScheduleState {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    pub id: ScheduleId,
    pub owner_id: UserId,
    pub title: String,
    pub description: Option<String>,
    /// Whether it lasts whole days: dates, not instants. Then its times are midnights of its dates in UTC, and every
    /// reader sees those dates in the reader's own zone.
    pub all_day: bool,
    /// The start; of a recurring schedule, the start of the rule (DTSTART).
    pub start_time: Timestamp,
    /// The end, exclusive; later than the start.
    pub end_time: Timestamp,
    /// The RFC 5545 text as given; without one, or with an empty one, it does not recur.
    pub recurrence_rule: Option<String>,
    /// The last instant at which an occurrence may start.
    pub recurrence_end: Option<Timestamp>,
    /// The schedule's own tag group, independent of its tags.
    pub tag_group_id: Option<TagGroupId>,
    pub source_todo_id: Option<TodoId>,
    /// Whether the todo's deadline created it, and moves it (contract, REST 12.10).
    pub from_deadline: bool,
    pub state: ScheduleState,
    pub created_at: Timestamp,
}

impl Schedule {
    /// The earliest start of the schedule and of its occurrences by the rule.
    pub fn earliest_start(&self) -> Timestamp {
        let recurrence = self.rule().and_then(|rule| rule.parse::<Recurrence>().ok());
        recurrence.map_or(self.start_time, |recurrence| self.series(&recurrence).earliest())
    }

    /// The occurrences of its recurrence.
    pub fn series<'r>(&self, recurrence: &'r Recurrence) -> Series<'r> {
        series(recurrence, self.all_day, self.start_time, self.recurrence_end)
    }

    /// The recurrence rule; `None` if the schedule does not recur.
    pub fn rule(&self) -> Option<&str> {
        self.recurrence_rule.as_deref().filter(|rule| !rule.is_empty())
    }
}

/// The occurrences of a recurrence with the times of its schedule.
pub fn series(
    recurrence: &Recurrence,
    all_day: bool,
    start_time: Timestamp,
    recurrence_end: Option<Timestamp>,
) -> Series<'_> {
    if all_day {
        Series::all_day(recurrence, start_time, recurrence_end)
    } else {
        Series::new(recurrence, start_time, recurrence_end)
    }
}
