//! The keys of an issuer: fetched when they are needed, once however many requests need them, and kept for a while.

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

/// An unknown key is looked for at most this often (contract, REST 2.1).
const UNKNOWN_KEY_WAIT: Duration = Duration::from_secs(30);
/// An issuer that did not answer is not asked again for this long, so that requests do not queue up behind it.
const FAILURE_WAIT: Duration = Duration::from_secs(1);
/// The same, where old keys serve meanwhile.
const STALE_FAILURE_WAIT: Duration = Duration::from_secs(30);
/// While the issuer does not answer, its keys are accepted for so long after their time.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);
/// The most keys of an issuer; further ones are ignored.
const MAX_KEYS: usize = 100;

/// The keys of one issuer.
pub(super) struct Keys {
    issuer: String,
    discovery_url: String,
    ttl: Duration,
    client: IssuerClient,
    known: RwLock<Option<Arc<Known>>>,
    /// Held by the task that fetches the keys; the others wait for its result.
    fetching: Mutex<Fetching>,
}

struct Known {
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
            known: RwLock::default(),
            fetching: Mutex::default(),
        })
    }

    /// The key that a token's header names. Without a `kid` it must be the only one.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] where the issuer has no such key, [`TokenError::Unavailable`] where it does not answer.
    pub(super) async fn find(&self, kid: Option<&str>) -> Result<Jwk, TokenError> {
        if let Some(key) = self.pick(kid, self.ttl) {
            return Ok(key);
        }
        let stale = self.pick(kid, self.ttl + STALE);
        let mut fetching = match &stale {
            None => self.fetching.lock().await,
            Some(key) => match self.fetching.try_lock() {
                Ok(fetching) => fetching,
                // Another request fetches; this one need not wait.
                Err(_) => return Ok(key.clone()),
            },
        };
        // Another request may have fetched while this one waited.
        if let Some(key) = self.pick(kid, self.ttl) {
            return Ok(key);
        }
        let failure_wait = if stale.is_some() {
            STALE_FAILURE_WAIT
        } else {
            FAILURE_WAIT
        };
        if self.known(self.ttl).is_some() {
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
        // Kept only once it has led to keys: an address that does not is asked for again.
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

    /// The keys, where they are not older than `age`.
    fn known(&self, age: Duration) -> Option<Arc<Known>> {
        // Only whole values are ever put in, so a panic elsewhere has spoiled nothing.
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.filter(|known| known.since.elapsed() < age)
    }

    fn pick(&self, kid: Option<&str>, age: Duration) -> Option<Jwk> {
        let known = self.known(age)?;
        match kid {
            Some(kid) => known
                .keys
                .iter()
                .find(|key| key.common.key_id.as_deref() == Some(kid))
                .cloned(),
            None if known.keys.len() == 1 => known.keys.first().cloned(),
            None => None,
        }
    }

    fn remember(&self, keys: Vec<Jwk>) {
        let known = Arc::new(Known {
            keys,
            since: Instant::now(),
        });
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }
}

/// Keys of kinds that are not known here, for encryption, or secret ones (an HMAC with a published key proves nothing)
/// are passed over.
fn usable(key: Value) -> Option<Jwk> {
    let key: Jwk = serde_json::from_value(key).ok()?;
    let public = matches!(
        key.algorithm,
        AlgorithmParameters::RSA(_) | AlgorithmParameters::EllipticCurve(_) | AlgorithmParameters::OctetKeyPair(_)
    );
    let signs = !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
    (public && signs).then_some(key)
}
