//! Access to shared resources, as a pure function (contract, REST 11.3).

use crate::{
    id::{ScheduleId, TimerId, TodoId, UserId},
    rest::input::word_input,
    tag::Tag,
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt::Display, hash::Hash, str::FromStr};
use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

/// The user who reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reader {
    pub user: UserId,
    /// The verified address of their token, in lower case.
    pub email: Option<String>,
}

impl Reader {
    /// The part after the last `@` of the address.
    pub fn domain(&self) -> Option<&str> {
        Some(self.email.as_deref()?.rsplit_once('@')?.1)
    }
}

/// The kinds of resources that can be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ResourceKind {
    /// A schedule.
    Schedule,
    /// A timer.
    Timer,
    /// A todo.
    Todo,
}

impl ResourceKind {
    /// The name in paths and tables.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The id of a resource that can be shared.
pub trait ResourceId: Copy + Eq + Hash + Display + FromStr<Err: Display> + Send + Sync {
    const KIND: ResourceKind;
}

impl ResourceId for ScheduleId {
    const KIND: ResourceKind = ResourceKind::Schedule;
}

impl ResourceId for TimerId {
    const KIND: ResourceKind = ResourceKind::Timer;
}

impl ResourceId for TodoId {
    const KIND: ResourceKind = ResourceKind::Todo;
}

/// Who may read a resource.
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
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Level {
    /// The owner only.
    Private,
    /// All accepted friends.
    Friends,
    /// Accepted friends who are listed.
    Selected,
    /// Users whose verified address, or its domain, is listed.
    AllowedEmails,
    /// All signed-in users.
    Public,
}

impl Level {
    /// All levels.
    pub const ALL: &[Self] = <Self as VariantArray>::VARIANTS;

    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses the name.
    pub fn parse(word: &str) -> Option<Self> {
        word.parse().ok()
    }
}

/// The owners of the resources in a list: `scope` (contract, REST 7.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, EnumString, VariantNames)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Scope {
    /// The caller's resources.
    #[default]
    Mine,
    /// Other users' resources that the caller may see.
    Shared,
    /// Both.
    All,
}

impl Scope {
    /// Whether the caller's resources are included.
    pub fn mine(self) -> bool {
        self != Self::Shared
    }

    /// Whether other users' resources are included.
    pub fn shared(self) -> bool {
        self != Self::Mine
    }
}

word_input!(Level, ResourceKind, Scope);

/// Another user's resource that a reader may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared<I> {
    pub id: I,
    pub owner: UserId,
    /// Whether it is readable only because it is public: owner and reader are not friends.
    pub by_stranger: bool,
}

/// The relation between two users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Relation {
    /// No friendship; a pending request makes no difference.
    #[default]
    None,
    /// Accepted friends.
    Friends,
    /// One of them has blocked the other.
    Blocked,
}

/// A reader's access to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Full access: it is the reader's own.
    Owner {
        /// The visibility level; `None` if it was never set.
        level: Option<Level>,
    },
    /// Read access by friendship or address.
    Shared,
    /// Read access as a stranger, since it is public: tags have only their name and colour.
    Public,
    /// No access; its existence is not revealed.
    Hidden,
}

impl Access {
    /// Whether the resource may be read.
    pub fn is_readable(self) -> bool {
        self != Self::Hidden
    }

    /// Whether it belongs to another user: `is_shared` on the wire.
    pub fn is_shared(self) -> bool {
        matches!(self, Self::Shared | Self::Public)
    }

    /// `visibility_level` on the wire, which only the owner receives.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Owner { level } => level,
            Self::Shared | Self::Public | Self::Hidden => None,
        }
    }

    /// The resource's tags as far as the reader may see them.
    pub fn tags(self, tags: &[Tag]) -> Cow<'_, [Tag]> {
        match self {
            Self::Public => tags.iter().map(Tag::for_strangers).collect(),
            Self::Owner { .. } | Self::Shared | Self::Hidden => Cow::Borrowed(tags),
        }
    }
}

/// The access of a reader. `listed` says whether the reader is on the level's list by id, address or domain.
pub fn access(is_owner: bool, level: Option<Level>, relation: Relation, listed: bool) -> Access {
    let (friend, blocked) = (relation == Relation::Friends, relation == Relation::Blocked);
    let readable = match level {
        _ if is_owner => return Access::Owner { level },
        _ if blocked => false,
        None | Some(Level::Private) => false,
        Some(Level::Public) if !friend => return Access::Public,
        Some(Level::Public) => true,
        Some(Level::Friends) => friend,
        Some(Level::Selected) => friend && listed,
        Some(Level::AllowedEmails) => listed,
    };
    if readable { Access::Shared } else { Access::Hidden }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_follows_the_first_rule_that_applies() {
        use Level::*;
        //           level           stranger        friend          blocked
        //                           not    listed   not    listed   not    listed
        let table = [
            (None, [false, false, false, false, false, false]),
            (Some(Private), [false, false, false, false, false, false]),
            (Some(Friends), [false, false, true, true, false, false]),
            (Some(Selected), [false, false, false, true, false, false]),
            (Some(AllowedEmails), [false, true, false, true, false, false]),
            (Some(Public), [true, true, true, true, false, false]),
        ];
        for (level, row) in table {
            let columns = [Relation::None, Relation::Friends, Relation::Blocked]
                .into_iter()
                .flat_map(|relation| [(relation, false), (relation, true)]);
            for ((relation, listed), readable) in columns.zip(row) {
                let expected = match readable {
                    true if level == Some(Public) && relation == Relation::None => Access::Public,
                    true => Access::Shared,
                    false => Access::Hidden,
                };
                let case = format!("{level:?} {relation:?} {listed}");
                assert_eq!(access(false, level, relation, listed), expected, "{case}");
                assert_eq!(access(true, level, relation, listed), Access::Owner { level }, "{case}");
            }
        }
    }

    #[test]
    fn the_domain_is_the_part_after_the_last_at_sign() {
        let reader = |email: Option<&str>| Reader {
            user: "ada".into(),
            email: email.map(str::to_owned),
        };
        assert_eq!(reader(Some("\"a@b\"@example.com")).domain(), Some("example.com"));
        assert_eq!(reader(Some("nobody")).domain(), None);
        assert_eq!(reader(Option::None).domain(), None);
    }
}
