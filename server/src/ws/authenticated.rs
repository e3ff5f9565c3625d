//! The identity of an open connection: it ends with its token and with its session, and a new token of the same user
//! prolongs it (contract, WebSocket "Client to server", `auth.renew`).

use crate::{
    auth::identity::{Identity, TokenError},
    clock,
    service::sessions::OpenSession,
    state::AppState,
};
use hub::{CloseCode, CloseFrame, Handle};
use protocol::{time::Timestamp, timers::Secret};
use std::time::Duration;

/// Keeps a connection open for as long as its token and its session go on.
pub struct Authenticated {
    /// Closes the connection when the session of its token ends.
    session: Option<OpenSession>,
}

/// Why a new token was not taken.
pub enum RenewError {
    /// It is bad, or another user's: the connection is being closed.
    Refused(String),
    /// It cannot be verified now; the old one still counts.
    Unavailable(String),
}

impl Authenticated {
    /// For a connection that was let in as `identity`.
    pub fn new(state: &AppState, identity: &Identity, handle: &Handle) -> Self {
        expire(identity, handle);
        Self {
            session: state.sessions.attach(identity, handle),
        }
    }

    /// Takes a new token of the same user. Returns until when it counts.
    ///
    /// # Errors
    /// [`RenewError`].
    pub async fn renew(
        &mut self,
        state: &AppState,
        identity: &mut Identity,
        handle: &Handle,
        token: &Secret,
    ) -> Result<Timestamp, RenewError> {
        match state.verifier.verify(&token.0).await {
            Ok(renewed) if renewed.user == identity.user => {
                // It may be of another session of the user's. The old registration goes first: where the session is the
                // same, it would take the new one with it.
                self.session = None;
                self.session = state.sessions.attach(&renewed, handle);
                expire(&renewed, handle);
                *identity = renewed;
                Ok(identity.expires_at)
            }
            Ok(_) => Err(RenewError::Refused("The token belongs to another user.".to_owned())),
            // The new token may be good, and the old one still is.
            Err(error @ TokenError::Unavailable) => Err(RenewError::Unavailable(error.to_string())),
            Err(error) => Err(RenewError::Refused(error.to_string())),
        }
    }

    /// Closes a connection whose new token was refused, after the error was sent.
    pub fn close_refused(handle: &Handle) {
        handle.close(CloseFrame::new(CloseCode::POLICY, "the new token is not good"));
    }
}

/// Closes the connection when its token expires.
fn expire(identity: &Identity, handle: &Handle) {
    // Tokens without a sensible end are moved to one that the clock can count.
    let millis = identity.expires_at.millis_since(clock::now());
    let left = Duration::from_millis(millis.clamp(0, 365 * 24 * 60 * 60 * 1000).unsigned_abs());
    let close = CloseFrame::new(CloseCode::POLICY, "the token has expired");
    handle.hub().close_after(handle, left, close);
}
