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

/// Lifetime of an access token, in seconds.
pub const LIFETIME_SECONDS: i64 = 15 * 60;

/// Signs and verifies access tokens.
#[derive(Clone)]
pub struct AccessTokens {
    keys: Arc<Keys>,
}

struct Keys {
    signing: EncodingKey,
    /// The current key first, then the previous one.
    verifying: Vec<DecodingKey>,
}

/// The session that a token is issued for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: Uuid,
    /// When it ends unless it is refreshed before.
    pub ends_at: Timestamp,
}

/// The claims of an access token. They do not include the e-mail address, which is not verified.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'static str,
    sub: &'a UserId,
    /// The session (OpenID Connect Front-Channel Logout 1.0, 3): the token is refused once it has ended.
    sid: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    iat: i64,
    exp: i64,
}

impl AccessTokens {
    /// Signs with the server's secret; verifies with the previous secret as well, after a rotation.
    pub fn new(secret: &JwtSecret, previous: Option<&JwtSecret>) -> Self {
        let verifying = [secret].into_iter().chain(previous);
        let keys = Keys {
            signing: EncodingKey::from_secret(&secret.0),
            verifying: verifying.map(|secret| DecodingKey::from_secret(&secret.0)).collect(),
        };
        Self { keys: Arc::new(keys) }
    }

    /// Issues a token for a session of an account, and returns it with its lifetime in seconds: [`LIFETIME_SECONDS`]
    /// from `now`, or until the session ends.
    ///
    /// # Errors
    /// When signing fails, which does not happen for an HMAC.
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

    /// Verifies a token of [`ISSUER`]; the caller has checked the issuer, and has to check that the session is open.
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
