//! Invitations, created by the operator.

use crate::{
    auth::invitation::Invitation,
    clock,
    store::{Store, StoreError, invitations},
};
use futures_util::FutureExt;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Creates an invitation for one account, valid for so many days.
///
/// # Errors
/// [`StoreError`].
pub async fn invite(store: &Store, days: u16) -> Result<Invitation, StoreError> {
    let (invitation, now) = (Invitation::generate(), clock::now());
    let (hash, expires_at) = (invitation.hash(), now.plus_millis(i64::from(days) * DAY_MILLIS));
    store
        .writer()
        .write(move |conn| async move { invitations::insert(conn, &hash, now, expires_at).await }.boxed())
        .await?;
    Ok(invitation)
}
