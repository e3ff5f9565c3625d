//! What the pages ask of the server. The server implements it over its services, so that `app` knows none of them.

use crate::snapshot::TimersSnapshot;
use async_trait::async_trait;
use http::{HeaderValue, request::Parts};
use protocol::rest::account::{Account, AccountRefusal, Credentials, SignUps};
use std::sync::Arc;
use thiserror::Error;

/// The server's services as the pages see them. `request` is the page's or form's request: cookies and address are
/// read from it.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// Who is signed in, by the refresh cookie; nothing is written.
    async fn account(&self, request: &Parts) -> Result<Option<Account>, BackendError>;

    /// The signed-in person's timers; `None` where nobody is signed in.
    async fn timers(&self, request: &Parts) -> Result<Option<TimersSnapshot>, BackendError>;

    /// Who may create an account.
    fn sign_ups(&self) -> SignUps;

    /// Makes an account and signs in. The values are for `Set-Cookie`.
    async fn sign_up(&self, request: &Parts, credentials: Credentials) -> Result<Vec<HeaderValue>, BackendError>;

    /// Signs in. The values are for `Set-Cookie`.
    async fn sign_in(&self, request: &Parts, credentials: Credentials) -> Result<Vec<HeaderValue>, BackendError>;

    /// Ends the session; without one it does nothing. The values are for `Set-Cookie`.
    async fn sign_out(&self, request: &Parts) -> Result<Vec<HeaderValue>, BackendError>;
}

/// Why the server did not do it.
#[derive(Clone, Debug, Error)]
pub enum BackendError {
    /// The person can do something about it.
    #[error("{0}")]
    Refused(AccountRefusal),
    /// It is not the person's fault; the server has logged why.
    #[error("Something went wrong on our side. Please try again in a moment.")]
    Unavailable,
}

/// The backend as a Leptos context.
#[derive(Clone)]
pub struct BackendContext(pub Arc<dyn Backend>);
