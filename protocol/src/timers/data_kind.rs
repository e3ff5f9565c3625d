//! The kinds of data that `data.changed` names.

use crate::listed::listed;
use serde::{Deserialize, Serialize};

listed! {
    /// A kind of a user's data, to be read again over REST.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
    pub enum DataKind {
        /// The user's todos, with their tags, schedules and visibility.
        Todos,
        /// The user's tags and tag groups.
        Tags,
        /// The user's schedules and their occurrences, with their tags and visibility.
        Schedules,
        /// What timers show without an event of their own: changed tags, their visibility.
        Timers,
        /// Friends, friend requests and blocks, and whether friends show their activity.
        Friends,
        /// What others share with the user, and how the user shares.
        Sharing,
        /// The user's preferences and settings.
        Preferences,
        /// The user's notifications.
        Notifications,
    }
}
