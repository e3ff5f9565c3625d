//! Blocking (contract, REST 10.3).

use super::view::FriendshipView;
use crate::{
    rest::http::{
        caller::CurrentUser,
        error::{ApiError, DomainError},
        input::Input,
        ok::OkMessage,
    },
    state::AppState,
};
use axum::{Json, extract::State};
use protocol::rest::input::UserIdParam;

/// Blocks a user, who need not exist.
///
/// From then on neither sees anything of the other, not even public resources. A request or friendship of the two ends.
/// The other user is not notified. Blocking again returns the same record.
#[utoipa::path(post, path = "/v1/friends/block/{user_id}", tag = "friends", operation_id = "block_user",
    params(("user_id" = UserIdParam, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The caller's own block, whether or not the other user has blocked the caller.", body = FriendshipView),
        (status = 400, description = "The caller cannot block themselves.", body = DomainError),
    ))]
pub async fn block(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, UserIdParam>,
) -> Result<Json<FriendshipView>, ApiError> {
    Ok(Json(state.friends.block(&caller.0, &path.0).await?.into()))
}

/// Removes the caller's block.
///
/// A block by the other user stays, and does not change the answer.
#[utoipa::path(delete, path = "/v1/friends/block/{user_id}", tag = "friends", operation_id = "unblock_user",
    params(("user_id" = UserIdParam, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The caller's block was removed.", body = OkMessage),
        (status = 404, description = "The caller has not blocked this user.", body = DomainError),
    ))]
pub async fn unblock(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, UserIdParam>,
) -> Result<Json<OkMessage>, ApiError> {
    state.friends.unblock(&caller.0, &path.0).await?;
    Ok(Json(OkMessage::new("User unblocked")))
}
