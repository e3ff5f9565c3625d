//! `/v1/friends`: requests, friends and blocks (contract, REST 10).

mod blocks;
mod list;
mod requests;
mod view;

use crate::rest::http::table::Table;
use utoipa_axum::routes;

/// The routes of this family.
pub fn routes(table: Table) -> Table {
    table
        .with(routes!(list::list))
        .with(routes!(list::ids))
        .with(routes!(list::check))
        .with(routes!(list::remove))
        .with(routes!(requests::ask))
        .with(routes!(requests::received))
        .with(routes!(requests::sent))
        .with(routes!(requests::accept))
        .with(routes!(requests::reject))
        .with(routes!(requests::cancel))
        .with(routes!(blocks::block, blocks::unblock))
}

use crate::rest::http::error::ApiError;
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
