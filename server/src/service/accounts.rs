//! Built-in accounts: sign-up, sign-in, refresh with rotation, sign-out.

mod invitations;
mod metrics;
mod session;
mod sign_in;
mod sign_up;
#[cfg(debug_assertions)]
mod test_users;

pub use invitations::invite;

use crate::{
    auth::{
        access_token::{AccessTokens, Session},
        attempts::Attempts,
        password::{PasswordError, Passwords},
        refresh_token::{RefreshKeys, RefreshToken},
    },
    client_address::ClientAddress,
    clock,
    limits::Limits,
    service::effects::{Effects, EventPublisher},
    store::{Store, StoreError, sessions},
};
use email_address::EmailAddress;
use futures_util::FutureExt;
use metrics::AccountMetrics;
use prometheus_client::registry::Registry;
use protocol::{
    limits,
    rest::account::{AccessGrant, Account, AccountRefusal, SignUps},
    time::Timestamp,
};
use session::Rotation;
use thiserror::Error;

/// The built-in accounts.
#[derive(Clone)]
pub struct Accounts {
    store: Store,
    keys: Keys,
    settings: AccountSettings,
    publisher: EventPublisher,
    limits: Limits,
    passwords: Passwords,
    attempts: Attempts,
    metrics: AccountMetrics,
}

/// The keys of access and refresh tokens.
#[derive(Clone)]
pub struct Keys {
    pub access: AccessTokens,
    pub refresh: RefreshKeys,
}

/// The operator's settings.
#[derive(Clone, Copy, Debug)]
pub struct AccountSettings {
    /// ACCOUNTS_ENABLED.
    pub enabled: bool,
    /// SIGNUPS.
    pub sign_ups: SignUps,
}

/// A session that was started or refreshed.
#[derive(Debug)]
pub struct SignedIn {
    /// The access token, for the body.
    pub grant: AccessGrant,
    /// The refresh token, for the cookie.
    pub refresh: RefreshToken,
    /// Seconds until the session ends unless it is refreshed before.
    pub max_age_seconds: i64,
}

/// Why an account operation failed.
#[derive(Debug, Error)]
pub enum AccountError {
    /// Refused for a reason that the user can act on.
    #[error(transparent)]
    Refused(#[from] AccountRefusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Hashing failed.
    #[error("{0}")]
    Password(String),
    /// Signing failed.
    #[error("signing an access token failed: {0}")]
    Token(#[from] jsonwebtoken::errors::Error),
}

impl From<PasswordError> for AccountError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Refused(AccountRefusal::Busy {
                retry_after: PasswordError::RETRY_AFTER_SECONDS,
            }),
            PasswordError::Failed(_) => Self::Password(error.to_string()),
        }
    }
}

impl Accounts {
    /// Built-in accounts in a store.
    pub fn new(store: Store, keys: Keys, settings: AccountSettings, publisher: EventPublisher, limits: Limits) -> Self {
        Self {
            store,
            keys,
            settings,
            publisher,
            limits,
            passwords: Passwords::default(),
            attempts: Attempts::default(),
            metrics: AccountMetrics::default(),
        }
    }

    /// Adds the metrics of accounts to a registry.
    pub fn register_metrics(&self, registry: &mut Registry) {
        self.metrics.register(registry);
    }

    /// Whether accounts can be created.
    pub fn sign_ups(&self) -> SignUps {
        if self.settings.enabled {
            self.settings.sign_ups
        } else {
            SignUps::Closed
        }
    }

