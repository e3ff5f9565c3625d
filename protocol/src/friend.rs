//! What friends see of each other.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

/// What friends see live of a user's timers (`friend_activity` of `PATCH /v1/users/me`).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
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

crate::rest::input::word_input!(FriendActivity);

impl FriendActivity {
    /// The word of the wire and the table.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
