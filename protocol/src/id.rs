//! Identifiers: a newtype for each kind, so that the compiler keeps them apart.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            /// Lower case with hyphens (contract, REST 4.1).
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

uuid_id! {
    /// A timer's id; version 7 for new ones.
    TimerId
}
uuid_id! {
    /// The id of a schedule that a timer may be linked to.
    ScheduleId
}
uuid_id! {
    /// The id of a todo that a timer may be linked to.
    TodoId
}
uuid_id! {
    /// The id of a tag.
    TagId
}
uuid_id! {
    /// The id of a group of tags.
    TagGroupId
}

uuid_id! {
    /// The id of a notification; version 7, so that newer ones have greater ids.
    NotificationId
}

/// A user's id: an opaque string. It equals the `sub` of their tokens, unless an earlier user has the same `sub` from
/// another issuer (contract, REST 2.2).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UserId(pub String);

impl UserId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for UserId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}
