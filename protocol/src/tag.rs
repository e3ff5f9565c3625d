//! Stored tags and tag groups (contract, REST 6).

use crate::{
    id::{TagGroupId, TagId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

mod goals;
pub use goals::{TagTime, tag_times};

/// Goals for the time spent: numbers under names that the client chooses. [`tag_times`] says which ones Lockstep uses.
pub type GoalRatios = BTreeMap<String, serde_json::Number>;

/// A group of tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagGroup {
    pub id: TagGroupId,
    /// The owner; groups are never shared.
    pub owner_id: UserId,
    /// The name; need not be unique.
    pub name: String,
    /// `#` and three or six hexadecimal digits, in upper case.
    pub color: String,
    pub description: Option<String>,
    pub goal_ratios: Option<GoalRatios>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    pub id: TagId,
    pub owner_id: UserId,
    /// The group; it cannot be changed.
    pub group_id: TagGroupId,
    /// The name, unique within the group.
    pub name: String,
    /// `#` and three or six hexadecimal digits, in upper case.
    pub color: String,
    pub description: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Tag {
    /// The tag of a public resource as strangers see it: id, name and colour. The description is removed; the group and
    /// the times, which the wire requires, become the nil UUID and the start of 1970.
    pub fn for_strangers(&self) -> Self {
        Self {
            id: self.id,
            owner_id: self.owner_id.clone(),
            name: self.name.clone(),
            color: self.color.clone(),
            group_id: TagGroupId(Uuid::nil()),
            description: None,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
        }
    }
}

/// Parses a colour: `#` and three or six hexadecimal digits, returned in upper case (contract, REST 4.6).
pub fn color(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#')?;
    let known = matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    known.then(|| text.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_three_or_six_hexadecimal_digits() {
        assert_eq!(color("#abcdef").as_deref(), Some("#ABCDEF"));
        assert_eq!(color("#0aF").as_deref(), Some("#0AF"));
        for text in ["", "#", "abc", "#abcd", "#abcdefa", "#ggg", "# ab", "#é0", "#ａbc"] {
            assert_eq!(color(text), None, "{text}");
        }
    }
}
