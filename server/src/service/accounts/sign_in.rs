//! Sign-in with a password.

use super::{AccountError, Accounts, SignedIn, normalized, session};
use crate::{
    auth::{attempts::MustWait, password::PasswordError},
    client_address::ClientAddress,
    clock,
    store::accounts,
};
use futures_util::FutureExt;
use protocol::rest::account::{AccountRefusal, Credentials, password_problem};

impl Accounts {
    /// Starts a session if the password is correct. `client` is the client's address.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn sign_in(&self, credentials: Credentials, client: ClientAddress) -> Result<SignedIn, AccountError> {
        let result = self.begin_session(credentials, client).await;
        self.metrics.sign_in(&result);
        result
    }

    async fn begin_session(&self, credentials: Credentials, client: ClientAddress) -> Result<SignedIn, AccountError> {
        self.check_enabled()?;
        // Longer addresses and passwords belong to no account: they are not counted, copied or hashed.
        let email = normalized(&credentials.email);
        let possible = password_problem(&credentials.password) != Some(AccountRefusal::PasswordTooLong);
        let Some(email) = email.filter(|_| possible) else {
            return Err(failed(client));
        };
        let attempt = self.attempts.begin(&email, &client.limit_key().to_string());
        let attempt = attempt.map_err(|MustWait(retry_after)| {
            tracing::warn!(%client, "sign-in refused after too many failures");
            AccountRefusal::TooManyAttempts { retry_after }
        })?;
        tokio::time::sleep(attempt.answer_delay()).await;
        let found = self
            .store
            .query(async |conn| accounts::find(conn, &email).await)
            .await?;
        let (account, hash) = found.unzip();
        let right = match self.passwords.verify(credentials.password, hash).await {
            Ok(right) => right,
            Err(error) => {
                if error == PasswordError::Busy {
                    attempt.withdraw();
                }
                return Err(error.into());
            }
        };
        let Some(account) = account.filter(|_| right) else {
            return Err(failed(client));
        };
        attempt.succeed();
        let (now, user) = (clock::now(), account.id.clone());
        let (session, token) = self
            .publisher
            .commit_and_publish(move |conn| async move { session::begin(conn, &user, now).await }.boxed())
            .await?;
        tracing::info!(user = %account.id, "signed in");
        self.signed_in(account, session, token, now)
    }
}

/// Logs a failed attempt, for programs that ban clients by the log (README, "Accounts"): the line contains the client's
/// address, and no other input of the client.
fn failed(client: ClientAddress) -> AccountError {
    tracing::warn!(%client, "sign-in failed");
    AccountRefusal::WrongCredentials.into()
}
