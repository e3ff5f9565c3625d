//! Schedules as they are kept (contract, REST 7).

use crate::{
    id::{ScheduleId, TagGroupId, TodoId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

/// Where a schedule stands.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ScheduleState {
    /// Meant to happen.
    #[default]
    Planned,
    /// Sure to happen.
    Confirmed,
    /// Will not happen.
    Cancelled,
}

crate::rest::input::word_input!(ScheduleState);

impl ScheduleState {
    /// The word of the wire.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Its id.
    pub id: ScheduleId,
    /// Whose it is.
    pub owner_id: UserId,
    /// What it is for.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// When it starts; of a recurring one, when the rule starts.
    pub start_time: Timestamp,
    /// When it ends; later than it starts.
    pub end_time: Timestamp,
    /// RFC 5545 text as given; none and an empty one: it does not recur.
    pub recurrence_rule: Option<String>,
    /// The last instant at which an occurrence may start.
    pub recurrence_end: Option<Timestamp>,
    /// A group that it belongs to, whatever its tags.
    pub tag_group_id: Option<TagGroupId>,
    /// The todo that it belongs to.
    pub source_todo_id: Option<TodoId>,
    /// The todo's deadline made it, and moves it (contract, REST 12.10).
    pub from_deadline: bool,
    /// Where it stands.
    pub state: ScheduleState,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Schedule {
    /// The rule by which it recurs; `None` where it does not.
    pub fn rule(&self) -> Option<&str> {
        self.recurrence_rule.as_deref().filter(|rule| !rule.is_empty())
    }
}
