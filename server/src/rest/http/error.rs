//! Error answers: the three shapes of the contract (REST 3).

mod body;

pub use body::{DetailError, DomainError, ValidationError};

use crate::{auth::identity::TokenError, clock, service::accounts::AccountError, store::StoreError};
use axum::{
    Json,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use protocol::rest::{account::AccountRefusal, input::Issue};
use std::panic::AssertUnwindSafe;
use uuid::Uuid;

/// `Retry-After` when the database was busy, in seconds.
const BUSY_RETRY_SECONDS: u64 = 5;

/// An error answer.
#[derive(Clone, Debug)]
pub enum ApiError {
    /// An error of the application: `{error_id, status_code, error_type, message, timestamp, path}`.
    Domain {
        status: StatusCode,
        /// The type for programs, such as `TimerNotFoundError`.
        error_type: &'static str,
        /// A message for people.
        message: String,
        /// The cause for the log; not sent to the client.
        cause: Option<String>,
    },
    /// An error of HTTP processing: `{"detail": text}`.
    Detail {
        status: StatusCode,
        /// A message for people.
        detail: String,
        /// A header that belongs to the answer.
        header: Option<(HeaderName, HeaderValue)>,
    },
    /// Invalid values: 422 with a list.
    Validation(Vec<Issue>),
}

impl ApiError {
    /// An error of the application.
    pub fn domain(status: StatusCode, error_type: &'static str, message: impl Into<String>) -> Self {
        Self::Domain {
            status,
            error_type,
            message: message.into(),
            cause: None,
        }
    }

    /// An error of HTTP processing.
    pub fn detail(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::Detail {
            status,
            detail: detail.into(),
            header: None,
        }
    }

    /// 429: the caller's limit is reached; it may try again after so many seconds.
    pub fn too_many_requests(seconds: u64) -> Self {
        let header = Some((header::RETRY_AFTER, HeaderValue::from(seconds)));
        Self::Detail {
            status: StatusCode::TOO_MANY_REQUESTS,
            detail: "Rate limit exceeded".to_owned(),
            header,
        }
    }

    /// 503: the server is overloaded; the client may try again after so many seconds.
    pub fn busy(seconds: u64) -> Self {
        Self::Detail {
            status: StatusCode::SERVICE_UNAVAILABLE,
            detail: "The server is busy. Please try again in a moment.".to_owned(),
            header: Some((header::RETRY_AFTER, HeaderValue::from(seconds))),
        }
    }

    /// 500. The cause is logged and not sent.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::Domain {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            error_type: "InternalServerError",
            message: "Something went wrong on the server. Please try again.".to_owned(),
            cause: Some(error.to_string()),
        }
    }
}

impl IntoResponse for ApiError {
    /// Stores the error in the response for [`render`], which knows the request's path.
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Domain { status, .. } | Self::Detail { status, .. } => *status,
            Self::Validation(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the body of an [`ApiError`]. A panic in a handler becomes an internal error.
pub async fn render(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .await
        .unwrap_or_else(|_| ApiError::internal("the handler panicked").into_response());
    let Some(error) = response.extensions_mut().remove::<ApiError>() else {
        return response;
    };
    let body = match error {
        ApiError::Domain {
            status,
            error_type,
            message,
            cause,
        } => {
            let error_id = Uuid::new_v4();
            log(error_id, status, error_type, cause.as_deref());
            let error = DomainError::new(error_id, status.as_u16(), error_type, message, clock::now(), path);
            Json(error).into_response()
        }
        ApiError::Detail { detail, header, .. } => {
            response.headers_mut().extend(header);
            Json(DetailError { detail }).into_response()
        }
        ApiError::Validation(detail) => Json(ValidationError::new(detail)).into_response(),
    };
    // Status and headers stay: a 405 has its Allow.
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    (parts, body).into_response()
}

/// Logs an error with the id that the client receives. The request's method and path are in the span.
fn log(error_id: Uuid, status: StatusCode, error_type: &'static str, cause: Option<&str>) {
    let status = status.as_u16();
    match status {
        503 => tracing::warn!(%error_id, status, error_type, cause, "a request was refused temporarily"),
        500.. => tracing::error!(%error_id, status, error_type, cause, "a request failed"),
        _ => tracing::debug!(%error_id, status, error_type, "a request was refused"),
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::from(&error)
    }
}

impl From<&StoreError> for ApiError {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Busy => Self::busy(BUSY_RETRY_SECONDS),
            error => Self::internal(error),
        }
    }
}

impl From<TokenError> for ApiError {
    /// Contract, REST 2.2.
    fn from(error: TokenError) -> Self {
        if error == TokenError::Unavailable {
            return Self::detail(StatusCode::SERVICE_UNAVAILABLE, error.to_string());
        }
        let header = (header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        Self::Detail {
            status: StatusCode::UNAUTHORIZED,
            detail: error.to_string(),
            header: Some(header),
        }
    }
}

impl From<AccountError> for ApiError {
    fn from(error: AccountError) -> Self {
        let refusal = match error {
            AccountError::Refused(refusal) => refusal,
            AccountError::Store(error) => return error.into(),
            error => return Self::internal(error),
        };
        let message = refusal.to_string();
        let (status, error_type) = match refusal {
            AccountRefusal::EmailInvalid
            | AccountRefusal::PasswordTooShort
            | AccountRefusal::PasswordTooLong
            | AccountRefusal::PasswordTooCommon
            | AccountRefusal::NameTooLong
            | AccountRefusal::NameHasNul => {
                let field = refusal.field().unwrap_or_default();
                return Self::Validation(vec![Issue::of_member("value_error", field, message)]);
            }
            AccountRefusal::EmailTaken => (StatusCode::CONFLICT, "EmailAlreadyRegisteredError"),
            AccountRefusal::WrongCredentials => (StatusCode::UNAUTHORIZED, "InvalidCredentialsError"),
            AccountRefusal::TooManyAttempts { .. } => (StatusCode::TOO_MANY_REQUESTS, "TooManyAttemptsError"),
            AccountRefusal::TooManySignUps { .. } => (StatusCode::TOO_MANY_REQUESTS, "TooManySignUpsError"),
            AccountRefusal::TooManyRequests { .. } => (StatusCode::TOO_MANY_REQUESTS, "TooManyRefreshesError"),
            AccountRefusal::Busy { .. } => (StatusCode::SERVICE_UNAVAILABLE, "ServerBusyError"),
            AccountRefusal::SignUpsClosed => (StatusCode::FORBIDDEN, "SignUpsClosedError"),
            AccountRefusal::InvitationInvalid => (StatusCode::FORBIDDEN, "InvitationInvalidError"),
            AccountRefusal::SignedOut => (StatusCode::UNAUTHORIZED, "SignedOutError"),
            AccountRefusal::Disabled => (StatusCode::NOT_FOUND, "AccountsDisabledError"),
        };
        Self::domain(status, error_type, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::to_bytes, middleware, routing::get};
    use serde_json::Value;
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_panicking_handler_answers_an_internal_error_with_the_path() {
        let handler = get(async || -> &'static str { panic!("on purpose") });
        let router = Router::new()
            .route("/v1/broken", handler)
            .layer(middleware::from_fn(render));
        let request = Request::get("/v1/broken?token=x")
            .body(axum::body::Body::empty())
            .unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body: Value = serde_json::from_slice(&to_bytes(response.into_body(), 10_000).await.unwrap()).unwrap();
        assert_eq!(
            (&body["error_type"], &body["path"]),
            (&"InternalServerError".into(), &"/v1/broken".into())
        );
        assert!(!body.to_string().contains("on purpose"));
    }
}
