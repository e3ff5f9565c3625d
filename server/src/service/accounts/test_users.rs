//! Users of the playground, who exist in development only.

use super::{AccountError, Accounts, session};
use crate::{clock, store::accounts};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::FutureExt;
use protocol::{
    id::UserId,
    rest::account::{AccessGrant, Account, AccountRefusal},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// RFC 6761, 6.2: no address of this domain exists.
const DOMAIN: &str = "playground.test";
/// Bytes of the name's hash that make the address.
const HASH_BYTES: usize = 9;

impl Accounts {
    /// Issues a token of the test user with this name, who is created if there is none. It expires in so many seconds
    /// (at most 15 minutes); a negative number is for a token that has expired.
    ///
    /// # Errors
    /// [`AccountRefusal::Disabled`], and errors of the store, of hashing and of signing.
    pub async fn test_user(&self, name: String, expires_in: i64) -> Result<AccessGrant, AccountError> {
        self.check_enabled()?;
        let account = self.test_account(name).await?;
        let (now, user) = (clock::now(), account.id.clone());
        let begun = self
            .publisher
            .commit_and_publish(move |conn| async move { session::begin(conn, &user, now).await }.boxed());
        let (mut session, refresh) = begun.await?;
        // An access token expires with its session.
        session.ends_at = now.plus_millis(expires_in.saturating_mul(1000));
        Ok(self.signed_in(account, session, refresh, now)?.grant)
    }

    async fn test_account(&self, name: String) -> Result<Account, AccountError> {
        let hash = Sha256::digest(name.to_lowercase());
        let email = format!("{}@{DOMAIN}", URL_SAFE_NO_PAD.encode(&hash[..HASH_BYTES])).to_lowercase();
        if let Some(account) = self.find_account(&email).await? {
            return Ok(account);
        }
        // Nobody knows it, so the pages cannot sign in as this user.
        let password = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>());
        let hash = self.passwords.hash_new(password, email.clone()).await?;
        let hash = hash.ok_or(AccountRefusal::PasswordTooCommon)?;
        let account = Account {
            id: UserId(Uuid::now_v7().to_string()),
            email: email.clone(),
            display_name: Some(name),
        };
        let (stored, now) = (account.clone(), clock::now());
        let created = self
            .store
            .writer()
            .write(move |conn| async move { accounts::insert(conn, &stored, &hash, now).await }.boxed())
            .await?;
        match created {
            true => Ok(account),
            // Another request has created it meanwhile.
            false => Ok(self.find_account(&email).await?.unwrap_or(account)),
        }
    }

    async fn find_account(&self, email: &str) -> Result<Option<Account>, AccountError> {
        let found = self.store.query(async |conn| accounts::find(conn, email).await).await?;
        Ok(found.map(|(account, _)| account))
    }
}
