//! How much of a user's activity friends receive.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

/// How much of a user's timer activity friends receive (`friend_activity` of `PATCH /v1/users/me`).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum FriendActivity {
    /// The action and the timer, with its title.
    #[default]
    Titles,
    /// The action, without the title.
    Running,
    /// Nothing.
    Nothing,
}

crate::rest::input::word_input!(FriendActivity);

impl FriendActivity {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
