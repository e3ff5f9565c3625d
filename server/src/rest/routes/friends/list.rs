//! Who is whose friend (contract, REST 10.2).

use super::view::Friend;
use crate::{
    rest::http::{
        caller::CurrentUser,
        done::DoneWithMessage,
        error::{ApiError, DomainError},
        paging::{self, ListAnswer, PageParams},
        path::{PathId, PathUser},
    },
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use protocol::id::UserId;
use uuid::Uuid;

/// The caller's friends, the newest first.
#[utoipa::path(get, path = "/v1/friends", tag = "friends", operation_id = "list_friends", params(PageParams),
    security(("bearer" = [])),
    responses((status = 200, description = "The friends.", body = Vec<Friend>)))]
pub async fn list(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    OriginalUri(uri): OriginalUri,
) -> Result<ListAnswer, ApiError> {
    let friends = state.friends.list(&user, &paging::only(&uri)?).await?;
    paging::answer(&uri, friends, |friend| Friend::new(friend, &user))
}

/// The ids of the caller's friends, the newest first.
#[utoipa::path(get, path = "/v1/friends/ids", tag = "friends", operation_id = "list_friend_ids",
    params(PageParams), security(("bearer" = [])),
    responses((status = 200, description = "The ids.", body = Vec<UserId>)))]
pub async fn ids(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    OriginalUri(uri): OriginalUri,
) -> Result<ListAnswer, ApiError> {
    let friends = state.friends.list(&user, &paging::only(&uri)?).await?;
    paging::answer(&uri, friends, |friend| friend.friendship.other(&user).clone())
}

/// Whether a user is the caller's friend.
#[utoipa::path(get, path = "/v1/friends/check/{user_id}", tag = "friends", operation_id = "check_friend",
    params(("user_id" = UserId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "Whether; unknown users are none.", body = bool,
        content_type = "application/json")))]
pub async fn check(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathUser(other): PathUser,
) -> Result<Json<bool>, ApiError> {
    Ok(Json(state.friends.check(&user, &other).await?))
}

/// Ends a friendship, for both.
///
/// They are taken off each other's visibility lists.
#[utoipa::path(delete, path = "/v1/friends/{friendship_id}", tag = "friends", operation_id = "remove_friend",
    params(("friendship_id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "They are no friends any more.", body = DoneWithMessage),
        (status = 403, description = "The caller has no part in it, or it is no friendship.", body = DomainError),
        (status = 404, description = "There is none.", body = DomainError),
    ))]
pub async fn remove(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    id: PathId<Uuid>,
) -> Result<Json<DoneWithMessage>, ApiError> {
    let id = id.checked("friendship_id", vec![])?;
    state.friends.remove(&user, id).await?;
    Ok(Json(DoneWithMessage::new("Friend removed")))
}
