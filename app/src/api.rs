//! The server functions of the pages' forms, which call the `Backend`, and the read that an open page uses to resync.

#![allow(
    missing_docs,
    reason = "the macro makes each argument a public field, and takes no comment on it"
)]

mod error;
#[cfg(feature = "ssr")]
mod request;

pub use error::PageError;

use crate::snapshot::TimersSnapshot;
#[cfg(feature = "ssr")]
use crate::{
    form::FormFields,
    page::{Next, SIGN_IN},
};
#[cfg(feature = "ssr")]
use leptos::prelude::*;

/// Where the timers are read again.
pub const SNAPSHOT_PATH: &str = "/api/snapshot";

/// Where a rule is said in words, with its next occurrences: `rule`, `start` (milliseconds since 1970), `all_day`,
/// `language`.
pub const RECURRENCE_PATH: &str = "/api/recurrence";

/// Reads the timers again; `None` when signed out.
///
/// # Errors
/// [`PageError::Unreachable`] without an answer, [`PageError::Unavailable`] when the server cannot read it.
#[cfg(feature = "hydrate")]
pub async fn timers() -> Result<Option<TimersSnapshot>, PageError> {
    let answer = crate::hydrate::read_text(SNAPSHOT_PATH).await?;
    let data = answer.map(|data| protocol::json::parse(&data)).transpose();
    data.map_err(|_| PageError::Unreadable)
}

/// The data of the timers page, for open pages of the release before `GET /api/page/`.
///
/// # Errors
/// [`PageError::Unavailable`] when the server cannot read it.
#[cfg(feature = "ssr")]
#[server(name = ReadTimers, endpoint = "timers")]
pub async fn timers() -> Result<Option<TimersSnapshot>, PageError> {
    let (backend, parts) = request::context()?;
    backend.timers(&parts).await.map_err(request::refuse)
}

/// Signs in, and redirects to the page that was asked for, or to the timers.
///
/// # Errors
/// [`PageError::Refused`] with a reason that the user can act on.
#[cfg(feature = "ssr")]
#[server(endpoint = "sign-in")]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> Result<(), PageError> {
    let (backend, parts) = request::context()?;
    let credentials = protocol::rest::account::Credentials {
        email,
        password,
        display_name: None,
        invitation: None,
    };
    let fields = FormFields {
        email: credentials.email.clone(),
        ..FormFields::default()
    };
    let signed_in = backend.sign_in(&parts, credentials).await;
    let cookies = signed_in.map_err(|error| request::refuse_form(error, &*backend, &fields))?;
    request::answer(cookies, Next::parse(next.as_deref()).as_str());
    Ok(())
}

/// Creates an account, signs in, and redirects to the page that was asked for, or to the timers.
///
/// # Errors
/// [`PageError::Refused`] with a reason that the user can act on.
#[cfg(feature = "ssr")]
#[server(endpoint = "sign-up")]
pub async fn sign_up(
    name: String,
    email: String,
    password: String,
    invitation: Option<String>,
    next: Option<String>,
) -> Result<(), PageError> {
    let (backend, parts) = request::context()?;
    let name = name.trim();
    let credentials = protocol::rest::account::Credentials {
        email,
        password,
        display_name: (!name.is_empty()).then(|| name.to_owned()),
        invitation,
    };
    let fields = FormFields {
        email: credentials.email.clone(),
        name: credentials.display_name.clone().unwrap_or_default(),
    };
    let signed_up = backend.sign_up(&parts, credentials).await;
    let cookies = signed_up.map_err(|error| request::refuse_form(error, &*backend, &fields))?;
    request::answer(cookies, Next::parse(next.as_deref()).as_str());
    Ok(())
}

/// Signs out, and redirects to the sign-in page.
///
/// # Errors
/// [`PageError::Unavailable`] when the server could not end the session.
#[cfg(feature = "ssr")]
#[server(endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), PageError> {
    let (backend, parts) = request::context()?;
    let cookies = backend.sign_out(&parts).await.map_err(request::refuse)?;
    request::answer(cookies, SIGN_IN);
    Ok(())
}
