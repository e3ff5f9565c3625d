//! Tokens of an OIDC issuer (contract, REST 2).

use super::{
    claims::{self, Rules},
    es512,
    header::Header,
    identity::{TokenError, VerifiedToken},
    jwks::Keys,
};
use crate::{clock, config::OidcConfig};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{Jwk, KeyAlgorithm},
};
use std::sync::Arc;

/// What an issuer may sign with, besides [`es512`]: public keys only. Never `none`, and never an HMAC, whose key would be
/// the published one.
const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// An issuer whose tokens are accepted.
pub struct Oidc {
    issuer: Arc<str>,
    audience: Option<String>,
    keys: Keys,
}

impl Oidc {
    /// As configured. Nothing is fetched before the first token.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(config: &OidcConfig) -> anyhow::Result<Self> {
        Ok(Self {
            issuer: config.issuer.as_str().into(),
            audience: config.audience.clone(),
            keys: Keys::new(config)?,
        })
    }

    /// What `iss` must equal.
    pub fn issuer(&self) -> &Arc<str> {
        &self.issuer
    }

    /// Without an audience a token for this server cannot be distinguished from an ID token for some application.
    fn rules(&self) -> Rules<'_> {
        Rules {
            audience: self.audience.as_deref(),
            refuse_id_tokens: self.audience.is_none(),
        }
    }

    /// Whose token it is; that it names this issuer is known already.
    ///
    /// # Errors
    /// [`TokenError`]; [`TokenError::Unavailable`] when the keys cannot be fetched.
    pub(super) async fn verify(&self, token: &str, header: &Header) -> Result<VerifiedToken, TokenError> {
        let algorithm = header
            .alg
            .parse()
            .ok()
            .filter(|algorithm| ALGORITHMS.contains(algorithm));
        if algorithm.is_none() && header.alg != es512::NAME {
            return Err(TokenError::Invalid("its algorithm is not accepted"));
        }
        let key = self.keys.find(header.kid.as_deref()).await?;
        let Some(algorithm) = algorithm else {
            return es512::verify(token, &key, self.rules(), clock::now());
        };
        if !is_for(&key, algorithm) {
            return Err(TokenError::Invalid("its algorithm is not the key's"));
        }
        let decoding = DecodingKey::from_jwk(&key).map_err(|_| TokenError::Invalid("its key cannot be used"))?;
        claims::verify(token, &decoding, algorithm, self.rules(), clock::now())
    }
}

/// A key that names its algorithm is for no other.
fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    key.common
        .key_algorithm
        .is_none_or(|named| named == KeyAlgorithm::from(algorithm))
}
