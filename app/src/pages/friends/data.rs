//! The data of the friends page.

use protocol::{
    friend::FriendActivity,
    id::UserId,
    sharing::{Level, ResourceKind},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The maximum number of titles that are listed of what is shared with a friend.
pub const LISTED: usize = 20;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FriendsData {
    pub invitation: Invitation,
    /// How much of the user's timers all friends see.
    pub shows: FriendActivity,
    /// The code of another user's link that was opened (`code` of the query).
    pub asked: Option<String>,
    /// The requests that wait for the user's answer, the newest first.
    pub received: Requests,
    /// The user's requests without an answer, the newest first.
    pub sent: Requests,
    /// The friends that are shown, the newest first.
    pub friends: Vec<Friend>,
    /// The cursor of the friends after these.
    pub next: Option<String>,
    /// Whether these are not the first friends.
    pub is_continued: bool,
    /// What the user shares with all friends.
    pub shared: Shared,
    /// The users whom the user has blocked, the newest first.
    pub blocked: Vec<Blocked>,
    /// Whether there are more blocks than are listed.
    pub has_more_blocked: bool,
}

/// How others reach the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub code: String,
    /// The address of this page with the code.
    pub link: String,
    /// The link as a QR code; `None` if it is too long for one.
    pub picture: Option<QrPicture>,
}

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrPicture {
    /// Its width and height in modules, without the quiet zone.
    pub size: usize,
    /// The dark modules as the path of an SVG.
    pub path: String,
}

/// Pending requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    pub items: Vec<Request>,
    /// Whether there are more than are listed.
    pub has_more: bool,
}

/// A pending request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub id: Uuid,
    /// The other user; empty while a new request waits for the server.
    pub user_id: UserId,
    /// The requester's name. The name of a user who has not answered is not revealed.
    pub name: Option<String>,
    pub since: Timestamp,
    #[serde(default)]
    pub waits: bool,
}

/// A friend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Friend {
    pub friendship_id: Uuid,
    pub user_id: UserId,
    pub name: Option<String>,
    pub since: Timestamp,
    /// What the user shares with this friend by name.
    pub shared: Shared,
    #[serde(default)]
    pub waits: bool,
}

/// A blocked user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    pub user_id: UserId,
    pub name: Option<String>,
    #[serde(default)]
    pub waits: bool,
}

/// Things of the user that others may see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    pub count: i64,
    /// The last shared ones, at most 20.
    pub items: Vec<SharedItem>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedItem {
    pub kind: ResourceKind,
    pub title: Option<String>,
    pub level: Level,
}

impl FriendsData {
    /// What a friend sees: first what is shared with this friend by name, then what is shared with all.
    pub fn seen_by(&self, friend: &Friend) -> Shared {
        let items = friend.shared.items.iter().chain(&self.shared.items);
        Shared {
            count: friend.shared.count + self.shared.count,
            items: items.take(LISTED).cloned().collect(),
        }
    }

    /// A friend by id.
    pub fn friend(&self, id: &UserId) -> Option<&Friend> {
        self.friends.iter().find(|friend| friend.user_id == *id)
    }

    /// Whether the opened link is the user's own.
    pub fn asks_self(&self) -> bool {
        self.asked.as_ref() == Some(&self.invitation.code)
    }
}
