//! `/v1/auth/…`: built-in accounts. The refresh token is sent in its cookie, never in a body.

use crate::{
    client_address::ClientAddress,
    rest::http::{
        caller::Anonymous,
        error::{ApiError, DomainError},
        input::{Input, NoPath},
        ok::OkBody,
        table::Table,
    },
    service::accounts::{AccountError, SignedIn},
    state::AppState,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::rest::account::{AccessGrant, AccountRefusal, Credentials};
use utoipa_axum::routes;

/// The routes of this family.
pub fn routes(table: Table) -> Table {
    table
        .with(routes!(sign_up))
        .with(routes!(sign_in))
        .with(routes!(refresh))
        .with(routes!(sign_out))
}

/// Creates an account and signs in.
#[utoipa::path(post, path = "/v1/auth/sign-up", tag = "accounts", operation_id = "sign_up", request_body = Credentials,
    responses(
        (status = 201, description = "Signed in; the refresh token is in the cookie.", body = AccessGrant),
        (status = 403, description = "Sign-ups are closed or need an invitation, or the request was made by a page of another origin.", body = DomainError),
        (status = 404, description = "Built-in accounts are disabled.", body = DomainError),
        (status = 409, description = "The address already has an account.", body = DomainError),
        (status = 429, description = "Too many sign-ups from the client's address; Retry-After is the number of seconds to wait.", body = DomainError),
        (status = 503, description = "Too many passwords wait to be hashed; Retry-After is the number of seconds to wait.", body = DomainError),
    ))]
pub async fn sign_up(
    State(state): State<AppState>,
    client: ClientAddress,
    Input { body, .. }: Input<Anonymous, NoPath, (), Credentials>,
) -> Response {
    match state.accounts.sign_up(body, client).await {
        Ok(signed_in) => granted(&state, StatusCode::CREATED, signed_in),
        Err(error) => refused(&state, error),
    }
}

/// Signs in.
#[utoipa::path(post, path = "/v1/auth/sign-in", tag = "accounts", operation_id = "sign_in", request_body = Credentials,
    responses(
        (status = 200, description = "Signed in; the refresh token is in the cookie.", body = AccessGrant),
        (status = 401, description = "Unknown address or wrong password.", body = DomainError),
        (status = 403, description = "The request was made by a page of another origin.", body = DomainError),
        (status = 404, description = "Built-in accounts are disabled.", body = DomainError),
        (status = 429, description = "Too many failures of this client; Retry-After is the number of seconds to wait.", body = DomainError),
        (status = 503, description = "Too many passwords wait to be hashed; Retry-After is the number of seconds to wait.", body = DomainError),
    ))]
pub async fn sign_in(
    State(state): State<AppState>,
    client: ClientAddress,
    Input { body, .. }: Input<Anonymous, NoPath, (), Credentials>,
) -> Response {
    match state.accounts.sign_in(body, client).await {
        Ok(signed_in) => granted(&state, StatusCode::OK, signed_in),
        Err(error) => refused(&state, error),
    }
}

/// Exchanges the cookie for a new access token and a new cookie.
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "accounts", operation_id = "refresh",
    security(("refresh_cookie" = [])),
    responses(
        (status = 200, description = "A new access token.", body = AccessGrant),
        (status = 401, description = "Signed out; the cookie is removed.", body = DomainError),
        (status = 403, description = "The request was made by a page of another origin.", body = DomainError),
        (status = 404, description = "Built-in accounts are disabled; the cookie is removed.", body = DomainError),
        (status = 429, description = "Too many refreshes; Retry-After is the number of seconds to wait.", body = DomainError),
    ))]
pub async fn refresh(State(state): State<AppState>, client: ClientAddress, headers: HeaderMap) -> Response {
    let Some(token) = state.config.refresh_cookie().read(&headers) else {
        return refused(&state, AccountRefusal::SignedOut.into());
    };
    match state.accounts.refresh(&token, client).await {
        Ok(signed_in) => granted(&state, StatusCode::OK, signed_in),
        Err(error) => refused(&state, error),
    }
}

/// Ends the cookie's session; does nothing without one.
#[utoipa::path(post, path = "/v1/auth/sign-out", tag = "accounts", operation_id = "sign_out",
    security(("refresh_cookie" = []), ()),
    responses(
        (status = 200, description = "Signed out.", body = OkBody),
        (status = 403, description = "The request was made by a page of another origin.", body = DomainError),
        (status = 404, description = "Built-in accounts are disabled; the cookie is removed.", body = DomainError),
    ))]
pub async fn sign_out(State(state): State<AppState>, headers: HeaderMap) -> Response {
    if let Some(token) = state.config.refresh_cookie().read(&headers)
        && let Err(error) = state.accounts.sign_out(&token).await
    {
        return refused(&state, error);
    }
    with_cookies(
        Json(OkBody::default()).into_response(),
        state.config.refresh_cookie().removal(),
    )
}

fn granted(state: &AppState, status: StatusCode, signed_in: SignedIn) -> Response {
    let cookies = state
        .config
        .refresh_cookie()
        .set(&signed_in.refresh, signed_in.max_age_seconds);
    // RFC 6749, 5.1: tokens must not be cached.
    let cache = [(header::CACHE_CONTROL, "no-store")];
    with_cookies((status, cache, Json(signed_in.grant)).into_response(), cookies)
}

/// Adds `Retry-After` if the client may try again, and removes a cookie that is no longer valid.
fn refused(state: &AppState, error: AccountError) -> Response {
    let retry_after = match &error {
        AccountError::Refused(refusal) => refusal.retry_after(),
        _ => None,
    };
    let useless = matches!(
        error,
        AccountError::Refused(AccountRefusal::SignedOut | AccountRefusal::Disabled)
    );
    let mut response = ApiError::from(error).into_response();
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    if useless {
        return with_cookies(response, state.config.refresh_cookie().removal());
    }
    response
}

fn with_cookies(mut response: Response, cookies: Vec<HeaderValue>) -> Response {
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
