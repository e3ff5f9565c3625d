//! `/v1/users/me` (contract, REST 5). No endpoint looks up other users.

use crate::{
    rest::http::{
        caller::CurrentUser,
        error::ApiError,
        input::{Input, NoPath},
        table::Table,
    },
    state::AppState,
    store::users::StoredUser,
};
use axum::{Json, extract::State};
use protocol::{friend::FriendActivity, id::UserId, rest::MyChanges};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// The routes of this family.
pub fn routes(table: Table) -> Table {
    table.with(routes!(me, patch_me)).with(routes!(renew_friend_code))
}

/// The caller's profile.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The `sub` of the token, unless an earlier user has the same `sub` from another issuer.
    id: UserId,
    /// The name that the caller chose, else the one in the newest token.
    display_name: Option<String>,
    /// The picture in the newest token.
    avatar_url: Option<String>,
    /// The code by which others can send a friend request; it stays the same until it is renewed.
    friend_code: String,
    /// How much of the caller's timer activity friends receive: titles (the action and the timer, with its title),
    /// running (the same without titles) or nothing.
    friend_activity: FriendActivity,
}

impl From<StoredUser> for Me {
    fn from(user: StoredUser) -> Self {
        Self {
            id: user.id,
            display_name: user.display_name,
            avatar_url: user.avatar_url,
            friend_code: user.friend_code,
            friend_activity: user.friend_activity,
        }
    }
}

/// The caller's profile.
#[utoipa::path(get, path = "/v1/users/me", tag = "users", operation_id = "get_me", security(("bearer" = [])),
    responses((status = 200, description = "The caller.", body = Me)))]
pub async fn me(State(state): State<AppState>, CurrentUser(user): CurrentUser) -> Result<Json<Me>, ApiError> {
    Ok(Json(state.users.me(&user).await?.into()))
}

/// Changes the name that others see, and how much of the caller's activity friends receive.
#[utoipa::path(patch, path = "/v1/users/me", tag = "users", operation_id = "update_me", request_body = MyChanges,
    security(("bearer" = [])),
    responses((status = 200, description = "The profile after the change.", body = Me)))]
pub async fn patch_me(
    State(state): State<AppState>,
    Input { caller, body, .. }: Input<CurrentUser, NoPath, (), MyChanges>,
) -> Result<Json<Me>, ApiError> {
    let CurrentUser(user) = caller;
    if body != MyChanges::default() {
        state.users.change(&user, body).await?;
    }
    Ok(Json(state.users.me(&user).await?.into()))
}

/// Gives the caller a new friend code.
///
/// The old code stops working at once. Requests that used it and friends stay.
#[utoipa::path(post, path = "/v1/users/me/friend-code", tag = "users", operation_id = "renew_friend_code",
    security(("bearer" = [])),
    responses((status = 200, description = "The profile with the new code.", body = Me)))]
pub async fn renew_friend_code(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
) -> Result<Json<Me>, ApiError> {
    state.users.renew_friend_code(&user).await?;
    Ok(Json(state.users.me(&user).await?.into()))
}
