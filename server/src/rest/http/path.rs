//! Ids in paths (contract, REST 4.1).

use super::error::{ApiError, Issue};
use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use protocol::{id::UserId, limits};
use serde_json::{Value, json};
use std::{convert::Infallible, str::FromStr};

/// The id in the path; whether it is one is told together with the query and the body (contract, REST 3).
pub struct PathId<T>(Result<T, Value>);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for PathId<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self(match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(text)) => text.parse().map_err(|_| json!(text)),
            // Percent-encoded bytes that are no UTF-8.
            Err(_) => Err(Value::Null),
        }))
    }
}

/// A user's id in the path; the user need not be known.
pub struct PathUser(pub UserId);

impl<S: Send + Sync> FromRequestParts<S> for PathUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let text = match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(text)) => text,
            Err(_) => String::new(),
        };
        // As the `sub` of a token; U+0000 cannot be kept.
        if text.is_empty() || text.chars().count() > limits::USER_ID_CHARS || text.contains('\0') {
            let msg = format!("Must be a user's id of up to {} characters", limits::USER_ID_CHARS);
            return Err(ApiError::Validation(vec![Issue::new(
                "user_id",
                "path",
                "user_id",
                msg,
                json!(text),
            )]));
        }
        Ok(Self(UserId(text)))
    }
}

impl<T> PathId<T> {
    /// The id, once everything else has been checked.
    ///
    /// # Errors
    /// 422 with all `issues` and that of the path first.
    pub fn checked(self, name: &str, mut issues: Vec<Issue>) -> Result<T, ApiError> {
        match self.0 {
            Ok(id) if issues.is_empty() => return Ok(id),
            Ok(_) => {}
            Err(text) => issues.insert(0, Issue::new("uuid_parsing", "path", name, "Must be a UUID", text)),
        }
        Err(ApiError::Validation(issues))
    }
}
