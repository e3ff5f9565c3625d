//! Verifies tokens of an OIDC issuer (contract, REST 2).

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

/// The accepted algorithms besides [`es512`]: asymmetric ones only. Never `none`, and never an HMAC, whose key would be
/// public.
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
    /// Prepares the issuer as configured. Nothing is fetched before the first token.
    ///
    /// # Errors
    /// When the HTTP client cannot be created.
    pub fn new(config: &OidcConfig) -> anyhow::Result<Self> {
        Ok(Self {
            issuer: config.issuer.as_str().into(),
            audience: config.audience.clone(),
            keys: Keys::new(config)?,
        })
    }

    /// The required value of `iss`.
    pub fn issuer(&self) -> &Arc<str> {
        &self.issuer
    }

    /// Without a configured audience ID tokens are refused, since their audience does not distinguish them from access
    /// tokens.
    fn rules(&self) -> Rules<'_> {
        Rules {
            audience: self.audience.as_deref(),
            refuse_id_tokens: self.audience.is_none(),
        }
    }

    /// Verifies a token of this issuer; the caller has checked `iss`.
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

/// Whether a key may be used with an algorithm: a key that names its algorithm is for no other.
fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    key.common
        .key_algorithm
        .is_none_or(|named| named == KeyAlgorithm::from(algorithm))
}
