//! The identity of an open connection: the connection ends with its token or session, and a new token of the same user
//! extends it (contract, WebSocket "Client to server", `auth.renew`).

use crate::{
    auth::identity::{Identity, TokenError},
    clock,
    service::sessions::OpenSession,
    state::AppState,
};
use hub::{CloseCode, CloseFrame, Handle};
use protocol::{time::Timestamp, timers::Secret};
use std::time::Duration;

/// Closes a connection when its token expires or its session ends.
pub struct Authenticated {
    /// Closes the connection when the token's session ends.
    session: Option<OpenSession>,
}

/// Why a new token was refused.
pub enum RenewError {
    /// It is invalid or belongs to another user: the connection is being closed.
    Refused(String),
    /// It cannot be verified now; the old one stays in effect.
    Unavailable(String),
}

impl Authenticated {
    /// For a connection that was admitted as `identity`.
    pub fn new(state: &AppState, identity: &Identity, handle: &Handle) -> Self {
        expire(identity, handle);
        Self {
            session: state.sessions.attach(identity, handle),
        }
    }

    /// Replaces the token by a new one of the same user. Returns when it expires.
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
                // It may be of another session of the user. The old registration is removed first: if the session is
                // the same, its removal would remove the new one as well.
                self.session = None;
                self.session = state.sessions.attach(&renewed, handle);
                expire(&renewed, handle);
                *identity = renewed;
                Ok(identity.expires_at)
            }
            Ok(_) => Err(RenewError::Refused("The token belongs to another user.".to_owned())),
            // The new token may be valid, and the old one still is.
            Err(error @ TokenError::Unavailable) => Err(RenewError::Unavailable(error.to_string())),
            Err(error) => Err(RenewError::Refused(error.to_string())),
        }
    }

    /// Closes a connection whose new token was refused, after the error has been sent.
    pub fn close_refused(handle: &Handle) {
        handle.close(CloseFrame::new(CloseCode::POLICY, "the new token is not good"));
    }
}

/// Closes the connection when its token expires.
fn expire(identity: &Identity, handle: &Handle) {
    // Expiry times beyond the clock's range are clamped.
    let millis = identity.expires_at.millis_since(clock::now());
    let left = Duration::from_millis(millis.clamp(0, 365 * 24 * 60 * 60 * 1000).unsigned_abs());
    let close = CloseFrame::new(CloseCode::POLICY, "the token has expired");
    handle.hub().close_after(handle, left, close);
}
