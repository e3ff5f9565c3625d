//! Sessions: a chain of refresh tokens, each for one use.

use crate::{
    auth::refresh_token::RefreshToken,
    store::{Conn, StoreError, accounts},
};
use protocol::{account::Account, id::UserId, time::Timestamp};
use uuid::Uuid;

/// A session ends when it was not used for this long, in seconds.
pub const SESSION_SECONDS: i64 = 30 * 24 * 60 * 60;
/// A refresh token may be exchanged again within this time, in milliseconds: two tabs refresh at once, or the answer
/// got lost. Later it is a copy in somebody else's hands, and the session ends.
const REUSE_GRACE_MILLIS: i64 = 30_000;

/// Begins a session and returns its first token.
pub(super) async fn begin(conn: &mut Conn, user: &UserId, now: Timestamp) -> Result<RefreshToken, StoreError> {
    let session = Uuid::now_v7().to_string();
    let refresh = RefreshToken::generate();
    accounts::insert_session(conn, &session, user, now, session_end(now)).await?;
    accounts::insert_token(conn, &refresh.hash(), &session, now).await?;
    Ok(refresh)
}

fn session_end(now: Timestamp) -> Timestamp {
    now.plus_millis(SESSION_SECONDS * 1000)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Good,
    Over,
    Reused,
}

/// Whether [`rotate`] would exchange the token.
pub(super) fn is_good(token: &accounts::SessionToken, now: Timestamp) -> bool {
    standing(token, now) == Standing::Good
}

fn standing(token: &accounts::SessionToken, now: Timestamp) -> Standing {
    match token.used_at {
        _ if token.expires_at <= now => Standing::Over,
        Some(used_at) if now.millis_since(used_at) > REUSE_GRACE_MILLIS => Standing::Reused,
        _ => Standing::Good,
    }
}

/// Exchanges a token for its successor; `None` where it is good for nothing. One that was exchanged before, and not just
/// now, ends its session.
pub(super) async fn rotate(
    conn: &mut Conn,
    hash: &str,
    now: Timestamp,
) -> Result<Option<(Account, RefreshToken)>, StoreError> {
    let Some(token) = accounts::find_token(conn, hash).await? else {
        return Ok(None);
    };
    match standing(&token, now) {
        Standing::Good => {
            let next = RefreshToken::generate();
            accounts::use_token(conn, hash, now).await?;
            accounts::insert_token(conn, &next.hash(), &token.session_id, now).await?;
            accounts::extend_session(conn, &token.session_id, session_end(now)).await?;
            Ok(Some((token.account, next)))
        }
        Standing::Over => Ok(None),
        Standing::Reused => {
            tracing::warn!(user = %token.account.id, "a refresh token was used twice; its session ends");
            accounts::delete_session(conn, &token.session_id).await?;
            Ok(None)
        }
    }
}
