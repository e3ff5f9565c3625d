//! Stored timers.

use super::History;
use crate::{
    id::{ScheduleId, TimerId, TodoId, UserId},
    tag::Tag,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

/// The status of a timer.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantNames,
    VariantArray,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE", ascii_case_insensitive)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum TimerStatus {
    /// Time elapses.
    Running,
    /// Stopped, but can be resumed.
    Paused,
    /// Stopped for good.
    Completed,
    /// Cancelled.
    Cancelled,
}

impl TimerStatus {
    /// All statuses.
    pub const ALL: &[Self] = <Self as VariantArray>::VARIANTS;

    /// RUNNING or PAUSED: what the contract calls active.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }

    /// The name on the wire, in upper case.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses the name on the wire, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        word.parse().ok()
    }
}

impl fmt::Display for TimerStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A stored timer. The elapsed time of a running one is derived, never stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    pub id: TimerId,
    pub owner_id: UserId,
    pub title: Option<String>,
    pub description: Option<String>,
    pub schedule_id: Option<ScheduleId>,
    pub todo_id: Option<TodoId>,
    /// The tags that it is shown with, ordered by name; empty also where they were not asked for.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// How long it is meant to run, in seconds.
    pub allocated_seconds: i64,
    /// The sum of the finished running spans, in milliseconds, without the open one.
    pub elapsed_millis: i64,
    pub status: TimerStatus,
    /// When the newest running span began: set at create, reset at resume.
    pub started_at: Timestamp,
    /// When it was paused: set at pause, cleared at resume, kept at stop and cancel.
    pub paused_at: Option<Timestamp>,
    /// When it was stopped or cancelled.
    pub ended_at: Option<Timestamp>,
    /// Its actions, oldest first.
    pub history: History,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Timer {
    /// Milliseconds elapsed until `now`; the open span counts while it is RUNNING.
    pub fn elapsed_millis_at(&self, now: Timestamp) -> i64 {
        match self.status {
            TimerStatus::Running => self.elapsed_millis + now.millis_since(self.started_at).max(0),
            _ => self.elapsed_millis,
        }
    }

    /// The same in whole seconds, truncated, as on the wire and the page.
    pub fn elapsed_seconds_at(&self, now: Timestamp) -> i64 {
        self.elapsed_millis_at(now) / 1000
    }

    /// Seconds left of the allocated duration at `now`; negative in overtime.
    pub fn remaining_seconds_at(&self, now: Timestamp) -> i64 {
        self.allocated_seconds - self.elapsed_seconds_at(now)
    }

    /// Milliseconds from `now` until the shown second changes; `None` if the timer is not running.
    pub fn millis_to_next_second(&self, now: Timestamp) -> Option<i64> {
        (self.status == TimerStatus::Running).then(|| {
            let early = self.started_at.millis_since(now).max(0);
            early + 1000 - self.elapsed_millis_at(now) % 1000
        })
    }
}
