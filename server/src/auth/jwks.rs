//! The keys of an issuer: fetched when they are needed, believed for a while, fetched once however many need them.

use super::identity::TokenError;
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
/// How long the issuer may take for an answer.
const FETCH_WAIT: Duration = Duration::from_secs(5);

/// The keys of one issuer.
pub(super) struct Keys {
    discovery_url: String,
    ttl: Duration,
    http: reqwest::Client,
    known: RwLock<Option<Arc<Known>>>,
    /// Held by whoever fetches; the others wait for what they bring.
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
    jwks_uri: String,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

impl Keys {
    pub(super) fn new(config: &OidcConfig) -> anyhow::Result<Self> {
        Ok(Self {
            discovery_url: config.discovery_url.clone(),
            ttl: config.keys_ttl,
            http: reqwest::Client::builder().timeout(FETCH_WAIT).build()?,
            known: RwLock::default(),
            fetching: Mutex::default(),
        })
    }

    /// The key that a token's header names. Without a `kid` it must be the only one.
    pub(super) async fn find(&self, kid: Option<&str>) -> Result<Jwk, TokenError> {
        if let Some(known) = self.fresh()
            && let Some(key) = pick(&known.keys, kid)
        {
            return Ok(key);
        }
        let mut fetching = self.fetching.lock().await;
        // Somebody else may have fetched while this one waited.
        if let Some(known) = self.fresh() {
            if let Some(key) = pick(&known.keys, kid) {
                return Ok(key);
            }
            if fetching.last_refetch.is_some_and(|at| at.elapsed() < UNKNOWN_KEY_WAIT) {
                return Err(TokenError::Invalid("its key is not known"));
            }
            fetching.last_refetch = Some(Instant::now());
        } else if fetching.last_failure.is_some_and(|at| at.elapsed() < FAILURE_WAIT) {
            return Err(TokenError::Unavailable);
        }
        match self.fetch(&mut fetching).await {
            Ok(keys) => {
                fetching.last_failure = None;
                let key = pick(&keys, kid);
                self.remember(keys);
                key.ok_or(TokenError::Invalid("its key is not known"))
            }
            Err(error) => {
                tracing::warn!(%error, url = %self.discovery_url, "the issuer's keys cannot be fetched");
                fetching.last_failure = Some(Instant::now());
                Err(TokenError::Unavailable)
            }
        }
    }

    async fn fetch(&self, fetching: &mut Fetching) -> Result<Vec<Jwk>, reqwest::Error> {
        let uri = match &fetching.jwks_uri {
            Some((uri, since)) if since.elapsed() < self.ttl => uri.clone(),
            _ => {
                let discovery: Discovery = self.get(&self.discovery_url).await?;
                fetching.jwks_uri = Some((discovery.jwks_uri.clone(), Instant::now()));
                discovery.jwks_uri
            }
        };
        let set: KeySet = self.get(&uri).await?;
        let keys: Vec<Jwk> = set.keys.into_iter().filter_map(usable).collect();
        tracing::info!(keys = keys.len(), %uri, "fetched the issuer's keys");
        Ok(keys)
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, url: &str) -> Result<T, reqwest::Error> {
        self.http.get(url).send().await?.error_for_status()?.json().await
    }

    fn fresh(&self) -> Option<Arc<Known>> {
        // Only whole values are ever put in, so a panic elsewhere has spoiled nothing.
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.filter(|known| known.since.elapsed() < self.ttl)
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

fn pick(keys: &[Jwk], kid: Option<&str>) -> Option<Jwk> {
    match kid {
        Some(kid) => keys
            .iter()
            .find(|key| key.common.key_id.as_deref() == Some(kid))
            .cloned(),
        None if keys.len() == 1 => keys.first().cloned(),
        None => None,
    }
}
