//! `X-RateLimit-…`: every answer says what is left of the caller's limit (contract, REST 1).

use crate::{clock, limits::Allowance, state::AppState};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use protocol::id::UserId;
use std::sync::{Arc, OnceLock};

/// Whose limit a request is counted against, once that is known.
#[derive(Clone, Default)]
pub struct Spender(Arc<OnceLock<UserId>>);

impl Spender {
    /// The request is this user's.
    pub fn set(&self, user: UserId) {
        // A request is one user's: a second call says the same.
        let _ = self.0.set(user);
    }
}

/// Adds the headers. `X-RateLimit-Reset` is in Unix seconds.
pub async fn tell(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let spender = Spender::default();
    request.extensions_mut().insert(spender.clone());
    let mut response = next.run(request).await;
    if let Some(allowance) = state.limits.requests.allowance(spender.0.get()) {
        write(response.headers_mut(), allowance);
    }
    response
}

fn write(headers: &mut HeaderMap, allowance: Allowance) {
    let now = clock::now().millis().unsigned_abs().div_ceil(1000);
    for (name, value) in [
        ("x-ratelimit-limit", u64::from(allowance.limit)),
        ("x-ratelimit-remaining", u64::from(allowance.remaining)),
        ("x-ratelimit-reset", now + allowance.reset_seconds),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
}
