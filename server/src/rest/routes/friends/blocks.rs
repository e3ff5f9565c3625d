//! Blocking (contract, REST 10.3).

use super::view::FriendshipView;
use crate::{
    rest::http::{
        caller::CurrentUser,
        done::DoneWithMessage,
        error::{ApiError, DomainError},
        input::Input,
    },
    state::AppState,
};
use axum::{Json, extract::State};
use protocol::rest::input::UserIdParam;

/// Blocks a user, who need not be known.
///
/// Neither sees anything of the other's from then on, not even what is public. A request or friendship of the two ends.
/// The other user is not told. Blocking again returns the same record.
#[utoipa::path(post, path = "/v1/friends/block/{user_id}", tag = "friends", operation_id = "block_user",
    params(("user_id" = UserIdParam, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The caller's own block, whether or not the other user has blocked the caller.", body = FriendshipView),
        (status = 400, description = "It is the caller.", body = DomainError),
    ))]
pub async fn block(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, UserIdParam>,
) -> Result<Json<FriendshipView>, ApiError> {
    Ok(Json(state.friends.block(&caller.0, &path.0).await?.into()))
}

/// Lifts the caller's block.
///
/// A block that the other user has made of the caller stays, and does not change the answer.
#[utoipa::path(delete, path = "/v1/friends/block/{user_id}", tag = "friends", operation_id = "unblock_user",
    params(("user_id" = UserIdParam, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The caller's block is gone.", body = DoneWithMessage),
        (status = 404, description = "The caller has not blocked this user.", body = DomainError),
    ))]
pub async fn unblock(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, UserIdParam>,
) -> Result<Json<DoneWithMessage>, ApiError> {
    state.friends.unblock(&caller.0, &path.0).await?;
    Ok(Json(DoneWithMessage::new("User unblocked")))
}
