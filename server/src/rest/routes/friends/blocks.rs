//! Blocking (contract, REST 10.3).

use super::view::FriendshipView;
use crate::{
    rest::http::{
        caller::CurrentUser,
        done::DoneWithMessage,
        error::{ApiError, DomainError},
        path::PathUser,
    },
    state::AppState,
};
use axum::{Json, extract::State};
use protocol::id::UserId;

/// Blocks a user, who need not be known.
///
/// Neither sees anything of the other's from then on, not even what is public. A request or friendship of the two ends.
/// The other user is not told. Blocking again returns the same record.
#[utoipa::path(post, path = "/v1/friends/block/{user_id}", tag = "friends", operation_id = "block_user",
    params(("user_id" = UserId, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The caller's own block, whether or not the other user has blocked the caller.", body = FriendshipView),
        (status = 400, description = "It is the caller.", body = DomainError),
    ))]
pub async fn block(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathUser(other): PathUser,
) -> Result<Json<FriendshipView>, ApiError> {
    Ok(Json(state.friends.block(&user, &other).await?.into()))
}

/// Lifts the caller's block.
///
/// A block that the other user has made of the caller stays, and does not change the answer.
#[utoipa::path(delete, path = "/v1/friends/block/{user_id}", tag = "friends", operation_id = "unblock_user",
    params(("user_id" = UserId, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The caller's block is gone.", body = DoneWithMessage),
        (status = 404, description = "The caller has not blocked this user.", body = DomainError),
    ))]
pub async fn unblock(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathUser(other): PathUser,
) -> Result<Json<DoneWithMessage>, ApiError> {
    state.friends.unblock(&user, &other).await?;
    Ok(Json(DoneWithMessage::new("User unblocked")))
}
