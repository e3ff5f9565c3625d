//! Time by tags (`GET /v1/tags/time`).

use crate::{id::TagGroupId, tag::TagTime};
use serde::{Deserialize, Serialize};

/// The time of tags, by their groups. A timer counts for each of its tags: its own, and those of its schedule, or of its
/// todo if it has no schedule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TagTimes {
    /// The groups that have tags with time or with a goal, ordered by name.
    pub groups: Vec<TagGroupTime>,
}

/// The time of a group's tags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TagGroupTime {
    /// The group.
    pub group_id: TagGroupId,
    /// The sum of the tags' times in seconds.
    pub seconds: i64,
    /// The tags with time or with a goal, ordered by name.
    pub tags: Vec<TagTime>,
}
