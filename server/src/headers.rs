//! Security headers of all answers.

use crate::{
    client_address::{ForwardedScheme, Scheme},
    config::Environment,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// Added to every answer that does not have them.
const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
         microphone=(), midi=(), payment=(), serial=(), usb=()",
    ),
];
/// A year, for this host only: the domain's other hosts are up to their operators (RFC 6797, 6.1).
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// Paths whose answers are private to a user.
const PRIVATE_PATHS: [&str; 2] = ["/v1", "/api"];

/// Adds the headers.
pub async fn add(State(environment): State<Environment>, request: Request, next: Next) -> Response {
    let scheme = request
        .extensions()
        .get::<ForwardedScheme>()
        .and_then(|scheme| scheme.0);
    let path = request.uri().path();
    let is_private = PRIVATE_PATHS.iter().any(|prefix| {
        let rest = path.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        add_missing(headers, name, HeaderValue::from_static(value));
    }
    if is_private {
        add_missing(headers, header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    // Outside development TLS is assumed; RFC 6797, 7.2 forbids the header over plain HTTP.
    if environment != Environment::Development && scheme != Some(Scheme::Http) {
        add_missing(headers, header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

fn add_missing(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
