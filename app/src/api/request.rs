//! What a server function finds around it: the backend, and the request it answers.

use super::PageError;
use crate::backend::{Backend, BackendContext, BackendError};
use http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
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

/// The same for a form that changes something. `SameSite=Lax` does not keep another site from signing somebody in as
/// someone else, so a browser that says it comes from there is sent away.
///
/// # Errors
/// [`PageError::Refused`] for a form of another site.
pub fn form() -> Result<(Arc<dyn Backend>, Parts), PageError> {
    let (backend, parts) = context()?;
    if is_foreign(&parts) {
        return Err(PageError::Refused(
            "This form was sent by another site. Please use the one on this page.".to_owned(),
        ));
    }
    Ok((backend, parts))
}

/// Sets the session's cookie and sends the browser on.
pub fn answer(cookie: HeaderValue, location: &str) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.append_header(header::SET_COOKIE, cookie);
    }
    leptos_axum::redirect(location);
}

/// The error for the person, and for a script's request a status that tells whose fault it is. A plain form is
/// sent back to its page instead, and a page sets its own.
pub fn refuse(error: BackendError) -> PageError {
    let error = PageError::from(error);
    let plain = use_context::<Parts>().is_some_and(|parts| {
        let accepts = parts
            .headers
            .get(header::ACCEPT)
            .and_then(|accepts| accepts.to_str().ok());
        accepts.is_some_and(|accepts| accepts.contains("text/html"))
    });
    if let (false, Some(response)) = (plain, use_context::<ResponseOptions>()) {
        response.set_status(match error {
            PageError::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        });
    }
    error
}

fn is_foreign(parts: &Parts) -> bool {
    parts
        .headers
        .get("sec-fetch-site")
        .is_some_and(|site| !["same-origin", "none"].iter().any(|own| site == own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_another_site_is_told_by_its_header() {
        let foreign = |site: Option<&str>| {
            let mut request = http::Request::builder();
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            is_foreign(&request.body(()).unwrap().into_parts().0)
        };
        assert!(foreign(Some("cross-site")) && foreign(Some("same-site")));
        assert!(!foreign(Some("same-origin")) && !foreign(Some("none")) && !foreign(None));
    }
}
