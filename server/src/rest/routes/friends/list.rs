//! Lists of friends (contract, REST 10.2).

use super::view::Friend;
use crate::{
    paging::{PageRequest, TimeKey},
    rest::http::{
        caller::CurrentUser,
        error::{ApiError, DomainError},
        input::{Input, NoPath},
        ok::OkMessage,
        paging::{self, ListAnswer},
    },
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use protocol::{
    id::UserId,
    rest::{PageQuery, input::UserIdParam},
};
use uuid::Uuid;

/// The caller's friends, newest first.
#[utoipa::path(get, path = "/v1/friends", tag = "friends", operation_id = "list_friends", params(PageQuery),
    security(("bearer" = [])),
    responses((status = 200, description = "The friends.", body = Vec<Friend>)))]
pub async fn list(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input { caller, query, .. }: Input<CurrentUser, NoPath, PageRequest<TimeKey>>,
) -> Result<ListAnswer, ApiError> {
    let CurrentUser(user) = caller;
    let friends = state.friends.list(&user, &query).await?;
    paging::answer(&uri, friends, |friend| Friend::new(friend, &user))
}

/// The ids of the caller's friends, newest first.
#[utoipa::path(get, path = "/v1/friends/ids", tag = "friends", operation_id = "list_friend_ids",
    params(PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "The ids.", body = Vec<UserId>)))]
pub async fn ids(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input { caller, query, .. }: Input<CurrentUser, NoPath, PageRequest<TimeKey>>,
) -> Result<ListAnswer, ApiError> {
    let CurrentUser(user) = caller;
    let friends = state.friends.list(&user, &query).await?;
    paging::answer(&uri, friends, |friend| friend.friendship.other(&user).clone())
}

/// Whether a user is the caller's friend.
#[utoipa::path(get, path = "/v1/friends/check/{user_id}", tag = "friends", operation_id = "check_friend",
    params(("user_id" = UserIdParam, Path)), security(("bearer" = [])),
    responses((status = 200, description = "Whether they are friends; false for unknown users.", body = bool,
        content_type = "application/json")))]
pub async fn check(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, UserIdParam>,
) -> Result<Json<bool>, ApiError> {
    Ok(Json(state.friends.check(&caller.0, &path.0).await?))
}

/// Ends a friendship for both users.
///
/// They are removed from each other's visibility lists.
#[utoipa::path(delete, path = "/v1/friends/{friendship_id}", tag = "friends", operation_id = "remove_friend",
    params(("friendship_id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The friendship was ended.", body = OkMessage),
        (status = 403, description = "The caller is not part of it, or it is not a friendship.", body = DomainError),
        (status = 404, description = "There is no such friendship.", body = DomainError),
    ))]
pub async fn remove(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, Uuid>,
) -> Result<Json<OkMessage>, ApiError> {
    state.friends.remove(&caller.0, path).await?;
    Ok(Json(OkMessage::new("Friend removed")))
}
