//! JSON bodies, with the contract's 422 for invalid ones.

use super::{caller::Caller, error::ApiError};
use crate::state::AppState;
use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Request},
    http::{HeaderMap, header},
};
use protocol::rest::input::Issue;
use serde_json::Value;

/// The maximum size of a body without a valid token, in bytes: far above what credentials need.
pub const ANONYMOUS_BODY_BYTES: usize = 16 * 1024;

/// A JSON object, or the fault of the body, which is reported together with the faults of path and query (contract,
/// REST 3).
pub struct JsonBody(pub Result<Value, Issue>);

impl JsonBody {
    /// For a request whose body is not read.
    pub fn none() -> Self {
        Self(Ok(Value::Null))
    }

    /// Reads the body of a request whose caller is authenticated or may be anonymous.
    ///
    /// # Errors
    /// 413, or 422 for invalid JSON.
    pub async fn receive<C: Caller>(mut request: Request, state: &AppState) -> Result<Self, ApiError> {
        if !C::IS_KNOWN {
            DefaultBodyLimit::max(ANONYMOUS_BODY_BYTES).apply(&mut request);
        }
        read(request, state).await
    }
}

/// The answer to a caller without a valid token: invalid JSON is reported before the invalid token (contract, REST 3),
/// so a body up to [`ANONYMOUS_BODY_BYTES`] is read.
pub async fn refuse(refusal: ApiError, mut request: Request, state: &AppState) -> ApiError {
    if declares_more_than(ANONYMOUS_BODY_BYTES, request.headers()) {
        return refusal;
    }
    DefaultBodyLimit::max(ANONYMOUS_BODY_BYTES).apply(&mut request);
    match read(request, state).await {
        Err(invalid @ ApiError::Validation(_)) => invalid,
        _ => refusal,
    }
}

async fn read(request: Request, state: &AppState) -> Result<JsonBody, ApiError> {
    let is_json = is_json(request.headers());
    let bytes = Bytes::from_request(request, state)
        .await
        .map_err(|error| ApiError::detail(error.status(), error.body_text()))?;
    if !is_json {
        let msg = "The body must be a JSON object, sent with Content-Type: application/json";
        return Ok(JsonBody(Err(Issue::of_body("content_type", msg))));
    }
    if bytes.is_empty() {
        let msg = "A JSON object is required as the body";
        return Ok(JsonBody(Err(Issue::of_body("missing", msg))));
    }
    match serde_json::from_slice(&bytes) {
        Ok(body @ Value::Object(_)) => Ok(JsonBody(Ok(body))),
        Ok(_) => Ok(JsonBody(Err(Issue::of_body(
            "object_type",
            "The body must be a JSON object",
        )))),
        Err(error) => {
            let issue = Issue::of_body("json_invalid", format!("The body is not JSON: {error}"));
            Err(ApiError::Validation(vec![issue]))
        }
    }
}

/// Whether `Content-Length` exceeds the limit; a body without that header is bounded while it is read.
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
