//! Client input about notifications (contract, events WebSocket "Notifications").

use crate::{
    id::NotificationId,
    notification::NotificationSettings,
    rest::input::{Flag, Issues},
};
use deserr::Deserr;
use serde::Serialize;

/// Which notifications `GET /v1/notifications` lists.
#[derive(Clone, Debug, Default, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct NotificationQuery {
    /// Unread ones only.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub unread: Flag,
    /// Those before this one.
    #[cfg_attr(feature = "schema", param(inline))]
    #[deserr(default)]
    pub before: Option<NotificationId>,
}

/// `PUT /v1/notifications/settings`: kinds without a member keep their switch, so that clients that do not know a newer
/// kind leave it alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewNotificationSettings {
    /// Friend requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub friend_request: Option<bool>,
    /// Accepted friend requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub friend_accepted: Option<bool>,
    /// What others share with the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub shared: Option<bool>,
}

impl NewNotificationSettings {
    /// The settings after the change.
    pub fn apply(self, to: NotificationSettings) -> NotificationSettings {
        NotificationSettings {
            friend_request: self.friend_request.unwrap_or(to.friend_request),
            friend_accepted: self.friend_accepted.unwrap_or(to.friend_accepted),
            shared: self.shared.unwrap_or(to.shared),
        }
    }
}
