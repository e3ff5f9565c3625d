//! `/v1/auth/…`: the built-in accounts. The refresh token travels in its cookie, never in a body.

use super::{
    Done,
    error::{ApiError, DomainError, Issue},
    json::{JsonObject, unprocessable},
};
use crate::{
    auth::{attempts, refresh_token::RefreshToken},
    client_address::ClientAddress,
    service::accounts::{AccountError, SESSION_SECONDS, SignedIn},
    state::AppState,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use protocol::account::{AccessGrant, Credentials};

/// Makes an account and signs in.
#[utoipa::path(post, path = "/v1/auth/sign-up", tag = "accounts", operation_id = "sign_up", request_body = Credentials,
    responses(
        (status = 201, description = "Signed in; the refresh token is in the cookie.", body = AccessGrant),
        (status = 404, description = "This server has no accounts of its own.", body = DomainError),
        (status = 409, description = "The address has an account.", body = DomainError),
    ))]
pub async fn sign_up(State(state): State<AppState>, body: JsonObject) -> Result<Response, ApiError> {
    let signed_in = state.accounts.sign_up(credentials(&body)?).await?;
    Ok((StatusCode::CREATED, granted(&state, signed_in)).into_response())
}

/// Signs in.
#[utoipa::path(post, path = "/v1/auth/sign-in", tag = "accounts", operation_id = "sign_in", request_body = Credentials,
    responses(
        (status = 200, description = "Signed in; the refresh token is in the cookie.", body = AccessGrant),
        (status = 401, description = "No such account, or another password.", body = DomainError),
        (status = 404, description = "This server has no accounts of its own.", body = DomainError),
        (status = 429, description = "Too many failures; Retry-After says how long to wait.", body = DomainError),
    ))]
pub async fn sign_in(
    State(state): State<AppState>,
    address: ClientAddress,
    body: JsonObject,
) -> Result<Response, ApiError> {
    match state.accounts.sign_in(credentials(&body)?, address.ip()).await {
        Ok(signed_in) => Ok(granted(&state, signed_in).into_response()),
        Err(error @ AccountError::TooManyAttempts) => {
            let wait = [(header::RETRY_AFTER, attempts::WINDOW.as_secs().to_string())];
            Ok((wait, ApiError::from(error)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Exchanges the cookie for a new access token and the next cookie.
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "accounts", operation_id = "refresh",
    security(("refresh_cookie" = [])),
    responses(
        (status = 200, description = "A new access token.", body = AccessGrant),
        (status = 401, description = "Signed out; the cookie is removed.", body = DomainError),
    ))]
pub async fn refresh(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, ApiError> {
    let Some(token) = RefreshToken::from_cookies(&headers) else {
        return Err(AccountError::SignedOut.into());
    };
    match state.accounts.refresh(&token).await {
        Ok(signed_in) => Ok(granted(&state, signed_in).into_response()),
        Err(error @ AccountError::SignedOut) => Ok((removal(&state), ApiError::from(error)).into_response()),
        Err(error) => Err(error.into()),
    }
}

/// Ends the cookie's session; nothing happens where nobody was signed in.
#[utoipa::path(post, path = "/v1/auth/sign-out", tag = "accounts", operation_id = "sign_out",
    security(("refresh_cookie" = []), ()),
    responses((status = 200, description = "Signed out.", body = Done)))]
pub async fn sign_out(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, ApiError> {
    if let Some(token) = RefreshToken::from_cookies(&headers) {
        state.accounts.sign_out(&token).await?;
    }
    Ok((removal(&state), Json(Done::default())).into_response())
}

fn credentials(body: &JsonObject) -> Result<Credentials, ApiError> {
    let mut issues: Vec<Issue> = Vec::new();
    let email = body.string("email", true, &mut issues);
    let password = body.string("password", true, &mut issues);
    let display_name = body.string("display_name", false, &mut issues);
    unprocessable(issues)?;
    Ok(Credentials {
        email: email.unwrap_or_default(),
        password: password.unwrap_or_default(),
        display_name,
    })
}

type SetCookie = AppendHeaders<[(header::HeaderName, HeaderValue); 1]>;

fn granted(state: &AppState, signed_in: SignedIn) -> (SetCookie, [(header::HeaderName, &'static str); 1], Response) {
    let cookie = session_cookie(state, &signed_in.refresh);
    // RFC 6749, 5.1: tokens are not to be cached.
    let cache = [(header::CACHE_CONTROL, "no-store")];
    (
        AppendHeaders([(header::SET_COOKIE, cookie)]),
        cache,
        Json(signed_in.grant).into_response(),
    )
}

fn removal(state: &AppState) -> SetCookie {
    AppendHeaders([(header::SET_COOKIE, removal_cookie(state))])
}

/// The `Set-Cookie` value of a new refresh token.
pub fn session_cookie(state: &AppState, token: &RefreshToken) -> HeaderValue {
    header_value(token.cookie(SESSION_SECONDS, state.config.secure_cookies()))
}

/// The `Set-Cookie` value that removes it.
pub fn removal_cookie(state: &AppState) -> HeaderValue {
    header_value(RefreshToken::removal(state.config.secure_cookies()))
}

fn header_value(text: String) -> HeaderValue {
    // A cookie of base64url and fixed words is always a header value.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}
