//! What friends see of each other.

use serde::{Deserialize, Serialize};

/// What friends see live of a user's timers (`friend_activity` of `PATCH /v1/users/me`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum FriendActivity {
    /// What is done to which timer, with its title.
    #[default]
    Titles,
    /// What is done, without the title.
    Running,
    /// Nothing.
    Nothing,
}

impl FriendActivity {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Titles, Self::Running, Self::Nothing];

    /// The word of the wire and the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Titles => "titles",
            Self::Running => "running",
            Self::Nothing => "nothing",
        }
    }
}