    /// Exchanges a refresh token for its successor and an access token. A token that was exchanged just now gets the
    /// same successor; one that was exchanged long ago ends the session (RFC 9700, 4.14.2).
    ///
    /// # Errors
    /// [`AccountRefusal::SignedOut`] if the token is not valid.
    pub async fn refresh(&self, token: &RefreshToken, client: ClientAddress) -> Result<SignedIn, AccountError> {
        self.check_enabled()?;
        let limited = |retry_after| AccountRefusal::TooManyRequests { retry_after };
        let limits = &self.limits;
        limits
            .refreshes_of_client
            .take_key(&client.limit_key().to_string())
            .map_err(limited)?;
        let chain = token.family_hash().unwrap_or_else(|| token.hash());
        limits.refreshes_of_session.take_key(&chain).map_err(limited)?;
        let (now, keys, token) = (clock::now(), self.keys.refresh.clone(), token.clone());
        let rotated = self.publisher.commit_and_publish(move |conn| {
            async move {
                let rotation = session::rotate(conn, &keys, &token, now).await?;
                let ended = match &rotation {
                    Rotation::Reused { session, .. } => vec![*session],
                    Rotation::Renewed { .. } | Rotation::Refused => Vec::new(),
                };
                Ok::<_, StoreError>(Effects::evicting(ended).with(rotation))
            }
            .boxed()
        });
        match rotated.await? {
            Rotation::Renewed {
                account,
                session,
                token,
            } => self.signed_in(account, session, token, now),
            Rotation::Reused { user, .. } => {
                tracing::warn!(%user, %client, "a refresh token was used twice; its session ends");
                Err(AccountRefusal::SignedOut.into())
            }
            Rotation::Refused => Err(AccountRefusal::SignedOut.into()),
        }
    }

    /// The account of a refresh token, without exchanging it; `None` if `refresh` would refuse it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn account(&self, token: &RefreshToken) -> Result<Option<Account>, StoreError> {
        if !self.settings.enabled {
            return Ok(None);
        }
        let (now, hash) = (clock::now(), token.hash());
        let found = self
            .store
            .query(async |conn| sessions::find_token(conn, &hash).await)
            .await?;
        Ok(found
            .filter(|token| session::is_good(token, now))
            .map(|token| token.account))
    }

    /// Ends the session of a refresh token; does nothing for an unknown one.
    ///
    /// # Errors
    /// [`AccountRefusal::Disabled`], and [`StoreError`].
    pub async fn sign_out(&self, token: &RefreshToken) -> Result<(), AccountError> {
        self.check_enabled()?;
        let token = token.clone();
        let ended = self.publisher.commit_and_publish(move |conn| {
            async move {
                let found = session::find(conn, &token).await?;
                if let Some(session) = found {
                    sessions::delete(conn, session).await?;
                }
                Ok::<_, StoreError>(Effects::evicting(Vec::from_iter(found)))
            }
            .boxed()
        });
        Ok(ended.await?)
    }

    /// Ends all sessions, at a start with disabled accounts, so that old cookies never become valid again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_all_sessions(&self) -> Result<(), StoreError> {
        let ended = self.store.writer().write(|conn| sessions::delete_all(conn).boxed());
        match ended.await? {
            0 => {}
            count => tracing::info!(count, "ACCOUNTS_ENABLED is false: all sessions have ended"),
        }
        Ok(())
    }

    fn check_enabled(&self) -> Result<(), AccountRefusal> {
        if self.settings.enabled {
            Ok(())
        } else {
            Err(AccountRefusal::Disabled)
        }
    }

    fn signed_in(
        &self,
        user: Account,
        session: Session,
        refresh: RefreshToken,
        now: Timestamp,
    ) -> Result<SignedIn, AccountError> {
        let (access_token, expires_in) = self.keys.access.issue(&user, &session, now)?;
        let token_type = "Bearer".to_owned();
        Ok(SignedIn {
            grant: AccessGrant {
                access_token,
                token_type,
                expires_in,
                user,
            },
            refresh,
            max_age_seconds: session.ends_at.millis_since(now) / 1000,
        })
    }
}

/// Normalises an address: trimmed, in lower case. `None` if it is invalid or too long.
pub(crate) fn normalized(email: &str) -> Option<String> {
    let email = email.trim();
    // Checked before anything is copied: a character has at most 4 bytes.
    if email.len() > 4 * limits::EMAIL_CHARS {
        return None;
    }
    let email = email.to_lowercase();
    let good = email.chars().count() <= limits::EMAIL_CHARS && EmailAddress::is_valid(&email);
    good.then_some(email)
}

#[cfg(test)]
mod tests;
