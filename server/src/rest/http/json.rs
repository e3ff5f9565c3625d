//! A JSON body, with the contract's 422 for what is none.

pub mod fields;

use super::{
    caller::CurrentUser,
    error::{ApiError, Issue},
};
use crate::state::AppState;
use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header},
};
use serde_json::{Map, Value};

/// The largest body of somebody who has shown no good token: far above what credentials need.
pub const ANONYMOUS_BODY_BYTES: usize = 16 * 1024;

/// The members of a JSON object body.
#[derive(Default)]
pub struct JsonObject(pub Map<String, Value>);

/// A body that is JSON, or is not said to be. What is wrong with it otherwise is told together with the path and the
/// query (contract, REST 3).
pub struct JsonBody(Result<JsonObject, Issue>);

/// A body and who sent it. A body that is not JSON is refused before a bad token is (contract, REST 3).
pub struct SentBody<S = CurrentUser> {
    /// Who sent it.
    pub sender: S,
    /// What they sent.
    pub body: JsonBody,
}

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let is_json = is_json(request.headers());
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|error| ApiError::detail(error.status(), error.body_text()))?;
        if !is_json {
            let msg = "The body must be a JSON object, sent with Content-Type: application/json";
            return Ok(Self(Err(Issue::body("content_type", msg))));
        }
        if bytes.is_empty() {
            return Ok(Self(Err(Issue::body(
                "missing",
                "A JSON object is required as the body",
            ))));
        }
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(members)) => Ok(Self(Ok(JsonObject(members)))),
            Ok(_) => Ok(Self(Err(Issue::body("object_type", "The body must be a JSON object")))),
            Err(error) => {
                let issue = Issue::body("json_invalid", format!("The body is not JSON: {error}"));
                Err(ApiError::Validation(vec![issue]))
            }
        }
    }
}

impl JsonBody {
    /// The members; what is no object is noted in `issues` and has none.
    pub fn members(self, issues: &mut Vec<Issue>) -> JsonObject {
        self.0.unwrap_or_else(|issue| {
            issues.push(issue);
            JsonObject::default()
        })
    }
}

impl<S: FromRequestParts<AppState, Rejection = ApiError> + Send> FromRequest<AppState> for SentBody<S> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        // Known first and told last: of a request without a good token only a small body is kept in memory.
        let sender = S::from_request_parts(&mut parts, state).await;
        let mut request = Request::from_parts(parts, body);
        let sender = match sender {
            Ok(sender) => sender,
            Err(refusal) if declares_more_than(ANONYMOUS_BODY_BYTES, request.headers()) => return Err(refusal),
            Err(refusal) => {
                DefaultBodyLimit::max(ANONYMOUS_BODY_BYTES).apply(&mut request);
                return match JsonBody::from_request(request, state).await {
                    Err(invalid @ ApiError::Validation(_)) => Err(invalid),
                    _ => Err(refusal),
                };
            }
        };
        let body = JsonBody::from_request(request, state).await?;
        Ok(Self { sender, body })
    }
}

/// A body of a request without a token.
impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, ApiError> {
        DefaultBodyLimit::max(ANONYMOUS_BODY_BYTES).apply(&mut request);
        let body = JsonBody::from_request(request, state).await?;
        body.0.map_err(|issue| ApiError::Validation(vec![issue]))
    }
}

/// Whether `Content-Length` says that a body is larger; one without that header is cut off as it is read.
fn declares_more_than(bytes: usize, headers: &HeaderMap) -> bool {
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok());
    let length = length.and_then(|length| length.parse::<u64>().ok());
    length.is_some_and(|length| length > bytes as u64)
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// All faults at once (contract, REST 3), or none.
///
/// # Errors
/// [`ApiError::Validation`].
pub fn unprocessable(issues: Vec<Issue>) -> Result<(), ApiError> {
    if issues.is_empty() {
        Ok(())
    } else {
        Err(ApiError::Validation(issues))
    }
}

/// A value that must be there, once nothing is wrong.
///
/// # Errors
/// [`ApiError::Validation`], also where what is missing has not been noted.
pub fn given<T>(value: Option<T>, issues: Vec<Issue>) -> Result<T, ApiError> {
    match value {
        Some(value) if issues.is_empty() => Ok(value),
        _ => Err(ApiError::Validation(issues)),
    }
}
