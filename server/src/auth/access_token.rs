//! Access tokens: JWTs that this server signs for its built-in accounts.

use super::{
    claims::{self, Rules},
    identity::{TokenError, VerifiedToken},
};
use crate::config::JwtSecret;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
pub use protocol::profile::ISSUER;
use protocol::{id::UserId, rest::account::Account, time::Timestamp};
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;

/// How long an access token lives, in seconds.
pub const LIFETIME_SECONDS: i64 = 15 * 60;

/// Signs and verifies.
#[derive(Clone)]
pub struct AccessTokens {
    keys: Arc<Keys>,
}

struct Keys {
    signing: EncodingKey,
    /// The current one first, then the one before it.
    verifying: Vec<DecodingKey>,
}

/// The session that a token is issued for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: Uuid,
    /// When it ends, unless it is used before.
    pub ends_at: Timestamp,
}

/// The address is left out: nobody has verified it.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'static str,
    sub: &'a UserId,
    /// The session (OpenID Connect Front-Channel Logout 1.0, 3): when it ends, the token is refused.
    sid: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    iat: i64,
    exp: i64,
}

impl AccessTokens {
    /// Signs with the server's secret; verifies with the one before it as well, where there was a rotation.
    pub fn new(secret: &JwtSecret, previous: Option<&JwtSecret>) -> Self {
        let verifying = [secret].into_iter().chain(previous);
        let keys = Keys {
            signing: EncodingKey::from_secret(&secret.0),
            verifying: verifying.map(|secret| DecodingKey::from_secret(&secret.0)).collect(),
        };
        Self { keys: Arc::new(keys) }
    }

    /// A token for a session of an account, good for [`LIFETIME_SECONDS`] from `now`, or until the session ends. And for
    /// how many seconds it is good.
    ///
    /// # Errors
    /// When signing fails, which for an HMAC it does not.
    pub fn issue(
        &self,
        account: &Account,
        session: &Session,
        now: Timestamp,
    ) -> Result<(String, i64), jsonwebtoken::errors::Error> {
        let iat = now.millis() / 1000;
        let exp = (iat + LIFETIME_SECONDS).min(session.ends_at.millis() / 1000);
        let claims = Claims {
            iss: ISSUER,
            sub: &account.id,
            sid: session.id,
            name: account.display_name.as_deref(),
            iat,
            exp,
        };
        let token = encode(&Header::new(Algorithm::HS256), &claims, &self.keys.signing)?;
        Ok((token, exp - iat))
    }

    /// Whose token it is; that it is of [`ISSUER`] is known already. Whether its session has ended is not looked at.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<VerifiedToken, TokenError> {
        let wrong_key = Err(TokenError::Invalid(claims::WRONG_SIGNATURE));
        let verified = self
            .keys
            .verifying
            .iter()
            .map(|key| claims::verify(token, key, Algorithm::HS256, Rules::default(), now))
            .find(|verified| *verified != wrong_key);
        verified.unwrap_or(wrong_key)
    }
}
