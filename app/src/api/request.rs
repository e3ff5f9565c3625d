//! The context of a server function: the backend and the request.

use super::PageError;
use crate::{
    backend::{Backend, BackendContext, BackendError},
    form::FormFields,
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use protocol::rest::account::AccountRefusal;
use std::sync::Arc;

/// The backend and the request.
///
/// # Errors
/// [`PageError::Unavailable`] when the server did not provide them.
pub fn context() -> Result<(Arc<dyn Backend>, Parts), PageError> {
    let backend = use_context::<BackendContext>().ok_or(PageError::Unavailable)?;
    let parts = use_context::<Parts>().ok_or(PageError::Unavailable)?;
    Ok((backend.0, parts))
}

/// Sets the session's cookies and redirects the browser.
pub fn answer(cookies: Vec<HeaderValue>, location: &str) {
    if let Some(response) = use_context::<ResponseOptions>() {
        for cookie in cookies {
            response.append_header(header::SET_COOKIE, cookie);
        }
    }
    leptos_axum::redirect(location);
}

/// Converts a form's error, and has the browser keep what was typed, for the form's page to show again.
pub fn refuse_form(error: BackendError, backend: &dyn Backend, fields: &FormFields) -> PageError {
    if let (true, Some(response)) = (is_plain(), use_context::<ResponseOptions>()) {
        for cookie in backend.keep_form(fields) {
            response.append_header(header::SET_COOKIE, cookie);
        }
    }
    refuse(error)
}

/// Converts the error for the page, and sets the response's status for requests by scripts. Plain forms are redirected
/// to their page instead, which sets a status of its own.
pub fn refuse(error: BackendError) -> PageError {
    let error = PageError::from(error);
    if let (false, Some(response)) = (is_plain(), use_context::<ResponseOptions>()) {
        response.set_status(match error {
            PageError::Refused(AccountRefusal::Busy { .. }) => StatusCode::SERVICE_UNAVAILABLE,
            PageError::Refused(refusal) if refusal.retry_after().is_some() => StatusCode::TOO_MANY_REQUESTS,
            PageError::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        });
    }
    error
}

/// Whether the browser sent the form by itself, and shows the answer as a document.
fn is_plain() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accepts = parts
            .headers
            .get(header::ACCEPT)
            .and_then(|accepts| accepts.to_str().ok());
        accepts.is_some_and(|accepts| accepts.contains("text/html"))
    })
}
