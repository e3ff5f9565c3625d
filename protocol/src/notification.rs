//! Notifications: what a user is told about (contract, events WebSocket "Notifications").

use crate::{
    id::{NotificationId, UserId},
    listed::listed,
    rest::input::word_input,
    sharing::ResourceKind,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

listed! {
    /// The kinds, each with a switch in the settings.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumString, IntoStaticStr)]
    #[serde(rename_all = "snake_case")]
    #[strum(serialize_all = "snake_case")]
    #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
    pub enum NotificationKind {
        /// A friend request was received.
        FriendRequest,
        /// The user's friend request was accepted.
        FriendAccepted,
        /// Something was shared with the user by name or address.
        Shared,
    }
}

impl NotificationKind {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// How it is to be shown.
    pub fn level(self) -> NotificationLevel {
        match self {
            Self::FriendRequest | Self::Shared => NotificationLevel::Info,
            Self::FriendAccepted => NotificationLevel::Success,
        }
    }
}

/// How a notification is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum NotificationLevel {
    Info,
    Success,
    Warning,
    Error,
}

/// The type of what events and notifications are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum EntityType {
    /// A todo.
    Task,
    Timer,
    Schedule,
    User,
}

word_input!(EntityType);

impl EntityType {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl From<ResourceKind> for EntityType {
    fn from(kind: ResourceKind) -> Self {
        match kind {
            ResourceKind::Schedule => Self::Schedule,
            ResourceKind::Timer => Self::Timer,
            ResourceKind::Todo => Self::Task,
        }
    }
}

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Notification {
    pub id: NotificationId,
    pub kind: NotificationKind,
    /// The user who caused it.
    pub actor: UserId,
    /// That user's name, if known.
    pub actor_name: Option<String>,
    pub entity_type: EntityType,
    pub entity_id: String,
    pub created_at: Timestamp,
    /// `None`: unread.
    pub read_at: Option<Timestamp>,
}

impl Notification {
    /// What it says, in English, as all texts of the API.
    pub fn message(&self) -> String {
        let who = self.actor_name.as_deref().unwrap_or("Somebody");
        match (self.kind, self.entity_type) {
            (NotificationKind::FriendRequest, _) => format!("{who} sent you a friend request."),
            (NotificationKind::FriendAccepted, _) => format!("{who} accepted your friend request."),
            (NotificationKind::Shared, EntityType::Task) => format!("{who} shared a todo with you."),
            (NotificationKind::Shared, EntityType::Timer) => format!("{who} shared a timer with you."),
            (NotificationKind::Shared, EntityType::Schedule) => format!("{who} shared a schedule with you."),
            (NotificationKind::Shared, EntityType::User) => format!("{who} shared something with you."),
        }
    }

    /// The path of the page that shows what it is about.
    pub fn link(&self) -> String {
        match (self.kind, self.entity_type) {
            (NotificationKind::FriendRequest | NotificationKind::FriendAccepted, _) => "/friends".to_owned(),
            (NotificationKind::Shared, EntityType::Timer) => format!("/timers/{}", self.entity_id),
            (NotificationKind::Shared, _) => "/shared".to_owned(),
        }
    }
}

/// The kinds that a user is told about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NotificationSettings {
    /// Friend requests.
    pub friend_request: bool,
    /// Accepted friend requests.
    pub friend_accepted: bool,
    /// What others share with the user.
    pub shared: bool,
}

impl Default for NotificationSettings {
    fn default() -> Self {
        Self {
            friend_request: true,
            friend_accepted: true,
            shared: true,
        }
    }
}

impl NotificationSettings {
    /// Whether the user is told about a kind.
    pub fn has(&self, kind: NotificationKind) -> bool {
        match kind {
            NotificationKind::FriendRequest => self.friend_request,
            NotificationKind::FriendAccepted => self.friend_accepted,
            NotificationKind::Shared => self.shared,
        }
    }

    /// The same settings with another switch of a kind.
    #[must_use]
    pub fn with(mut self, kind: NotificationKind, is_on: bool) -> Self {
        match kind {
            NotificationKind::FriendRequest => self.friend_request = is_on,
            NotificationKind::FriendAccepted => self.friend_accepted = is_on,
            NotificationKind::Shared => self.shared = is_on,
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_message_names_who_and_what() {
        let notification = |kind, entity_type, name: Option<&str>| Notification {
            id: NotificationId(Uuid::nil()),
            kind,
            actor: "ada".into(),
            actor_name: name.map(str::to_owned),
            entity_type,
            entity_id: "1".to_owned(),
            created_at: Timestamp::default(),
            read_at: None,
        };
        let shared = notification(NotificationKind::Shared, EntityType::Task, Some("Ada"));
        assert_eq!(shared.message(), "Ada shared a todo with you.");
        assert_eq!(shared.link(), "/shared");
        let timer = notification(NotificationKind::Shared, EntityType::Timer, None);
        assert_eq!(timer.message(), "Somebody shared a timer with you.");
        assert_eq!(timer.link(), "/timers/1");
        let request = notification(NotificationKind::FriendRequest, EntityType::User, Some("Ada"));
        assert_eq!(
            (request.message().as_str(), request.link().as_str()),
            ("Ada sent you a friend request.", "/friends")
        );
    }

    #[test]
    fn each_kind_has_a_switch_of_its_own() {
        for kind in NotificationKind::ALL {
            let settings = NotificationSettings::default().with(*kind, false);
            for other in NotificationKind::ALL {
                assert_eq!(settings.has(*other), other != kind);
            }
            let json = serde_json::to_value(settings).unwrap();
            assert_eq!(json[kind.as_str()], false, "the switch has the name of the kind");
        }
    }
}
