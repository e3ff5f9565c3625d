//! Who may see what: the rule, as a function of what is known (contract, REST 11.3).

use crate::{
    id::{ScheduleId, TimerId, TodoId, UserId},
    rest::input::word_input,
    tag::Tag,
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt::Display, hash::Hash, str::FromStr};
use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

/// Who reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reader {
    /// The user.
    pub user: UserId,
    /// The address of their token, verified and in lower case.
    pub email: Option<String>,
}

impl Reader {
    /// What follows the last `@` of the address.
    pub fn domain(&self) -> Option<&str> {
        Some(self.email.as_deref()?.rsplit_once('@')?.1)
    }
}

/// What can be shared.
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
    /// The word of paths and tables.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The id of something that can be shared.
pub trait ResourceId: Copy + Eq + Hash + Display + FromStr<Err: Display> + Send + Sync {
    /// Of which kind it is.
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

/// For whom something is meant.
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
    /// The owner.
    Private,
    /// All accepted friends.
    Friends,
    /// Accepted friends on a list.
    Selected,
    /// Whose verified address, or its domain, is on a list.
    AllowedEmails,
    /// Everybody who is signed in.
    Public,
}

impl Level {
    /// All of them.
    pub const ALL: &[Self] = <Self as VariantArray>::VARIANTS;

    /// The word of the wire and the table.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        word.parse().ok()
    }
}

/// Whose resources a list contains: `scope` (contract, REST 7.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, EnumString, VariantNames)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Scope {
    /// The caller's.
    #[default]
    Mine,
    /// Those of others that the caller may see.
    Shared,
    /// Both.
    All,
}

impl Scope {
    /// Whether it contains the caller's.
    pub fn mine(self) -> bool {
        self != Self::Shared
    }

    /// Whether it contains those of others.
    pub fn shared(self) -> bool {
        self != Self::Mine
    }
}

word_input!(Level, ResourceKind, Scope);

/// Something of somebody else's that a reader may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared<I> {
    /// Its id.
    pub id: I,
    /// Its owner.
    pub owner: UserId,
    /// It is public, and its owner and the reader are not friends.
    pub by_stranger: bool,
}

/// What two users are to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Relation {
    /// Strangers; a request that waits changes nothing.
    #[default]
    None,
    /// Accepted friends.
    Friends,
    /// One has blocked the other.
    Blocked,
}

/// What a reader may do with something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// All: it is theirs.
    Owner {
        /// For whom it is meant; `None` where that was never set.
        level: Option<Level>,
    },
    /// Read it: it is shared with them as a friend or by their address.
    Shared,
    /// Read it as any stranger may, since it is public: its tags by name and colour alone.
    Public,
    /// Not even know what is in it.
    Hidden,
}

impl Access {
    /// Whether it may be read.
    pub fn is_readable(self) -> bool {
        self != Self::Hidden
    }

    /// Whether it belongs to somebody else: `is_shared` of the wire.
    pub fn is_shared(self) -> bool {
        matches!(self, Self::Shared | Self::Public)
    }

    /// `visibility_level` of the wire, which only the owner sees.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Owner { level } => level,
            Self::Shared | Self::Public | Self::Hidden => None,
        }
    }

    /// The resource's tags as the reader may see them.
    pub fn tags(self, tags: &[Tag]) -> Cow<'_, [Tag]> {
        match self {
            Self::Public => tags.iter().map(Tag::for_strangers).collect(),
            Self::Owner { .. } | Self::Shared | Self::Hidden => Cow::Borrowed(tags),
        }
    }
}

/// What a reader may do with what is not, or is, their own. `listed`: they are on the list of the level, by id, by
/// address or by domain.
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
    fn the_first_rule_that_applies_decides() {
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
    fn the_domain_is_what_follows_the_last_at() {
        let reader = |email: Option<&str>| Reader {
            user: "ada".into(),
            email: email.map(str::to_owned),
        };
        assert_eq!(reader(Some("\"a@b\"@example.com")).domain(), Some("example.com"));
        assert_eq!(reader(Some("nobody")).domain(), None);
        assert_eq!(reader(Option::None).domain(), None);
    }
}
