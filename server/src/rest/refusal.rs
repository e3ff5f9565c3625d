//! What a rule's no looks like on the wire: status and type (contract, REST 6 to 8).

use super::error::ApiError;
use crate::service::Refusal;
use axum::http::StatusCode;

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let (status, error_type) = match &refusal {
            Refusal::TagGroupNotFound(_) => (StatusCode::NOT_FOUND, "TagGroupNotFoundError"),
            Refusal::TagNotFound(_) => (StatusCode::NOT_FOUND, "TagNotFoundError"),
            Refusal::DuplicateTagName(_) => (StatusCode::CONFLICT, "DuplicateTagNameError"),
            Refusal::Store(_) => return Self::internal(refusal),
        };
        Self::domain(status, error_type, refusal.to_string())
    }
}
