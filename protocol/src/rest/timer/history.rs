//! A user's timers by day, as the history page asks for them and receives them.

use crate::{
    id::{ScheduleId, TagId, TodoId},
    rest::input::Date,
    time::Timestamp,
    timers::{Timer, TimerStatus},
};
use serde::{Deserialize, Serialize};

/// The filters of a history, combined with AND. Absent and empty ones match everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HistoryQuery {
    /// A part of the title or the description, without regard to case.
    pub text: String,
    /// The timer has all of these: its own tags, and those of its schedule, or of its todo if it has no schedule.
    pub tag_ids: Vec<TagId>,
    /// The timer has one of these.
    pub statuses: Vec<TimerStatus>,
    /// The earliest day of the timer's first start, in the reader's timezone.
    pub from: Option<Date>,
    /// The latest day.
    pub to: Option<Date>,
    pub schedule_id: Option<ScheduleId>,
    pub todo_id: Option<TodoId>,
}

/// A part of a history, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryPage {
    pub timers: Vec<HistoryTimer>,
    /// The cursor of the next page; `None` on the last one.
    pub next: Option<String>,
    /// The server's time of the page.
    pub now: Timestamp,
}

/// A timer of a history, with its tags (own and inherited ones) and the titles of its links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryTimer {
    pub timer: Timer,
    pub schedule_title: Option<String>,
    pub todo_title: Option<String>,
}
