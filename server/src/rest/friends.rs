//! `/v1/friends`: requests, friends and blocks (contract, REST 10).

mod blocks;
mod list;
mod requests;
mod view;

// Each handler with the description that its route is made from.
pub use blocks::{__path_block, __path_unblock, block, unblock};
pub use list::{__path_check, __path_ids, __path_list, __path_remove, check, ids, list, remove};
pub use requests::{
    __path_accept, __path_ask, __path_cancel, __path_received, __path_reject, __path_sent, accept, ask, cancel,
    received, reject, sent,
};

use super::error::ApiError;
use crate::service::friends::FriendError;
use axum::http::StatusCode;

impl From<FriendError> for ApiError {
    fn from(error: FriendError) -> Self {
        let (status, error_type) = match &error {
            FriendError::NotFound | FriendError::NotBlocked => (StatusCode::NOT_FOUND, "FriendshipNotFoundError"),
            FriendError::CodeNotFound => (StatusCode::NOT_FOUND, "FriendCodeNotFoundError"),
            FriendError::FriendSelf => (StatusCode::BAD_REQUEST, "CannotFriendSelfError"),
            FriendError::BlockSelf => (StatusCode::BAD_REQUEST, "CannotBlockSelfError"),
            FriendError::AlreadyAsked => (StatusCode::CONFLICT, "FriendRequestAlreadyExistsError"),
            FriendError::AlreadyFriends => (StatusCode::CONFLICT, "AlreadyFriendsError"),
            FriendError::Blocked => (StatusCode::FORBIDDEN, "UserBlockedError"),
            FriendError::NotRecipient => (StatusCode::FORBIDDEN, "NotFriendRequestRecipientError"),
            FriendError::NotPending => (StatusCode::BAD_REQUEST, "FriendRequestNotPendingError"),
            FriendError::NotFriends => (StatusCode::FORBIDDEN, "NotFriendsError"),
            FriendError::InboxFull => (StatusCode::CONFLICT, "TooManyFriendRequestsError"),
            FriendError::Quota(error) => return (*error).into(),
            FriendError::Store(error) => return error.into(),
        };
        Self::domain(status, error_type, error.to_string())
    }
}
