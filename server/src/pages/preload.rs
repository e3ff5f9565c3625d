//! Reads a page's data before it is rendered, and redirects users whom the page is not for.

use app::{
    api::PageError,
    backend::{Backend, BackendError},
    preloaded::Preloaded,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    Extensions, HeaderValue, Method, StatusCode,
    header::{CACHE_CONTROL, LOCATION},
};
use std::sync::Arc;

/// Adds [`Preloaded`] to requests for pages. Server functions and files pass unchanged.
pub async fn preload(State(backend): State<Arc<dyn Backend>>, request: Request, next: Next) -> Response {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let elsewhere = match parts.uri.path() {
        "/" => {
            let read = backend.timers(&parts).await;
            keep(&mut parts.extensions, read, "/sign-in")
        }
        "/sign-in" | "/sign-up" => {
            let read = backend.account(&parts).await;
            keep(
                &mut parts.extensions,
                read.map(|account| account.is_none().then(|| backend.sign_ups())),
                "/",
            )
        }
        _ => None,
    };
    match elsewhere {
        Some(path) => {
            let location = HeaderValue::from_static(path);
            let headers = [
                (LOCATION, location),
                (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ];
            (StatusCode::FOUND, headers).into_response()
        }
        None => next.run(Request::from_parts(parts, body)).await,
    }
}

/// Stores a page's data in the request; if the page is not for this user, returns where to redirect to.
fn keep<T: Clone + Send + Sync + 'static>(
    extensions: &mut Extensions,
    read: Result<Option<T>, BackendError>,
    instead: &'static str,
) -> Option<&'static str> {
    let read = match read {
        Ok(None) => return Some(instead),
        Ok(Some(read)) => Ok(read),
        Err(error) => Err(PageError::from(error)),
    };
    extensions.insert(Preloaded(read));
    None
}
