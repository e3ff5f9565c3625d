//! Friendships in REST answers.

use crate::store::{
    blocks::Block,
    friendships::{self, Friendship, WithProfile},
};
use protocol::id::UserId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A request, a friendship or a block of two users.
#[derive(Serialize, ToSchema)]
#[schema(as = Friendship)]
pub struct FriendshipView {
    id: Uuid,
    /// The user who sent the request, or blocked.
    requester_id: UserId,
    /// The user who received the request, or is blocked.
    addressee_id: UserId,
    status: FriendshipStatus,
    /// For a block, the caller: blocks by other users are not shown.
    blocked_by: Option<UserId>,
    created_at: String,
    updated_at: String,
}

/// The status of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum FriendshipStatus {
    /// A request without an answer.
    Pending,
    /// A friendship.
    Accepted,
    /// The caller has blocked the other user.
    Blocked,
}

impl From<friendships::FriendshipStatus> for FriendshipStatus {
    fn from(status: friendships::FriendshipStatus) -> Self {
        match status {
            friendships::FriendshipStatus::Pending => Self::Pending,
            friendships::FriendshipStatus::Accepted => Self::Accepted,
        }
    }
}

impl From<Friendship> for FriendshipView {
    fn from(friendship: Friendship) -> Self {
        Self {
            id: friendship.id,
            requester_id: friendship.requester,
            addressee_id: friendship.addressee,
            status: friendship.status.into(),
            blocked_by: None,
            created_at: friendship.created_at.rest(None),
            updated_at: friendship.updated_at.rest(None),
        }
    }
}

impl From<Block> for FriendshipView {
    fn from(block: Block) -> Self {
        Self {
            id: block.id,
            requester_id: block.blocker.clone(),
            addressee_id: block.blocked,
            status: FriendshipStatus::Blocked,
            blocked_by: Some(block.blocker),
            created_at: block.created_at.rest(None),
            updated_at: block.created_at.rest(None),
        }
    }
}

/// A pending request.
#[derive(Serialize, ToSchema)]
pub struct FriendRequest {
    id: Uuid,
    requester_id: UserId,
    addressee_id: UserId,
    /// The requester's name.
    requester_display_name: Option<String>,
    /// The requester's picture.
    requester_avatar_url: Option<String>,
    created_at: String,
}

impl From<&WithProfile> for FriendRequest {
    fn from(request: &WithProfile) -> Self {
        Self {
            id: request.friendship.id,
            requester_id: request.friendship.requester.clone(),
            addressee_id: request.friendship.addressee.clone(),
            requester_display_name: request.display_name.clone(),
            requester_avatar_url: request.avatar_url.clone(),
            created_at: request.friendship.created_at.rest(None),
        }
    }
}

/// A friend.
#[derive(Serialize, ToSchema)]
pub struct Friend {
    /// The friend's id.
    user_id: UserId,
    /// The id of the record, for ending the friendship.
    friendship_id: Uuid,
    display_name: Option<String>,
    avatar_url: Option<String>,
    /// When the friendship began.
    since: String,
}

impl Friend {
    /// The friend of the user `of`.
    pub fn new(friend: &WithProfile, of: &UserId) -> Self {
        Self {
            user_id: friend.friendship.other(of).clone(),
            friendship_id: friend.friendship.id,
            display_name: friend.display_name.clone(),
            avatar_url: friend.avatar_url.clone(),
            since: friend.friendship.updated_at.rest(None),
        }
    }
}
