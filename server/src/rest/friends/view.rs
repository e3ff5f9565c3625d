//! Friendships in REST bodies.

use crate::store::friendships::{Friendship, FriendshipStatus, WithProfile};
use protocol::id::UserId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What there is between two users.
#[derive(Serialize, ToSchema)]
#[schema(as = Friendship)]
pub struct FriendshipView {
    id: Uuid,
    /// Who asked.
    requester_id: UserId,
    /// Who was asked.
    addressee_id: UserId,
    status: FriendshipStatus,
    /// Who blocked the other.
    blocked_by: Option<UserId>,
    created_at: String,
    updated_at: String,
}

impl From<Friendship> for FriendshipView {
    fn from(friendship: Friendship) -> Self {
        Self {
            id: friendship.id,
            requester_id: friendship.requester,
            addressee_id: friendship.addressee,
            status: friendship.status,
            blocked_by: friendship.blocked_by,
            created_at: friendship.created_at.rest(None),
            updated_at: friendship.updated_at.rest(None),
        }
    }
}

/// A request that waits for its answer.
#[derive(Serialize, ToSchema)]
pub struct FriendRequest {
    id: Uuid,
    /// Who asks.
    requester_id: UserId,
    /// Who is asked.
    addressee_id: UserId,
    /// The name of who asks.
    requester_display_name: Option<String>,
    /// The picture of who asks.
    requester_avatar_url: Option<String>,
    created_at: String,
}

impl From<WithProfile> for FriendRequest {
    fn from(request: WithProfile) -> Self {
        Self {
            id: request.friendship.id,
            requester_id: request.friendship.requester,
            addressee_id: request.friendship.addressee,
            requester_display_name: request.display_name,
            requester_avatar_url: request.avatar_url,
            created_at: request.friendship.created_at.rest(None),
        }
    }
}

/// A friend.
#[derive(Serialize, ToSchema)]
pub struct Friend {
    /// Who.
    user_id: UserId,
    /// The record, to end it by.
    friendship_id: Uuid,
    display_name: Option<String>,
    avatar_url: Option<String>,
    /// Since when they are friends.
    since: String,
}

impl Friend {
    /// A friend of a user's.
    pub fn new(friend: WithProfile, of: &UserId) -> Self {
        Self {
            user_id: friend.friendship.other(of).clone(),
            friendship_id: friend.friendship.id,
            display_name: friend.display_name,
            avatar_url: friend.avatar_url,
            since: friend.friendship.updated_at.rest(None),
        }
    }
}
