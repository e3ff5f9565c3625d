//! Sessions: chains of refresh tokens, each for one use.

use crate::{
    auth::{
        access_token::Session,
        refresh_token::{RefreshKeys, RefreshToken},
    },
    service::effects::Effects,
    store::{
        Conn, StoreError,
        sessions::{self, SessionToken},
    },
};
use protocol::{id::UserId, rest::account::Account, time::Timestamp};
use uuid::Uuid;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// A session ends after this time without a refresh.
const IDLE_MILLIS: i64 = 30 * DAY_MILLIS;
/// A session ends this long after the sign-in, however often it is refreshed.
const ABSOLUTE_MILLIS: i64 = 90 * DAY_MILLIS;
/// A refresh token may be exchanged again within this time: two tabs refresh at once, or the response was lost. Later
/// reuse means that the token was stolen, and the session ends (RFC 9700, 4.14.2).
const REUSE_GRACE_MILLIS: i64 = 30_000;
/// The maximum number of sessions per user; beyond it the oldest end.
const SESSIONS_PER_USER: usize = 100;
/// The maximum number of exchanges within the grace period; more than the limit on refreshes allows.
const MAX_CHAIN: usize = 256;

/// The outcome of presenting a refresh token.
pub(super) enum Rotation {
    /// It was exchanged.
    Renewed {
        account: Account,
        session: Session,
        token: RefreshToken,
    },
    /// It was exchanged before the grace period: its session has ended.
    Reused { session: Uuid, user: UserId },
    /// It is not valid.
    Refused,
}

/// Starts a session; beyond the maximum the user's oldest ones end.
pub(super) async fn begin(
    conn: &mut Conn,
    user: &UserId,
    now: Timestamp,
) -> Result<Effects<(Session, RefreshToken)>, StoreError> {
    let ended: Vec<Uuid> = sessions::of_user(conn, user)
        .await?
        .into_iter()
        .skip(SESSIONS_PER_USER - 1)
        .collect();
    for id in &ended {
        sessions::delete(conn, *id).await?;
    }
    let token = RefreshToken::generate();
    let session = Session {
        id: Uuid::now_v7(),
        ends_at: end(now, now),
    };
    let family = token.family_hash();
    sessions::insert(conn, session.id, user, family.as_deref(), now, session.ends_at).await?;
    sessions::insert_token(conn, &token.hash(), session.id, true, now).await?;
    Ok(Effects::evicting(ended).with((session, token)))
}

/// When a session ends that began at `began_at` and is used now.
fn end(began: Timestamp, now: Timestamp) -> Timestamp {
    began.plus_millis(ABSOLUTE_MILLIS).min(now.plus_millis(IDLE_MILLIS))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Good,
    Over,
    Reused,
}

/// Whether [`rotate`] would exchange the token.
pub(super) fn is_good(token: &SessionToken, now: Timestamp) -> bool {
    standing(token, now) == Standing::Good
}

fn standing(token: &SessionToken, now: Timestamp) -> Standing {
    match token.used_at {
        _ if token.expires_at.min(end(token.created_at, now)) <= now => Standing::Over,
        Some(used_at) if now.millis_since(used_at) > REUSE_GRACE_MILLIS => Standing::Reused,
        _ => Standing::Good,
    }
}

/// Exchanges a token for its successor.
pub(super) async fn rotate(
    conn: &mut Conn,
    keys: &RefreshKeys,
    token: &RefreshToken,
    now: Timestamp,
) -> Result<Rotation, StoreError> {
    let Some(found) = sessions::find_token(conn, &token.hash()).await? else {
        return reused_long_ago(conn, token).await;
    };
    let id = found.session_id;
    match standing(&found, now) {
        Standing::Over => Ok(Rotation::Refused),
        Standing::Reused => {
            sessions::delete(conn, id).await?;
            let user = found.account.id;
            Ok(Rotation::Reused { session: id, user })
        }
        Standing::Good => {
            let ends_at = end(found.created_at, now);
            let next = match found.used_at {
                None => Some(exchange(conn, keys, token, id, now).await?),
                Some(_) => newest(conn, keys, token).await?,
            };
            let Some(next) = next else {
                // Derived with a key that is no longer configured.
                return Ok(Rotation::Refused);
            };
            sessions::extend(conn, id, next.family_hash().as_deref(), ends_at).await?;
            Ok(Rotation::Renewed {
                account: found.account,
                session: Session { id, ends_at },
                token: next,
            })
        }
    }
}

async fn exchange(
    conn: &mut Conn,
    keys: &RefreshKeys,
    token: &RefreshToken,
    session: Uuid,
    now: Timestamp,
) -> Result<RefreshToken, StoreError> {
    let next = keys.successors(token).next();
    let next = next.ok_or_else(|| StoreError::corrupt("refresh keys", "there are none"))?;
    sessions::use_token(conn, &token.hash(), now).await?;
    sessions::forget_used_tokens(conn, session, now.plus_millis(-REUSE_GRACE_MILLIS)).await?;
    sessions::insert_token(conn, &next.hash(), session, true, now).await?;
    Ok(next)
}

/// The newest token of the chain from a token that was exchanged within the grace period: the same for all requests
/// with it.
async fn newest(conn: &mut Conn, keys: &RefreshKeys, token: &RefreshToken) -> Result<Option<RefreshToken>, StoreError> {
    let mut token = token.clone();
    for _ in 0..MAX_CHAIN {
        let mut next = None;
        for successor in keys.successors(&token).collect::<Vec<_>>() {
            if let Some(found) = sessions::find_token(conn, &successor.hash()).await? {
                next = Some((successor, found.used_at.is_none()));
                break;
            }
        }
        match next {
            Some((newest, true)) => return Ok(Some(newest)),
            Some((used, false)) => token = used,
            None => break,
        }
    }
    Ok(None)
}

/// Handles a deleted token of a known family: it was exchanged long ago, so its session ends.
async fn reused_long_ago(conn: &mut Conn, token: &RefreshToken) -> Result<Rotation, StoreError> {
    let Some((session, user)) = of_family(conn, token).await? else {
        return Ok(Rotation::Refused);
    };
    sessions::delete(conn, session).await?;
    Ok(Rotation::Reused { session, user })
}

/// The session that a token belongs to or belonged to.
pub(super) async fn find(conn: &mut Conn, token: &RefreshToken) -> Result<Option<Uuid>, StoreError> {
    if let Some(found) = sessions::find_token(conn, &token.hash()).await? {
        return Ok(Some(found.session_id));
    }
    Ok(of_family(conn, token).await?.map(|(session, _)| session))
}

async fn of_family(conn: &mut Conn, token: &RefreshToken) -> Result<Option<(Uuid, UserId)>, StoreError> {
    match token.family_hash() {
        Some(family) => sessions::of_family(conn, &family).await,
        None => Ok(None),
    }
}
