//! Built-in accounts: sign-up, sign-in, refresh with rotation, sign-out.

mod session;

pub use session::SESSION_SECONDS;

use crate::{
    auth::{
        access_token::{AccessTokens, LIFETIME_SECONDS},
        attempts::{self, Attempts},
        password::{PasswordError, Passwords},
        refresh_token::RefreshToken,
    },
    clock,
    store::{Store, StoreError, accounts},
};
use email_address::EmailAddress;
use futures_util::FutureExt;
use protocol::{
    account::{AccessGrant, Account, Credentials, password_problem},
    id::UserId,
    limits,
    time::Timestamp,
};
use std::net::IpAddr;
use thiserror::Error;
use uuid::Uuid;

/// The built-in accounts.
#[derive(Clone)]
pub struct Accounts {
    store: Store,
    tokens: AccessTokens,
    passwords: Passwords,
    attempts: Attempts,
    enabled: bool,
}

/// A session that was begun or renewed.
#[derive(Debug)]
pub struct SignedIn {
    /// The access token, for the body.
    pub grant: AccessGrant,
    /// The refresh token, for the cookie.
    pub refresh: RefreshToken,
}

/// Why somebody is not signed in.
#[derive(Debug, Error)]
pub enum AccountError {
    /// A value cannot be taken; `field` names it.
    #[error("{message}")]
    Invalid {
        /// email, password or display_name.
        field: &'static str,
        /// A sentence for the person.
        message: String,
    },
    /// The address has an account already.
    #[error("There is already an account with this e-mail address. Sign in instead.")]
    EmailTaken,
    /// Unknown user or wrong password: one message for both.
    #[error("The e-mail address or the password is not right.")]
    WrongCredentials,
    /// Too many failed attempts.
    #[error("Too many attempts. Please wait {} minutes and try again.", attempts::WINDOW.as_secs() / 60)]
    TooManyAttempts,
    /// No session: never signed in, signed out, expired, or ended for safety.
    #[error("You are signed out. Please sign in again.")]
    SignedOut,
    /// ACCOUNTS_ENABLED is false.
    #[error("This server has no accounts of its own.")]
    Disabled,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The hash.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The signature.
    #[error("signing an access token failed: {0}")]
    Token(#[from] jsonwebtoken::errors::Error),
}

impl Accounts {
    /// Accounts in a store, with the server's keys.
    pub fn new(store: Store, tokens: AccessTokens, enabled: bool) -> Self {
        Self {
            store,
            tokens,
            passwords: Passwords::default(),
            attempts: Attempts::default(),
            enabled,
        }
    }

    /// Makes an account and begins a session.
    ///
    /// # Errors
    /// [`AccountError`]; nothing was stored then.
    pub async fn sign_up(&self, credentials: Credentials) -> Result<SignedIn, AccountError> {
        self.check_enabled()?;
        let account = new_account(&credentials)?;
        let hash = self.passwords.hash(credentials.password).await?;
        let (now, stored) = (clock::now(), account.clone());
        let refresh = self
            .store
            .writer()
            .write(move |conn| {
                async move {
                    if !accounts::insert(conn, &stored, &hash, now).await? {
                        return Err(AccountError::EmailTaken);
                    }
                    Ok(session::begin(conn, &stored.id, now).await?)
                }
                .boxed()
            })
            .await?;
        tracing::info!(user = %account.id, "signed up");
        self.signed_in(account, refresh, now)
    }

