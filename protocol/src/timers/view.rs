//! A timer on the wire, over the WebSocket and over REST (contract, REST 9.1).

use crate::{
    id::{ScheduleId, TimerId, TodoId, UserId},
    rest::TagView,
    time::{TimeStyle, Timestamp, Zone},
    timers::{HistoryAction, HistoryEntry, ReplayError, Timer, TimerStatus},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A timer's members, the same in all answers and messages. Times are text in the requested timezone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TimerView {
    /// The id.
    pub id: TimerId,
    /// The schedule it is linked to.
    pub schedule_id: Option<ScheduleId>,
    /// The todo it is linked to.
    pub todo_id: Option<TodoId>,
    /// The title.
    pub title: Option<String>,
    /// A longer text.
    pub description: Option<String>,
    /// The allocated duration in seconds.
    pub allocated_duration: i64,
    /// Whole seconds elapsed when this was written.
    pub elapsed_time: i64,
    /// The status.
    pub status: TimerStatus,
    /// Start of the newest running span.
    pub started_at: String,
    /// Set at pause, null at resume, kept at stop.
    pub paused_at: Option<String>,
    /// Set at stop and cancel.
    pub ended_at: Option<String>,
    /// The timer's actions, oldest first.
    pub pause_history: Vec<HistoryView>,
    /// The time of creation.
    pub created_at: String,
    /// The time of the last change.
    pub updated_at: String,
    /// The owner.
    pub owner_id: UserId,
    /// Its tags, ordered by name. Over REST by `tag_include_mode`.
    #[serde(default)]
    pub tags: Vec<TagView>,
    /// Whether it belongs to another user.
    #[serde(default)]
    pub is_shared: bool,
}

/// An entry of `pause_history`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HistoryView {
    /// start, pause, resume, stop or cancel.
    pub action: HistoryAction,
    /// When it happened.
    pub at: String,
    /// Whole seconds elapsed; on pause, stop and cancel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed: Option<i64>,
    /// When the server received it, if that was more than two seconds later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<String>,
    /// The end that a correction replaced; only on stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_from: Option<String>,
}

/// A timer that cannot be parsed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UnreadableTimer {
    /// A time that is not ISO 8601.
    #[error("{0:?} is not a time")]
    Time(String),
    /// An impossible history.
    #[error(transparent)]
    History(#[from] ReplayError),
}

impl TimerView {
    /// The timer at `now`: `elapsed_time` is computed for it.
    pub fn new(timer: &Timer, is_shared: bool, now: Timestamp, style: TimeStyle, zone: Option<&Zone>) -> Self {
        let write = |instant: Timestamp| style.write(instant, zone);
        let entry = |e: &HistoryEntry| HistoryView {
            action: e.action,
            at: write(e.at),
            elapsed: e.elapsed,
            received_at: e.received_at.map(write),
            corrected_from: e.corrected_from.map(write),
        };
        Self {
            id: timer.id,
            schedule_id: timer.schedule_id,
            todo_id: timer.todo_id,
            title: timer.title.clone(),
            description: timer.description.clone(),
            allocated_duration: timer.allocated_seconds,
            elapsed_time: timer.elapsed_seconds_at(now),
            status: timer.status,
            started_at: write(timer.started_at),
            paused_at: timer.paused_at.map(write),
            ended_at: timer.ended_at.map(write),
            pause_history: timer.history.iter().map(entry).collect(),
            created_at: write(timer.created_at),
            updated_at: write(timer.updated_at),
            owner_id: timer.owner_id.clone(),
            tags: timer.tags.iter().map(|tag| TagView::styled(tag, style, zone)).collect(),
            is_shared,
        }
    }

    /// The timer itself. It is exact to the millisecond if the view was written for the WebSocket: the state is derived
    /// from the history, since `elapsed_time` is whole seconds.
    ///
    /// # Errors
    /// [`UnreadableTimer`] for an invalid time or history.
    pub fn into_timer(self) -> Result<Timer, UnreadableTimer> {
        let read = |text: &str| Timestamp::parse_iso(text).ok_or_else(|| UnreadableTimer::Time(text.to_owned()));
        let history = self.pause_history.iter().map(|entry| {
            Ok(HistoryEntry {
                action: entry.action,
                at: read(&entry.at)?,
                elapsed: entry.elapsed,
                received_at: entry.received_at.as_deref().map(read).transpose()?,
                corrected_from: entry.corrected_from.as_deref().map(read).transpose()?,
            })
        });
        let tags = self.tags.into_iter().map(|tag| tag.into_tag(self.owner_id.clone()));
        let timer = Timer {
            tags: tags.collect::<Result<_, _>>().map_err(UnreadableTimer::Time)?,
            history: history.collect::<Result<_, UnreadableTimer>>()?,
            id: self.id,
            owner_id: self.owner_id,
            title: self.title,
            description: self.description,
            schedule_id: self.schedule_id,
            todo_id: self.todo_id,
            allocated_seconds: self.allocated_duration,
            elapsed_millis: self.elapsed_time.saturating_mul(1000),
            status: self.status,
            started_at: read(&self.started_at)?,
            paused_at: self.paused_at.as_deref().map(read).transpose()?,
            ended_at: self.ended_at.as_deref().map(read).transpose()?,
            created_at: read(&self.created_at)?,
            updated_at: read(&self.updated_at)?,
        };
        Ok(timer.replay()?)
    }
}
