//! Limits pages and forms by user, or by client address without a session.

use crate::{client_address::ClientAddress, site, state::AppState};
use app::api::PageError;
use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use protocol::rest::account::{Account, AccountRefusal};

/// Files of the site are not counted: they are cheap, and a page loads many of them.
const STATIC_PATHS: [&str; 4] = ["/pkg/", "/fonts/", "/favicon", "/robots.txt"];
/// The policy of the refusal page: the site's styles and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The account of the request's session cookie, read once per request.
#[derive(Clone)]
pub struct SessionAccount(pub Option<Account>);

/// Counts a request by the session's user, or by the client's address without a session.
pub async fn count(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if STATIC_PATHS
        .iter()
        .any(|prefix| request.uri().path().starts_with(prefix))
    {
        return next.run(request).await;
    }
    let account = match state.config.refresh_cookie().read(request.headers()) {
        Some(token) => state.accounts.account(&token).await,
        None => Ok(None),
    };
    let user = account
        .as_ref()
        .ok()
        .and_then(|account| account.as_ref())
        .map(|account| &account.id);
    let taken = match user {
        Some(user) => state.limits.pages.take(user),
        None => state
            .limits
            .anonymous_pages
            .take_from(ClientAddress::of(request.extensions())),
    };
    if let Err(seconds) = taken {
        return too_many_requests(request.headers(), seconds, &site::files(&state.site).style);
    }
    // If the session could not be read, the page fails by itself with the right error.
    if let Ok(account) = account {
        request.extensions_mut().insert(SessionAccount(account));
    }
    next.run(request).await
}

/// An HTML page for navigations, a server function's error for scripts.
fn too_many_requests(headers: &HeaderMap, seconds: u64, style: &str) -> Response {
    let refusal = AccountRefusal::TooManyRequests { retry_after: seconds };
    let accepts = headers.get(header::ACCEPT).and_then(|accepts| accepts.to_str().ok());
    let answer = if accepts.is_some_and(|accepts| accepts.contains("text/html")) {
        let policy = [(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))];
        (policy, Html(page(&refusal.to_string(), style))).into_response()
    } else {
        Json(PageError::Refused(refusal)).into_response()
    };
    let headers = [
        (header::RETRY_AFTER, HeaderValue::from(seconds)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (StatusCode::TOO_MANY_REQUESTS, headers, answer).into_response()
}

fn page(sentence: &str, style: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Too many requests – Lockstep</title>\
         <link rel=\"stylesheet\" href=\"{style}\"></head>\
         <body><main><h1>Too many requests</h1><p>{sentence}</p></main></body></html>\n"
    )
}
