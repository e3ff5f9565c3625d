//! The server functions of the pages' forms, and the read that an open page uses to resync. All of them call the
//! `Backend`.

#![allow(
    missing_docs,
    reason = "the macro makes each argument a public field, and takes no comment on it"
)]

mod error;
#[cfg(feature = "ssr")]
mod request;

pub use error::PageError;

use crate::snapshot::TimersSnapshot;
use leptos::prelude::*;

/// The signed-in user's timers; `None` when signed out.
///
/// # Errors
/// [`PageError::Unavailable`] when the server cannot read them.
#[server(name = ReadTimers, endpoint = "timers")]
pub async fn timers() -> Result<Option<TimersSnapshot>, PageError> {
    let (backend, parts) = request::context()?;
    backend.timers(&parts).await.map_err(request::refuse)
}

/// Signs in, and redirects to the timers.
///
/// # Errors
/// [`PageError::Refused`] with a reason that the user can act on.
#[server(endpoint = "sign-in")]
pub async fn sign_in(email: String, password: String) -> Result<(), PageError> {
    let (backend, parts) = request::context()?;
    let credentials = protocol::rest::account::Credentials {
        email,
        password,
        display_name: None,
        invitation: None,
    };
    let cookies = backend.sign_in(&parts, credentials).await.map_err(request::refuse)?;
    request::answer(cookies, "/");
    Ok(())
}

/// Creates an account, signs in, and redirects to the timers.
///
/// # Errors
/// [`PageError::Refused`] with a reason that the user can act on.
#[server(endpoint = "sign-up")]
pub async fn sign_up(
    name: String,
    email: String,
    password: String,
    invitation: Option<String>,
) -> Result<(), PageError> {
    let (backend, parts) = request::context()?;
    let name = name.trim();
    let credentials = protocol::rest::account::Credentials {
        email,
        password,
        display_name: (!name.is_empty()).then(|| name.to_owned()),
        invitation,
    };
    let cookies = backend.sign_up(&parts, credentials).await.map_err(request::refuse)?;
    request::answer(cookies, "/");
    Ok(())
}

/// Signs out, and redirects to the sign-in page.
///
/// # Errors
/// [`PageError::Unavailable`] when the server could not end the session.
#[server(endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), PageError> {
    let (backend, parts) = request::context()?;
    let cookies = backend.sign_out(&parts).await.map_err(request::refuse)?;
    request::answer(cookies, "/sign-in");
    Ok(())
}
