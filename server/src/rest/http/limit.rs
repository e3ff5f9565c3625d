//! `X-RateLimit-…` headers: the caller's remaining quota, in every answer (contract, REST 1).

use crate::{clock, limits::Allowance, state::AppState};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use protocol::id::UserId;
use std::sync::{Arc, OnceLock};

/// The user whose limit a request counts towards, once known.
#[derive(Clone, Default)]
pub struct RateLimitSubject(Arc<OnceLock<UserId>>);

impl RateLimitSubject {
    /// Sets the request's user.
    pub fn set(&self, user: UserId) {
        // A request has one user, so a second call has the same value.
        let _ = self.0.set(user);
    }
}

/// Adds the headers. `X-RateLimit-Reset` is in Unix seconds.
pub async fn add_headers(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let subject = RateLimitSubject::default();
    request.extensions_mut().insert(subject.clone());
    let mut response = next.run(request).await;
    if let Some(allowance) = state.limits.requests.allowance(subject.0.get()) {
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
