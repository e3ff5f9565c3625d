//! Who calls: the only gate (contract, REST 2).

use super::{error::ApiError, limit::Spender};
use crate::{
    auth::identity::{Identity, TokenError},
    state::AppState,
};
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use protocol::{id::UserId, sharing::Reader};

/// The user whose access token came in `Authorization: Bearer <jwt>`. Their request is counted, and their profile is
/// brought up to date, before the call's own work.
pub struct CurrentUser(pub UserId);

/// Who makes a request.
pub trait Caller: FromRequestParts<AppState, Rejection = ApiError> + Send {
    /// Whether a valid token was sent.
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

/// The same, with what others share with them by address: for whatever may be of somebody else.
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
    if let Some(spender) = parts.extensions.get::<Spender>() {
        spender.set(identity.user.clone());
    }
    state
        .limits
        .requests
        .take(&identity.user)
        .map_err(ApiError::too_many_requests)?;
    state.profiles.touch(&identity).await?;
    Ok(identity)
}

/// The scheme word is matched without regard to case.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
