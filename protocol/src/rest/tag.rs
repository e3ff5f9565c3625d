//! Tags in answers (contract, REST 6.1). Within schedules, todos and timers their times are in the requested timezone.

mod input;
mod time;

pub use input::{NewTag, NewTagGroup, TagChanges, TagGroupChanges};
pub use time::{TagGroupTime, TagTimes};

use crate::{
    id::{TagGroupId, TagId, UserId},
    tag::{GoalRatios, Tag, TagGroup},
    time::{TimeStyle, Timestamp, Zone},
};
use serde::{Deserialize, Serialize};

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = Tag))]
pub struct TagView {
    /// The id.
    pub id: TagId,
    /// The name, unique within the group.
    pub name: String,
    /// `#` and three or six hexadecimal digits, in upper case.
    #[cfg_attr(feature = "schema", schema(example = "#2E7D32"))]
    pub color: String,
    /// A longer text.
    pub description: Option<String>,
    /// The tag's group.
    pub group_id: TagGroupId,
    /// The time of creation.
    pub created_at: String,
    /// The time of the last change.
    pub updated_at: String,
}

/// A group of tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = TagGroup))]
pub struct TagGroupView {
    /// The id.
    pub id: TagGroupId,
    /// The name; need not be unique.
    pub name: String,
    /// `#` and three or six hexadecimal digits, in upper case.
    #[cfg_attr(feature = "schema", schema(example = "#2E7D32"))]
    pub color: String,
    /// A longer text.
    pub description: Option<String>,
    /// The owner's goals: numbers under names that the client chooses.
    #[cfg_attr(feature = "schema", schema(value_type = Option<std::collections::BTreeMap<String, f64>>))]
    pub goal_ratios: Option<GoalRatios>,
    /// The time of creation.
    pub created_at: String,
    /// The time of the last change.
    pub updated_at: String,
}

/// A group with its tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = TagGroupWithTags))]
pub struct TagGroupWithTags {
    /// The group.
    #[serde(flatten)]
    pub group: TagGroupView,
    /// The tags, ordered by name.
    pub tags: Vec<TagView>,
}

impl TagView {
    /// A tag as it appears within other resources, with times in their timezone.
    pub fn new(tag: &Tag, zone: Option<&Zone>) -> Self {
        Self::styled(tag, TimeStyle::Rest, zone)
    }

    /// With its times in a style.
    pub fn styled(tag: &Tag, style: TimeStyle, zone: Option<&Zone>) -> Self {
        Self {
            id: tag.id,
            name: tag.name.clone(),
            color: tag.color.clone(),
            description: tag.description.clone(),
            group_id: tag.group_id,
            created_at: style.write(tag.created_at, zone),
            updated_at: style.write(tag.updated_at, zone),
        }
    }

    /// The tag itself. The wire does not name its owner.
    ///
    /// # Errors
    /// The text of a time that is not ISO 8601.
    pub fn into_tag(self, owner: UserId) -> Result<Tag, String> {
        let read = |text: String| Timestamp::parse_iso(&text).ok_or(text);
        Ok(Tag {
            id: self.id,
            owner_id: owner,
            group_id: self.group_id,
            name: self.name,
            color: self.color,
            description: self.description,
            created_at: read(self.created_at)?,
            updated_at: read(self.updated_at)?,
        })
    }
}

impl From<&TagGroup> for TagGroupView {
    fn from(group: &TagGroup) -> Self {
        Self {
            id: group.id,
            name: group.name.clone(),
            color: group.color.clone(),
            description: group.description.clone(),
            goal_ratios: group.goal_ratios.clone(),
            created_at: group.created_at.rest(None),
            updated_at: group.updated_at.rest(None),
        }
    }
}
