//! A timer as it is kept, and where it stands.

use super::History;
use crate::{
    id::{ScheduleId, TimerId, TodoId, UserId},
    tag::Tag,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

/// Where a timer stands.
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
    /// Counting.
    Running,
    /// Held; can be resumed.
    Paused,
    /// Stopped for good.
    Completed,
    /// Given up.
    Cancelled,
}

impl TimerStatus {
    /// All of them.
    pub const ALL: &[Self] = <Self as VariantArray>::VARIANTS;

    /// RUNNING or PAUSED: what the contract calls active.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }

    /// The word of the wire, in upper case.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Reads the word of the wire, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        word.parse().ok()
    }
}

impl fmt::Display for TimerStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A timer as it is kept. What a running one has elapsed is derived, never stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// Its id.
    pub id: TimerId,
    /// Whose it is.
    pub owner_id: UserId,
    /// What it is for.
    pub title: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// The schedule it belongs to.
    pub schedule_id: Option<ScheduleId>,
    /// The todo it belongs to.
    pub todo_id: Option<TodoId>,
    /// The tags that it is shown with, ordered by name; empty also where they were not asked for.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// How long it is meant to run, in seconds.
    pub allocated_seconds: i64,
    /// The sum of the finished running spans, in milliseconds; without the one that is still open.
    pub elapsed_millis: i64,
    /// Where it stands.
    pub status: TimerStatus,
    /// When the newest running span began: set at create, reset at resume.
    pub started_at: Timestamp,
    /// When it was paused: set at pause, cleared at resume, kept at stop and cancel.
    pub paused_at: Option<Timestamp>,
    /// When it was stopped or cancelled.
    pub ended_at: Option<Timestamp>,
    /// Everything that happened to it, oldest first.
    pub history: History,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Timer {
    /// Milliseconds it has run until `now`; the open span counts while it is RUNNING.
    pub fn elapsed_millis_at(&self, now: Timestamp) -> i64 {
        match self.status {
            TimerStatus::Running => self.elapsed_millis + now.millis_since(self.started_at).max(0),
            _ => self.elapsed_millis,
        }
    }

    /// The same in whole seconds, cut off: what the wire and the page show.
    pub fn elapsed_seconds_at(&self, now: Timestamp) -> i64 {
        self.elapsed_millis_at(now) / 1000
    }

    /// Seconds left of the allocated duration at `now`; negative once it is over.
    pub fn remaining_seconds_at(&self, now: Timestamp) -> i64 {
        self.allocated_seconds - self.elapsed_seconds_at(now)
    }

    /// Milliseconds from `now` until the shown second changes; `None` where it never does by itself.
    pub fn millis_to_next_second(&self, now: Timestamp) -> Option<i64> {
        (self.status == TimerStatus::Running).then(|| {
            let early = self.started_at.millis_since(now).max(0);
            early + 1000 - self.elapsed_millis_at(now) % 1000
        })
    }
}
