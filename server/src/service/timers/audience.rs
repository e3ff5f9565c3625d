//! Who hears of what was committed.

use crate::{
    hub::{ConnectionId, Hub},
    service::{delivery, friends::Activity},
};
use protocol::{
    id::UserId,
    timers::{Body, ServerMessage},
};

/// The user's own connections, and others as far as they may know.
#[derive(Clone)]
pub(super) struct Audience {
    /// The connections.
    pub hub: Hub,
    /// The others.
    pub activity: Activity,
}

impl Audience {
    /// Publishes an event to its user's connections, but not to `except`; others are told in their turn. Never waits.
    pub fn publish(&self, user: &UserId, event: &ServerMessage, except: Option<ConnectionId>) {
        delivery::publish(&self.hub, user, event, except);
        if let Body::Timer { timer, action } = &event.body {
            self.activity.tell(timer, *action);
        }
    }
}
