//! Why something about friends was not done.

use crate::{service::quotas::QuotaExceeded, store::StoreError};
use thiserror::Error;

/// A rule that said no, in words for people. Nothing was changed.
#[derive(Debug, Error)]
pub enum FriendError {
    /// There is no such record.
    #[error("Friendship not found")]
    NotFound,
    /// Nobody has this code.
    #[error("Nobody has this friend code")]
    CodeNotFound,
    /// One's own code.
    #[error("You cannot be your own friend")]
    FriendSelf,
    /// One's own id.
    #[error("You cannot block yourself")]
    BlockSelf,
    /// One of the two has asked already.
    #[error("A friend request between you two is waiting for its answer")]
    AlreadyAsked,
    /// They are friends.
    #[error("You are friends already")]
    AlreadyFriends,
    /// At least one of the two has blocked the other; the message is the same whoever it was.
    #[error("This user cannot be asked")]
    Blocked,
    /// The caller has no block of the other user, whether or not the other has one of the caller.
    #[error("Friendship not found: you have not blocked this user")]
    NotBlocked,
    /// Somebody else is to answer, or to take back.
    #[error("This friend request is not yours to decide")]
    NotRecipient,
    /// It was answered.
    #[error("This friend request is not waiting for an answer")]
    NotPending,
    /// The caller has no part in it, or it is no friendship.
    #[error("You are not friends")]
    NotFriends,
    /// Too many requests wait for the other's answer.
    #[error("Too many friend requests are waiting for this user's answer. Please try again later")]
    InboxFull,
    /// Too many of the user's requests wait for an answer.
    #[error(transparent)]
    Quota(#[from] QuotaExceeded),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
