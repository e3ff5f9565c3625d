//! Authenticates requests (contract, REST 2).

use super::{error::ApiError, limit::RateLimitSubject};
use crate::{
    auth::identity::{Identity, TokenError},
    state::AppState,
};
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use protocol::{id::UserId, sharing::Reader};

/// The user of the access token in `Authorization: Bearer <jwt>`. The request is counted and the user's profile updated
/// before the handler runs.
pub struct CurrentUser(pub UserId);

/// The caller of an endpoint.
pub trait Caller: FromRequestParts<AppState, Rejection = ApiError> + Send {
    /// Whether a valid token is required.
    const IS_KNOWN: bool = true;
}

/// A request without a token.
pub struct Anonymous;

impl Caller for Anonymous {
    const IS_KNOWN: bool = false;
}

impl Caller for CurrentUser {}

impl Caller for CurrentReader {}

impl FromRequestParts<AppState> for Anonymous {
    type Rejection = ApiError;

    async fn from_request_parts(_: &mut Parts, _: &AppState) -> Result<Self, ApiError> {
        Ok(Self)
    }
}

/// [`CurrentUser`] with the address by which others share with them: for endpoints that may return others' resources.
pub struct CurrentReader(pub Reader);

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        Ok(Self(identify(parts, state).await?.user))
    }
}

impl FromRequestParts<AppState> for CurrentReader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        Ok(Self(identify(parts, state).await?.into()))
    }
}

async fn identify(parts: &Parts, state: &AppState) -> Result<Identity, ApiError> {
    let header = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = header.and_then(bearer).ok_or(TokenError::Missing)?;
    let identity = state.verifier.verify(token).await?;
    if let Some(subject) = parts.extensions.get::<RateLimitSubject>() {
        subject.set(identity.user.clone());
    }
    state
        .limits
        .requests
        .take(&identity.user)
        .map_err(ApiError::too_many_requests)?;
    state.profiles.touch(&identity).await?;
    Ok(identity)
}

/// The token after the scheme, which is case-insensitive.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
