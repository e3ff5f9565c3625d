//! A timer as the wire shows it, over the WebSocket and over REST (contract, REST 9.1).

use crate::{
    id::{ScheduleId, TimerId, TodoId, UserId},
    rest::TagView,
    time::{TimeStyle, Timestamp, Zone},
    timers::{HistoryAction, HistoryEntry, ReplayError, Timer, TimerStatus},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The members that a timer has on every wire; times are text, in the reader's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TimerView {
    /// Its id.
    pub id: TimerId,
    /// The schedule it is linked to.
    pub schedule_id: Option<ScheduleId>,
    /// The todo it is linked to.
    pub todo_id: Option<TodoId>,
    /// What it is for.
    pub title: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// Seconds it is meant to run.
    pub allocated_duration: i64,
    /// Whole seconds it has run when this was written.
    pub elapsed_time: i64,
    /// Where it stands.
    pub status: TimerStatus,
    /// Start of the newest running span.
    pub started_at: String,
    /// Set at pause, null at resume, kept at stop.
    pub paused_at: Option<String>,
    /// Set at stop and cancel.
    pub ended_at: Option<String>,
    /// What happened to it, oldest first.
    pub pause_history: Vec<HistoryView>,
    /// When it was created.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
    /// Its owner.
    pub owner_id: UserId,
    /// Its tags, ordered by name. Over REST by `tag_include_mode`.
    #[serde(default)]
    pub tags: Vec<TagView>,
    /// It belongs to somebody else.
    #[serde(default)]
    pub is_shared: bool,
}

/// An entry of `pause_history`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HistoryView {
    /// start, pause, resume, stop or cancel.
    pub action: HistoryAction,
    /// When.
    pub at: String,
    /// Whole seconds elapsed; on pause, stop and cancel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed: Option<i64>,
}

/// A timer that cannot be read back.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UnreadableTimer {
    /// A time that is not ISO 8601.
    #[error("{0:?} is not a time")]
    Time(String),
    /// A history that no timer can have.
    #[error(transparent)]
    History(#[from] ReplayError),
}

impl TimerView {
    /// The timer as it looks at `now`. Reading changes nothing: `elapsed_time` is computed.
    pub fn new(timer: &Timer, is_shared: bool, now: Timestamp, style: TimeStyle, zone: Option<&Zone>) -> Self {
        let write = |instant: Timestamp| style.write(instant, zone);
        let entry = |e: &HistoryEntry| HistoryView {
            action: e.action,
            at: write(e.at),
            elapsed: e.elapsed,
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

    /// The timer itself, exact to the millisecond when the view was written for the WebSocket: its state is derived
    /// from the history, since `elapsed_time` is whole seconds.
    ///
    /// # Errors
    /// [`UnreadableTimer`] when a time or the history is not one.
    pub fn into_timer(self) -> Result<Timer, UnreadableTimer> {
        let read = |text: &str| Timestamp::parse_iso(text).ok_or_else(|| UnreadableTimer::Time(text.to_owned()));
        let history = self.pause_history.iter().map(|entry| {
            Ok(HistoryEntry {
                action: entry.action,
                at: read(&entry.at)?,
                elapsed: entry.elapsed,
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
