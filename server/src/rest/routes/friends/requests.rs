//! Friend requests (contract, REST 10.1).

use super::view::{FriendRequest, FriendshipView};
use crate::{
    paging::{PageRequest, TimeKey},
    rest::http::{
        caller::CurrentUser,
        error::{ApiError, DomainError},
        input::{Input, NoPath},
        ok::{OkBody, OkMessage},
        paging::{self, ListAnswer},
    },
    service::friends::RequestTarget,
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use protocol::rest::{Address, FriendCode, NewFriendRequest, PageQuery};
use uuid::Uuid;

/// Sends a friend request.
#[utoipa::path(post, path = "/v1/friends/requests", tag = "friends", operation_id = "ask_friend",
    request_body = NewFriendRequest, security(("bearer" = [])),
    responses(
        (status = 201, description = "Requested, by code.", body = FriendshipView),
        (status = 202, description = "By address: accepted, whether or not the address has an account.", body = OkBody),
        (status = 400, description = "The code is the caller's own.", body = DomainError),
        (status = 403, description = "One of the users has blocked the other; by code only.", body = DomainError),
        (status = 404, description = "No user has this code.", body = DomainError),
        (status = 409, description = "They are friends, or there is a pending request.", body = DomainError),
    ))]
pub async fn ask(
    State(state): State<AppState>,
    Input { caller, body, .. }: Input<CurrentUser, NoPath, (), NewFriendRequest>,
) -> Result<Response, ApiError> {
    let target = match body {
        NewFriendRequest::Email(Address(address)) => RequestTarget::Email(address),
        NewFriendRequest::FriendCode(FriendCode(code)) => RequestTarget::Code(code),
    };
    Ok(match state.friends.request(&caller.0, target).await? {
        Some(request) => (StatusCode::CREATED, Json(FriendshipView::from(request))).into_response(),
        None => (StatusCode::ACCEPTED, Json(OkBody::default())).into_response(),
    })
}

/// Pending requests to the caller, newest first.
#[utoipa::path(get, path = "/v1/friends/requests/received", tag = "friends", operation_id = "list_received_requests",
    params(PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "The requests.", body = Vec<FriendRequest>)))]
pub async fn received(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input { caller, query, .. }: Input<CurrentUser, NoPath, PageRequest<TimeKey>>,
) -> Result<ListAnswer, ApiError> {
    let requests = state.friends.received(&caller.0, &query).await?;
    paging::answer(&uri, requests, |request| FriendRequest::from(request))
}

/// Pending requests of the caller, newest first.
#[utoipa::path(get, path = "/v1/friends/requests/sent", tag = "friends", operation_id = "list_sent_requests",
    params(PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "The requests.", body = Vec<FriendRequest>)))]
pub async fn sent(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input { caller, query, .. }: Input<CurrentUser, NoPath, PageRequest<TimeKey>>,
) -> Result<ListAnswer, ApiError> {
    let requests = state.friends.sent(&caller.0, &query).await?;
    paging::answer(&uri, requests, |request| FriendRequest::from(request))
}

/// Accepts a request.
#[utoipa::path(post, path = "/v1/friends/requests/{request_id}/accept", tag = "friends",
    operation_id = "accept_request", params(("request_id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The friendship.", body = FriendshipView),
        (status = 400, description = "The request was already answered.", body = DomainError),
        (status = 403, description = "The caller is not the addressee.", body = DomainError),
        (status = 404, description = "There is no such request.", body = DomainError),
    ))]
pub async fn accept(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, Uuid>,
) -> Result<Json<FriendshipView>, ApiError> {
    Ok(Json(state.friends.accept(&caller.0, path).await?.into()))
}

/// Rejects a request, which is removed.
#[utoipa::path(post, path = "/v1/friends/requests/{request_id}/reject", tag = "friends",
    operation_id = "reject_request", params(("request_id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The request was removed.", body = OkMessage),
        (status = 400, description = "The request was already answered.", body = DomainError),
        (status = 403, description = "The caller is not the addressee.", body = DomainError),
        (status = 404, description = "There is no such request.", body = DomainError),
    ))]
pub async fn reject(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, Uuid>,
) -> Result<Json<OkMessage>, ApiError> {
    state.friends.reject(&caller.0, path).await?;
    Ok(Json(OkMessage::new("Friend request rejected")))
}

/// Cancels a request.
#[utoipa::path(delete, path = "/v1/friends/requests/{request_id}", tag = "friends", operation_id = "cancel_request",
    params(("request_id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The request was removed.", body = OkMessage),
        (status = 400, description = "The request was already answered.", body = DomainError),
        (status = 403, description = "The caller is not the requester.", body = DomainError),
        (status = 404, description = "There is no such request.", body = DomainError),
    ))]
pub async fn cancel(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, Uuid>,
) -> Result<Json<OkMessage>, ApiError> {
    state.friends.cancel(&caller.0, path).await?;
    Ok(Json(OkMessage::new("Friend request cancelled")))
}
