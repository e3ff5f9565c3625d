//! Changes that are made on the friends page.

use super::data::{Blocked, Friend, FriendsData, Request, Shared};
use crate::page::Edit;
use protocol::{friend::FriendActivity, id::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FriendsEdit {
    /// A request by code. The server chooses another id for it.
    Ask {
        id: Uuid,
        at: Timestamp,
    },
    /// Accepts a received request.
    Accept {
        id: Uuid,
    },
    /// Removes a request, received or sent.
    Withdraw {
        id: Uuid,
    },
    /// Ends a friendship.
    Remove {
        id: Uuid,
    },
    /// Blocks a user, which ends requests and friendships.
    Block {
        user: UserId,
    },
    Unblock {
        user: UserId,
    },
    /// How much of the user's timers friends see.
    Show {
        shown: FriendActivity,
    },
    /// A new code. The old one is shown until the server has chosen it.
    NewCode,
}

impl Edit<FriendsData> for FriendsEdit {
    fn apply(&self, data: &mut FriendsData) {
        match self {
            Self::Ask { id, at } => data.sent.items.insert(
                0,
                Request {
                    id: *id,
                    user_id: UserId(String::new()),
                    name: None,
                    since: *at,
                    waits: true,
                },
            ),
            Self::Accept { id } => {
                let index = data.received.items.iter().position(|request| request.id == *id);
                if let Some(request) = index.map(|index| data.received.items.remove(index)) {
                    data.friends.insert(
                        0,
                        Friend {
                            friendship_id: request.id,
                            user_id: request.user_id,
                            name: request.name,
                            since: request.since,
                            shared: Shared::default(),
                            waits: true,
                        },
                    );
                }
            }
            Self::Withdraw { id } => {
                data.received.items.retain(|request| request.id != *id);
                data.sent.items.retain(|request| request.id != *id);
            }
            Self::Remove { id } => data.friends.retain(|friend| friend.friendship_id != *id),
            Self::Block { user } => {
                let friend = data.friends.iter().find(|friend| friend.user_id == *user);
                let request = data.received.items.iter().find(|request| request.user_id == *user);
                let name = friend
                    .and_then(|friend| friend.name.clone())
                    .or_else(|| request?.name.clone());
                data.friends.retain(|friend| friend.user_id != *user);
                data.received.items.retain(|request| request.user_id != *user);
                data.sent.items.retain(|request| request.user_id != *user);
                if data.blocked.iter().all(|blocked| blocked.user_id != *user) {
                    data.blocked.insert(
                        0,
                        Blocked {
                            user_id: user.clone(),
                            name,
                            waits: true,
                        },
                    );
                }
            }
            Self::Unblock { user } => data.blocked.retain(|blocked| blocked.user_id != *user),
            Self::Show { shown } => data.shows = *shown,
            Self::NewCode => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::friends::data::{Invitation, Requests};

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn request(number: u128, user: &str, name: Option<&str>) -> Request {
        Request {
            id: id(number),
            user_id: user.into(),
            name: name.map(Into::into),
            since: Timestamp::default(),
            waits: false,
        }
    }

    fn requests(items: Vec<Request>) -> Requests {
        Requests { items, has_more: false }
    }

    fn data() -> FriendsData {
        FriendsData {
            invitation: Invitation {
                code: "abc".into(),
                link: "https://example.com/friends?code=abc".into(),
                picture: None,
            },
            shows: FriendActivity::Titles,
            asked: None,
            received: requests(vec![request(1, "ben", Some("Ben"))]),
            sent: requests(vec![request(2, "eve", None)]),
            friends: Vec::new(),
            next: None,
            is_continued: false,
            shared: Shared::default(),
            blocked: Vec::new(),
            has_more_blocked: false,
        }
    }

    fn after(edits: &[FriendsEdit]) -> FriendsData {
        let mut data = data();
        edits.iter().for_each(|edit| edit.apply(&mut data));
        data
    }

    #[test]
    fn an_accepted_request_becomes_a_friend() {
        let data = after(&[FriendsEdit::Accept { id: id(1) }]);
        assert!(data.received.items.is_empty());
        let friend = data.friend(&"ben".into()).unwrap();
        assert_eq!((friend.name.as_deref(), friend.waits), (Some("Ben"), true));
        let removed = after(&[FriendsEdit::Accept { id: id(1) }, FriendsEdit::Remove { id: id(1) }]);
        assert!(removed.friends.is_empty());
    }

    #[test]
    fn a_block_ends_requests_and_friendships_of_the_user() {
        let block = |user: &str| FriendsEdit::Block { user: user.into() };
        for edits in [
            vec![block("ben")],
            vec![FriendsEdit::Accept { id: id(1) }, block("ben"), block("ben")],
        ] {
            let data = after(&edits);
            assert!(data.received.items.is_empty() && data.friends.is_empty());
            let names: Vec<_> = data.blocked.iter().map(|blocked| blocked.name.as_deref()).collect();
            assert_eq!(names, [Some("Ben")]);
        }
        let data = after(&[block("eve"), FriendsEdit::Unblock { user: "eve".into() }]);
        assert!(data.sent.items.is_empty() && data.blocked.is_empty());
    }

    #[test]
    fn requests_are_sent_and_withdrawn() {
        let ask = FriendsEdit::Ask {
            id: id(9),
            at: Timestamp::default(),
        };
        let data = after(&[ask]);
        assert!(data.sent.items[0].waits && data.sent.items.len() == 2);
        let data = after(&[FriendsEdit::Withdraw { id: id(2) }, FriendsEdit::Withdraw { id: id(1) }]);
        assert!(data.sent.items.is_empty() && data.received.items.is_empty());
    }
}
