//! Blocking (contract, REST 10.3).

use super::view::FriendshipView;
use crate::{
    rest::{
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
/// Neither sees anything of the other's from then on, be it public. Blocking again returns the same record.
#[utoipa::path(post, path = "/v1/friends/block/{user_id}", tag = "friends", operation_id = "block_user",
    params(("user_id" = UserId, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The block.", body = FriendshipView),
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
#[utoipa::path(delete, path = "/v1/friends/block/{user_id}", tag = "friends", operation_id = "unblock_user",
    params(("user_id" = UserId, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "They are strangers.", body = DoneWithMessage),
        (status = 403, description = "The other one blocked.", body = DomainError),
        (status = 404, description = "There is no block.", body = DomainError),
    ))]
pub async fn unblock(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathUser(other): PathUser,
) -> Result<Json<DoneWithMessage>, ApiError> {
    state.friends.unblock(&user, &other).await?;
    Ok(Json(DoneWithMessage::new("User unblocked")))
}
