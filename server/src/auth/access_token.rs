//! Access tokens: JWTs that this server signs for its built-in accounts.

use super::{
    claims::{self, Rules},
    identity::{TokenError, VerifiedToken},
};
use crate::config::JwtSecret;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use protocol::{account::Account, id::UserId, time::Timestamp};
use serde::Serialize;
use std::sync::Arc;

/// The issuer of the built-in tokens.
pub const ISSUER: &str = "lockstep";
/// How long an access token lives, in seconds.
pub const LIFETIME_SECONDS: i64 = 15 * 60;

/// Signs and verifies.
#[derive(Clone)]
pub struct AccessTokens {
    keys: Arc<(EncodingKey, DecodingKey)>,
}

/// The address is left out: nobody has verified it.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'static str,
    sub: &'a UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    iat: i64,
    exp: i64,
}

impl AccessTokens {
    /// With the server's secret.
    pub fn new(secret: &JwtSecret) -> Self {
        let keys = (EncodingKey::from_secret(&secret.0), DecodingKey::from_secret(&secret.0));
        Self { keys: Arc::new(keys) }
    }

    /// A token for an account, good for [`LIFETIME_SECONDS`] from `now`.
    ///
    /// # Errors
    /// When signing fails, which for an HMAC it does not.
    pub fn issue(&self, account: &Account, now: Timestamp) -> Result<String, jsonwebtoken::errors::Error> {
        let iat = now.millis() / 1000;
        let claims = Claims {
            iss: ISSUER,
            sub: &account.id,
            name: account.display_name.as_deref(),
            iat,
            exp: iat + LIFETIME_SECONDS,
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.keys.0)
    }

    /// Whose token it is; that it is of [`ISSUER`] is known already.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<VerifiedToken, TokenError> {
        claims::verify(token, &self.keys.1, Algorithm::HS256, Rules::default(), now)
    }
}
