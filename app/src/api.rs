//! The server functions behind the pages' forms, and the read by which an open page catches up. Each only reaches for the
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

/// The signed-in person's timers; `None` where nobody is signed in.
///
/// # Errors
/// [`PageError::Unavailable`] when the server cannot tell.
#[server(name = ReadTimers, endpoint = "timers")]
pub async fn timers() -> Result<Option<TimersSnapshot>, PageError> {
    let (backend, parts) = request::context()?;
    backend.timers(&parts).await.map_err(request::refuse)
}

/// Signs in, and goes on to the timers.
///
/// # Errors
/// [`PageError::Refused`] with what the person can do something about.
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

/// Makes an account, signs in, and goes on to the timers.
///
/// # Errors
/// [`PageError::Refused`] with what the person can do something about.
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

/// Signs out, and goes to the sign-in page.
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
