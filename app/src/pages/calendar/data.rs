//! What the calendar shows.

use super::query::CalendarQuery;
use crate::{agenda::Planned, local_time::UtcOffsets};
use protocol::{
    id::{ScheduleId, TagId, TimerId, TodoId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// The number of entries that a day of a month lists.
pub const IN_CELL: usize = 3;

/// A part of the calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalendarData {
    pub query: CalendarQuery,
    /// The number of the chosen day (see [`crate::local_time::date`]).
    pub day: i32,
    /// The days that are shown, in their order.
    pub days: Vec<Day>,
    /// The end of the last one.
    pub end: Timestamp,
    /// What is planned on these days, by start.
    pub entries: Vec<Entry>,
    /// What was done on these days; empty for a month.
    pub done: Vec<Done>,
    /// Whether there are more entries than are shown.
    pub is_cut: bool,
    /// The entry whose panel is open.
    pub detail: Option<Detail>,
    /// The name of the reader's timezone, which rules are written with.
    pub zone: Option<String>,
    /// The offsets from UTC before, during and after these days.
    pub utc_offsets: UtcOffsets,
}

/// A day that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Day {
    /// Its number (see [`crate::local_time::date`]).
    pub day: i32,
    pub start: Timestamp,
    /// The number of its entries, of a month; fewer may be listed.
    #[serde(default)]
    pub count: usize,
}

/// What names an entry: the schedule, and of a recurring one the occurrence's start by the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    pub id: ScheduleId,
    pub at: Option<Timestamp>,
}

/// Something that is planned.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Entry {
    pub plan: Planned,
    /// Whether the server does not have it like this yet.
    #[serde(default)]
    pub waits: bool,
}

impl Entry {
    pub fn key(&self) -> Key {
        Key {
            id: self.plan.schedule_id,
            at: self.plan.occurrence,
        }
    }
}

/// A time in which a timer ran, perhaps with short breaks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Done {
    pub timer: TimerId,
    pub title: Option<String>,
    /// The schedule that it was started from.
    pub schedule: Option<ScheduleId>,
    pub from: Timestamp,
    /// `None` while it runs.
    pub until: Option<Timestamp>,
}

/// What the panel of an entry shows besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    pub entry: Entry,
    pub description: String,
    pub tags: Vec<TagId>,
    /// The times of the schedule itself: of a recurring one, those of the series.
    pub start: Timestamp,
    pub end: Timestamp,
    /// The text of the rule; empty if it does not recur.
    pub rule: String,
    /// The rule in words, and the next occurrences.
    pub preview: Preview,
    pub todo: Option<(TodoId, String)>,
}

/// A rule in words, and its next occurrences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    pub words: String,
    pub next: Vec<Timestamp>,
    /// Whether the rule cannot be read, or has too many occurrences.
    #[serde(default)]
    pub is_refused: bool,
}
