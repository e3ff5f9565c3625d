//! Tags, and the groups they stand in, as they are kept (contract, REST 6).

use crate::{
    id::{TagGroupId, TagId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How much of one's time is meant for what: numbers by names of the client's choice.
pub type GoalRatios = BTreeMap<String, serde_json::Number>;

/// A group of tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagGroup {
    /// Its id.
    pub id: TagGroupId,
    /// Whose it is; nobody else sees it.
    pub owner_id: UserId,
    /// What it is called; several may be called the same.
    pub name: String,
    /// `#` and three or six hexadecimal digits, in upper case.
    pub color: String,
    /// More about it.
    pub description: Option<String>,
    /// The owner's goals.
    pub goal_ratios: Option<GoalRatios>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its id.
    pub id: TagId,
    /// Whose it is.
    pub owner_id: UserId,
    /// The group it stands in, for good.
    pub group_id: TagGroupId,
    /// What it is called; once in its group.
    pub name: String,
    /// `#` and three or six hexadecimal digits, in upper case.
    pub color: String,
    /// More about it.
    pub description: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Tag {
    /// The tag as strangers see it on what is public: the id, the name and the colour. The description is left out, and
    /// so are the group and the times, which the wire needs: they are the nil UUID and the start of 1970.
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

/// A colour as it is kept: `#` and three or six hexadecimal digits, in upper case (contract, REST 4.6).
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
