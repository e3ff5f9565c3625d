//! A JSON body, with the contract's 422 for what is none.

use super::error::{ApiError, Issue};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use serde_json::{Map, Value};

/// The members of a JSON object body.
pub struct JsonObject(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let is_json = is_json(request.headers());
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|error| ApiError::detail(error.status(), error.body_text()))?;
        let whole = |kind, msg: &str| {
            ApiError::Validation(vec![Issue {
                kind,
                loc: vec!["body".into()],
                msg: msg.into(),
                input: Value::Null,
            }])
        };
        if !is_json {
            return Err(whole(
                "content_type",
                "The body must be sent with Content-Type: application/json",
            ));
        }
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err(whole("object_type", "The body must be a JSON object")),
            Err(error) => Err(whole("json_invalid", &format!("The body is not JSON: {error}"))),
        }
    }
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

impl JsonObject {
    /// A string member; what is missing or of another type is noted in `issues`. The value is not repeated: it may
    /// be a secret.
    pub fn string(&self, name: &str, required: bool, issues: &mut Vec<Issue>) -> Option<String> {
        match self.0.get(name) {
            Some(Value::String(text)) => return Some(text.clone()),
            None | Some(Value::Null) if !required => {}
            None => issues.push(Issue::new("missing", "body", name, "Field required", Value::Null)),
            Some(_) => issues.push(Issue::new("string_type", "body", name, "Must be a string", Value::Null)),
        }
        None
    }
}

/// All faults at once (contract, REST 3), or none.
pub fn unprocessable(issues: Vec<Issue>) -> Result<(), ApiError> {
    if issues.is_empty() {
        Ok(())
    } else {
        Err(ApiError::Validation(issues))
    }
}
