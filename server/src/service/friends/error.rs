//! Errors of the friends' use cases.

use crate::{service::quotas::QuotaExceeded, store::StoreError};
use thiserror::Error;

/// Why a change was refused, as a message for people. Nothing was changed.
#[derive(Debug, Error)]
pub enum FriendError {
    /// There is no such record.
    #[error("Friendship not found")]
    NotFound,
    /// No user has this code.
    #[error("Nobody has this friend code")]
    CodeNotFound,
    /// The caller's own code.
    #[error("You cannot be your own friend")]
    FriendSelf,
    /// The caller's own id.
    #[error("You cannot block yourself")]
    BlockSelf,
    /// There is a pending request between the two.
    #[error("A friend request between you two is waiting for its answer")]
    AlreadyAsked,
    /// They are friends already.
    #[error("You are friends already")]
    AlreadyFriends,
    /// At least one of the two has blocked the other; the message does not reveal which one.
    #[error("This user cannot be asked")]
    Blocked,
    /// The caller has not blocked the other user, whether or not the other has blocked the caller.
    #[error("Friendship not found: you have not blocked this user")]
    NotBlocked,
    /// Only the other user may answer or cancel the request.
    #[error("This friend request is not yours to decide")]
    NotRecipient,
    /// The request was already answered.
    #[error("This friend request is not waiting for an answer")]
    NotPending,
    /// The caller is not part of it, or it is not a friendship.
    #[error("You are not friends")]
    NotFriends,
    /// Too many requests wait for the other user's answer.
    #[error("Too many friend requests are waiting for this user's answer. Please try again later")]
    InboxFull,
    /// Too many of the caller's requests wait for an answer.
    #[error(transparent)]
    Quota(#[from] QuotaExceeded),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
