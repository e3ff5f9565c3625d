//! Fetches access tokens with the session's cookie. They are kept in memory only.

use super::lock;
use crate::live::session::TokenError;
use gloo_net::http::Request;
use protocol::rest::account::AccessGrant;
use web_sys::AbortSignal;

/// Timeout of the request.
const TIMEOUT_MILLIS: u32 = 10_000;
/// The name of the lock that the tabs share.
const LOCK: &str = "lockstep.refresh";

/// Requests a grant with the session's cookie. The cookie changes each time, so the tabs of one browser take turns by a
/// lock: concurrent requests would look like a stolen cookie.
pub async fn fetch() -> Result<AccessGrant, TokenError> {
    lock::hold(LOCK, request).await.unwrap_or(Err(TokenError::Unavailable))
}

async fn request() -> Result<AccessGrant, TokenError> {
    let unavailable = |_: gloo_net::Error| TokenError::Unavailable;
    let timeout = AbortSignal::timeout_with_u32(TIMEOUT_MILLIS);
    let request = Request::post("/v1/auth/refresh").abort_signal(Some(&timeout));
    let response = request.send().await.map_err(unavailable)?;
    match response.status() {
        200 => {
            let body = response.text().await.map_err(unavailable)?;
            protocol::json::parse(&body).map_err(|_| TokenError::Unavailable)
        }
        401 => Err(TokenError::SignedOut),
        _ => Err(TokenError::Unavailable),
    }
}
