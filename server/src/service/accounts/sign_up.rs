//! Creates accounts.

use super::{AccountError, Accounts, SignedIn, normalized, session};
use crate::{
    auth::invitation::Invitation,
    client_address::ClientAddress,
    clock,
    store::{accounts, invitations},
};
use futures_util::FutureExt;
use protocol::{
    id::UserId,
    limits,
    rest::account::{Account, AccountRefusal, Credentials, SignUps, password_problem},
};
use uuid::Uuid;

impl Accounts {
    /// Creates an account and starts a session. `client` is the client's address.
    ///
    /// # Errors
    /// [`AccountError`]; then nothing was stored.
    pub async fn sign_up(&self, credentials: Credentials, client: ClientAddress) -> Result<SignedIn, AccountError> {
        self.check_enabled()?;
        if self.settings.sign_ups == SignUps::Closed {
            return Err(AccountRefusal::SignUpsClosed.into());
        }
        let account = new_account(&credentials)?;
        // Attempts with a taken address count as well: their answer reveals that the account exists.
        let limited = |retry_after| AccountRefusal::TooManySignUps { retry_after };
        let client = client.limit_key().to_string();
        self.limits.sign_ups.take_key(&client).map_err(limited)?;
        let invitation = self.invitation(&credentials).await?;
        let Some(hash) = self
            .passwords
            .hash_new(credentials.password, account.email.clone())
            .await?
        else {
            return Err(AccountRefusal::PasswordTooCommon.into());
        };
        let (now, stored) = (clock::now(), account.clone());
        let (session, token) = self
            .publisher
            .commit_and_publish(move |conn| {
                async move {
                    if !accounts::insert(conn, &stored, &hash, now).await? {
                        return Err(AccountError::from(AccountRefusal::EmailTaken));
                    }
                    if let Some(code_hash) = invitation
                        && !invitations::redeem(conn, &code_hash, &stored.id, now).await?
                    {
                        return Err(AccountRefusal::InvitationInvalid.into());
                    }
                    Ok(session::begin(conn, &stored.id, now).await?)
                }
                .boxed()
            })
            .await?;
        tracing::info!(user = %account.id, "signed up");
        self.signed_in(account, session, token, now)
    }

    /// The hash of the invitation that the account uses up, if one is required. An invalid one is refused before
    /// hashing the password; single use is enforced when the account is stored.
    async fn invitation(&self, credentials: &Credentials) -> Result<Option<String>, AccountError> {
        if self.settings.sign_ups != SignUps::Invite {
            return Ok(None);
        }
        let invitation = credentials.invitation.as_deref().and_then(Invitation::parse);
        let hash = invitation.ok_or(AccountRefusal::InvitationInvalid)?.hash();
        let is_good = self
            .store
            .query(async |conn| invitations::is_good(conn, &hash, clock::now()).await)
            .await?;
        if is_good {
            Ok(Some(hash))
        } else {
            Err(AccountRefusal::InvitationInvalid.into())
        }
    }
}

fn new_account(credentials: &Credentials) -> Result<Account, AccountRefusal> {
    let email = normalized(&credentials.email).ok_or(AccountRefusal::EmailInvalid)?;
    if let Some(problem) = password_problem(&credentials.password) {
        return Err(problem);
    }
    let display_name = credentials
        .display_name
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    if display_name.is_some_and(|name| name.chars().count() > limits::TITLE_CHARS) {
        return Err(AccountRefusal::NameTooLong);
    }
    if display_name.is_some_and(|name| name.contains('\0')) {
        return Err(AccountRefusal::NameHasNul);
    }
    Ok(Account {
        id: UserId(Uuid::now_v7().to_string()),
        email,
        display_name: display_name.map(str::to_owned),
    })
}
