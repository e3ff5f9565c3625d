//! Asking somebody to be friends, and the answer (contract, REST 10.1).

use super::view::{FriendRequest, FriendshipView};
use crate::{
    rest::http::{
        caller::CurrentUser,
        done::{Done, DoneWithMessage},
        error::{ApiError, DomainError, Issue},
        json::{JsonObject, SentBody, given},
        paging::{self, ListAnswer, PageParams},
        path::PathId,
    },
    service::friends::Asked,
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use protocol::limits;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who is asked: exactly one of the members.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "the members are read one by one, so that one answer lists all that is wrong"
)]
struct NewFriendRequest {
    /// A verified address. Whether anybody has it is not told.
    email: Option<String>,
    /// The `friend_code` of who is asked.
    friend_code: Option<String>,
}

/// Asks somebody to be friends.
#[utoipa::path(post, path = "/v1/friends/requests", tag = "friends", operation_id = "ask_friend",
    request_body = NewFriendRequest, security(("bearer" = [])),
    responses(
        (status = 201, description = "Asked, by code.", body = FriendshipView),
        (status = 202, description = "By address: asked, if there is somebody to be asked.", body = Done),
        (status = 400, description = "It is the caller's own code.", body = DomainError),
        (status = 403, description = "One of the two has blocked the other; by code only.", body = DomainError),
        (status = 404, description = "Nobody has this code.", body = DomainError),
        (status = 409, description = "They are friends, or one has asked already.", body = DomainError),
    ))]
pub async fn ask(State(state): State<AppState>, SentBody { sender, body }: SentBody) -> Result<Response, ApiError> {
    let mut issues = Vec::new();
    let body = body.members(&mut issues);
    let asked = if issues.is_empty() {
        asked(&body, &mut issues)
    } else {
        None
    };
    let asked = given(asked, issues)?;
    let CurrentUser(user) = sender;
    Ok(match state.friends.request(&user, asked).await? {
        Some(request) => (StatusCode::CREATED, Json(FriendshipView::from(request))).into_response(),
        None => (StatusCode::ACCEPTED, Json(Done::default())).into_response(),
    })
}

/// The requests that wait for the caller's answer, the newest first.
#[utoipa::path(get, path = "/v1/friends/requests/received", tag = "friends", operation_id = "list_received_requests",
    params(PageParams), security(("bearer" = [])),
    responses((status = 200, description = "The requests.", body = Vec<FriendRequest>)))]
pub async fn received(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    OriginalUri(uri): OriginalUri,
) -> Result<ListAnswer, ApiError> {
    let requests = state.friends.received(&user, &paging::only(&uri)?).await?;
    paging::answer(&uri, requests, |request| FriendRequest::from(request))
}

/// The caller's requests that wait for an answer, the newest first.
#[utoipa::path(get, path = "/v1/friends/requests/sent", tag = "friends", operation_id = "list_sent_requests",
    params(PageParams), security(("bearer" = [])),
    responses((status = 200, description = "The requests.", body = Vec<FriendRequest>)))]
pub async fn sent(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    OriginalUri(uri): OriginalUri,
) -> Result<ListAnswer, ApiError> {
    let requests = state.friends.sent(&user, &paging::only(&uri)?).await?;
    paging::answer(&uri, requests, |request| FriendRequest::from(request))
}

/// Accepts a request: the two are friends.
#[utoipa::path(post, path = "/v1/friends/requests/{request_id}/accept", tag = "friends",
    operation_id = "accept_request", params(("request_id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The friendship.", body = FriendshipView),
        (status = 400, description = "It was answered already.", body = DomainError),
        (status = 403, description = "The caller is not who was asked.", body = DomainError),
        (status = 404, description = "There is none.", body = DomainError),
    ))]
pub async fn accept(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    id: PathId<Uuid>,
) -> Result<Json<FriendshipView>, ApiError> {
    let id = id.checked("request_id", vec![])?;
    Ok(Json(state.friends.accept(&user, id).await?.into()))
}

/// Rejects a request; it is as if it had not been made.
#[utoipa::path(post, path = "/v1/friends/requests/{request_id}/reject", tag = "friends",
    operation_id = "reject_request", params(("request_id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "It is gone.", body = DoneWithMessage),
        (status = 400, description = "It was answered already.", body = DomainError),
        (status = 403, description = "The caller is not who was asked.", body = DomainError),
        (status = 404, description = "There is none.", body = DomainError),
    ))]
pub async fn reject(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    id: PathId<Uuid>,
) -> Result<Json<DoneWithMessage>, ApiError> {
    let id = id.checked("request_id", vec![])?;
    state.friends.reject(&user, id).await?;
    Ok(Json(DoneWithMessage::new("Friend request rejected")))
}

/// Takes a request back.
#[utoipa::path(delete, path = "/v1/friends/requests/{request_id}", tag = "friends", operation_id = "cancel_request",
    params(("request_id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "It is gone.", body = DoneWithMessage),
        (status = 400, description = "It was answered already.", body = DomainError),
        (status = 403, description = "The caller is not who asked.", body = DomainError),
        (status = 404, description = "There is none.", body = DomainError),
    ))]
pub async fn cancel(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    id: PathId<Uuid>,
) -> Result<Json<DoneWithMessage>, ApiError> {
    let id = id.checked("request_id", vec![])?;
    state.friends.cancel(&user, id).await?;
    Ok(Json(DoneWithMessage::new("Friend request cancelled")))
}

/// Exactly one of the members must be there, and not null.
fn asked(body: &JsonObject, issues: &mut Vec<Issue>) -> Option<Asked> {
    let name = match (body.0.contains_key("email"), body.0.contains_key("friend_code")) {
        (true, false) => "email",
        (false, true) => "friend_code",
        _ => {
            let msg = "Exactly one of email and friend_code must be given";
            issues.push(Issue::body("value_error", msg));
            return None;
        }
    };
    body.required(name, issues);
    let text = body.text(name, limits::TITLE_CHARS, issues).flatten()?;
    let text = text.trim();
    let (fits, msg, asked) = match name {
        "email" => (
            is_address(text),
            "Must be an e-mail address",
            Asked::Email(text.to_lowercase()),
        ),
        _ => (!text.is_empty(), "Must not be empty", Asked::Code(text.to_owned())),
    };
    if !fits {
        issues.push(Issue::new("value_error", "body", name, msg, Value::Null));
    }
    fits.then_some(asked)
}

/// `x@y` without blanks.
fn is_address(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty()) && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_two_parts_and_no_blanks() {
        for text in ["a@b", "a.b+c@mail.example.com", "\"a@b\"@c"] {
            assert!(is_address(text), "{text}");
        }
        for text in ["", "a", "@", "a@", "@b", "a b@c", "a@b\tc"] {
            assert!(!is_address(text), "{text}");
        }
    }
}
