//! The account that is filled.

use crate::{
    auth::password::Passwords,
    clock,
    service::accounts::normalized,
    store::{Store, accounts},
};
use anyhow::Context;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::FutureExt;
use protocol::{id::UserId, rest::account::Account};
use uuid::Uuid;

/// The account with this address; if it is missing, a new one, with its password.
///
/// # Errors
/// One sentence, when the address is invalid or the database fails.
pub async fn find_or_create(store: &Store, email: &str) -> anyhow::Result<(Account, Option<String>)> {
    let email = normalized(email).with_context(|| format!("{email:?} is not an e-mail address"))?;
    if let Some((account, _)) = store.query(async |conn| accounts::find(conn, &email).await).await? {
        return Ok((account, None));
    }
    let password = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>());
    let hash = Passwords::default().hash_new(password.clone(), email.clone()).await?;
    let hash = hash.context("the new password is too common")?;
    let account = Account {
        id: UserId(Uuid::now_v7().to_string()),
        email,
        display_name: Some("Sample".to_owned()),
    };
    let (stored, now) = (account.clone(), clock::now());
    let created = store
        .writer()
        .write(move |conn| async move { accounts::insert(conn, &stored, &hash, now).await }.boxed())
        .await?;
    anyhow::ensure!(
        created,
        "{} was created by somebody else just now; try again",
        account.email
    );
    Ok((account, Some(password)))
}
