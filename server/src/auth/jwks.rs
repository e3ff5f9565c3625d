//! The keys of an issuer: fetched on demand, once for any number of concurrent requests, and cached.

use super::{
    identity::TokenError,
    issuer_client::{FetchError, IssuerClient},
};
use crate::config::OidcConfig;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, PublicKeyUse};
use serde::Deserialize;
use serde_json::Value;
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// The minimum time between fetches because of unknown keys (contract, REST 2.1).
const UNKNOWN_KEY_WAIT: Duration = Duration::from_secs(30);
/// The minimum time between fetches after a failure, so that requests do not queue up behind a slow issuer.
const FAILURE_WAIT: Duration = Duration::from_secs(1);
/// The same while stale keys can be used.
const STALE_FAILURE_WAIT: Duration = Duration::from_secs(30);
/// How long keys are used after their TTL while the issuer cannot be reached.
const MAX_STALE: Duration = Duration::from_secs(24 * 60 * 60);
/// The maximum number of keys of an issuer; further ones are ignored.
const MAX_KEYS: usize = 100;

/// The keys of one issuer.
pub(super) struct Keys {
    issuer: String,
    discovery_url: String,
    ttl: Duration,
    client: IssuerClient,
    cached: RwLock<Option<Arc<CachedKeys>>>,
    /// Held by the task that fetches the keys; other tasks wait for its result.
    fetching: Mutex<Fetching>,
}

struct CachedKeys {
    keys: Vec<Jwk>,
    since: Instant,
}

#[derive(Default)]
struct Fetching {
    jwks_uri: Option<(String, Instant)>,
    last_refetch: Option<Instant>,
    last_failure: Option<Instant>,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

impl Keys {
    pub(super) fn new(config: &OidcConfig) -> anyhow::Result<Self> {
        Ok(Self {
            issuer: config.issuer.clone(),
            discovery_url: config.discovery_url.clone(),
            ttl: config.keys_ttl,
            client: IssuerClient::new(config)?,
            cached: RwLock::default(),
            fetching: Mutex::default(),
        })
    }

    /// The key that a token's header names. Without a `kid` the issuer must have a single key.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] if the issuer has no such key, [`TokenError::Unavailable`] if it cannot be reached.
    pub(super) async fn find(&self, kid: Option<&str>) -> Result<Jwk, TokenError> {
        if let Some(key) = self.pick(kid, self.ttl) {
            return Ok(key);
        }
        let stale = self.pick(kid, self.ttl + MAX_STALE);
        let mut fetching = match &stale {
            None => self.fetching.lock().await,
            Some(key) => match self.fetching.try_lock() {
                Ok(fetching) => fetching,
                // Another task is fetching; a stale key suffices meanwhile.
                Err(_) => return Ok(key.clone()),
            },
        };
        // Another task may have fetched while this one waited.
        if let Some(key) = self.pick(kid, self.ttl) {
            return Ok(key);
        }
        let failure_wait = if stale.is_some() {
            STALE_FAILURE_WAIT
        } else {
            FAILURE_WAIT
        };
        if self.cached(self.ttl).is_some() {
            if fetching.last_refetch.is_some_and(|at| at.elapsed() < UNKNOWN_KEY_WAIT) {
                return Err(TokenError::Invalid("its key is not known"));
            }
            fetching.last_refetch = Some(Instant::now());
        } else if fetching.last_failure.is_some_and(|at| at.elapsed() < failure_wait) {
            return stale.ok_or(TokenError::Unavailable);
        }
        match self.fetch(&mut fetching).await {
            Ok(keys) => {
                fetching.last_failure = None;
                self.remember(keys);
                self.pick(kid, self.ttl)
                    .ok_or(TokenError::Invalid("its key is not known"))
            }
            Err(error) => {
                let stale_key = stale.is_some();
                tracing::warn!(%error, url = %self.discovery_url, stale_key, "the issuer's keys cannot be fetched");
                fetching.last_failure = Some(Instant::now());
                stale.ok_or(TokenError::Unavailable)
            }
        }
    }

    async fn fetch(&self, fetching: &mut Fetching) -> Result<Vec<Jwk>, FetchError> {
        // Cached only after it has led to keys: a wrong URL must be fetched again.
        let (uri, since) = match fetching.jwks_uri.take() {
            Some((uri, since)) if since.elapsed() < self.ttl => (uri, since),
            _ => {
                let discovery: Discovery = self.client.get(&self.discovery_url).await?;
                if discovery.issuer != self.issuer {
                    return Err(FetchError::Issuer(discovery.issuer));
                }
                (discovery.jwks_uri, Instant::now())
            }
        };
        let set: KeySet = self.client.get(&uri).await?;
        let published = set.keys.len();
        let keys: Vec<Jwk> = set.keys.into_iter().filter_map(usable).take(MAX_KEYS).collect();
        tracing::info!(keys = keys.len(), published, %uri, "fetched the issuer's keys");
        fetching.jwks_uri = Some((uri, since));
        Ok(keys)
    }

    /// The cached keys, if they are not older than `age`.
    fn cached(&self, age: Duration) -> Option<Arc<CachedKeys>> {
        // The lock only ever replaces whole values, so a panic leaves it consistent.
        let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner).clone();
        cached.filter(|cached| cached.since.elapsed() < age)
    }

    fn pick(&self, kid: Option<&str>, age: Duration) -> Option<Jwk> {
        let cached = self.cached(age)?;
        match kid {
            Some(kid) => cached
                .keys
                .iter()
                .find(|key| key.common.key_id.as_deref() == Some(kid))
                .cloned(),
            None if cached.keys.len() == 1 => cached.keys.first().cloned(),
            None => None,
        }
    }

    fn remember(&self, keys: Vec<Jwk>) {
        let cached = Arc::new(CachedKeys {
            keys,
            since: Instant::now(),
        });
        *self.cached.write().unwrap_or_else(PoisonError::into_inner) = Some(cached);
    }
}

/// Parses a key. Keys of unsupported types, for encryption, and symmetric keys (an HMAC with a published key proves
/// nothing) are skipped.
fn usable(key: Value) -> Option<Jwk> {
    let key: Jwk = serde_json::from_value(key).ok()?;
    let public = matches!(
        key.algorithm,
        AlgorithmParameters::RSA(_) | AlgorithmParameters::EllipticCurve(_) | AlgorithmParameters::OctetKeyPair(_)
    );
    let signs = !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
    (public && signs).then_some(key)
}