    /// Begins a session, with the right password. `address` is where the attempt comes from.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn sign_in(&self, credentials: Credentials, address: IpAddr) -> Result<SignedIn, AccountError> {
        self.check_enabled()?;
        let email = normal(&credentials.email);
        if !self.attempts.begin(&email, address) {
            tracing::warn!(%address, "too many failed sign-ins");
            return Err(AccountError::TooManyAttempts);
        }
        let found = self
            .store
            .query(async |conn| accounts::find(conn, &email).await)
            .await?;
        let (account, hash) = found.unzip();
        let right = self.passwords.verify(credentials.password, hash).await?;
        let Some(account) = account.filter(|_| right) else {
            return Err(AccountError::WrongCredentials);
        };
        self.attempts.succeed(&email, address);
        let (now, user) = (clock::now(), account.id.clone());
        let refresh = self
            .store
            .writer()
            .write(move |conn| async move { session::begin(conn, &user, now).await }.boxed())
            .await?;
        tracing::info!(user = %account.id, "signed in");
        self.signed_in(account, refresh, now)
    }

    /// Exchanges a refresh token for a new one and an access token. A token that was exchanged before, and not just
    /// now, ends the session (RFC 9700, 4.14.2).
    ///
    /// # Errors
    /// [`AccountError::SignedOut`] where the token is good for nothing.
    pub async fn refresh(&self, token: &RefreshToken) -> Result<SignedIn, AccountError> {
        let (now, hash) = (clock::now(), token.hash());
        let refreshed = self
            .store
            .writer()
            .write(move |conn| async move { session::rotate(conn, &hash, now).await }.boxed());
        match refreshed.await? {
            Some((account, refresh)) => self.signed_in(account, refresh, now),
            None => Err(AccountError::SignedOut),
        }
    }

    /// Whose session a refresh token belongs to, without exchanging it; `None` where `refresh` would refuse.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn account(&self, token: &RefreshToken) -> Result<Option<Account>, StoreError> {
        let (now, hash) = (clock::now(), token.hash());
        let found = self
            .store
            .query(async |conn| accounts::find_token(conn, &hash).await)
            .await?;
        Ok(found
            .filter(|token| session::is_good(token, now))
            .map(|token| token.account))
    }

    /// Ends the session of a refresh token; an unknown one changes nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sign_out(&self, token: &RefreshToken) -> Result<(), StoreError> {
        let hash = token.hash();
        self.store
            .writer()
            .write(move |conn| {
                async move {
                    match accounts::find_token(conn, &hash).await? {
                        Some(token) => accounts::delete_session(conn, &token.session_id).await,
                        None => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }

    fn check_enabled(&self) -> Result<(), AccountError> {
        if self.enabled {
            Ok(())
        } else {
            Err(AccountError::Disabled)
        }
    }

    fn signed_in(&self, user: Account, refresh: RefreshToken, now: Timestamp) -> Result<SignedIn, AccountError> {
        let access_token = self.tokens.issue(&user, now)?;
        let token_type = "Bearer".to_owned();
        Ok(SignedIn {
            grant: AccessGrant {
                access_token,
                token_type,
                expires_in: LIFETIME_SECONDS,
                user,
            },
            refresh,
        })
    }
}

/// Addresses are compared trimmed and in lower case.
fn normal(email: &str) -> String {
    email.trim().to_lowercase()
}

fn new_account(credentials: &Credentials) -> Result<Account, AccountError> {
    let invalid = |field, message| Err(AccountError::Invalid { field, message });
    let email = normal(&credentials.email);
    if email.chars().count() > limits::EMAIL_CHARS || !EmailAddress::is_valid(&email) {
        return invalid(
            "email",
            "This is not an e-mail address; it should look like name@example.com.".to_owned(),
        );
    }
    if let Some(problem) = password_problem(&credentials.password) {
        return invalid("password", problem);
    }
    let display_name = credentials
        .display_name
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    if display_name.is_some_and(|name| name.chars().count() > limits::TITLE_CHARS) {
        return invalid(
            "display_name",
            format!("A name may have at most {} characters.", limits::TITLE_CHARS),
        );
    }
    if display_name.is_some_and(|name| name.contains('\0')) {
        return invalid(
            "display_name",
            "A name may not contain the NUL character (U+0000).".to_owned(),
        );
    }
    Ok(Account {
        id: UserId(Uuid::now_v7().to_string()),
        email,
        display_name: display_name.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests;
