//! An OIDC provider on loopback, with keys made for these tests.

use axum::{Json, Router, extract::State, http::StatusCode, response::Redirect, routing::get};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

/// A key that signs.
pub struct SigningKey {
    kid: &'static str,
    algorithm: Algorithm,
    encoding: EncodingKey,
}

impl SigningKey {
    pub fn rsa(kid: &'static str, algorithm: Algorithm) -> Self {
        Self {
            kid,
            algorithm,
            encoding: EncodingKey::from_rsa_pem(include_bytes!("../keys/rsa.pem")).unwrap(),
        }
    }

    pub fn other_rsa(kid: &'static str) -> Self {
        let encoding = EncodingKey::from_rsa_pem(include_bytes!("../keys/rsa-other.pem")).unwrap();
        Self {
            kid,
            algorithm: Algorithm::RS256,
            encoding,
        }
    }

    pub fn p256(kid: &'static str) -> Self {
        let encoding = EncodingKey::from_ec_pem(include_bytes!("../keys/p256.pem")).unwrap();
        Self {
            kid,
            algorithm: Algorithm::ES256,
            encoding,
        }
    }

    pub fn p384(kid: &'static str) -> Self {
        let encoding = EncodingKey::from_ec_pem(include_bytes!("../keys/p384.pem")).unwrap();
        Self {
            kid,
            algorithm: Algorithm::ES384,
            encoding,
        }
    }

    pub fn ed25519(kid: &'static str) -> Self {
        let encoding = EncodingKey::from_ed_pem(include_bytes!("../keys/ed25519.pem")).unwrap();
        Self {
            kid,
            algorithm: Algorithm::EdDSA,
            encoding,
        }
    }

    /// The public half, as it is published.
    pub fn jwk(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.encoding, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.kid.to_owned());
        json!(jwk)
    }

    /// A token with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with(self.header(), claims)
    }

    /// The header of its tokens.
    pub fn header(&self) -> Header {
        Header {
            kid: Some(self.kid.to_owned()),
            ..Header::new(self.algorithm)
        }
    }

    /// A token with another header.
    pub fn sign_with(&self, header: Header, claims: &Value) -> String {
        encode(&header, claims, &self.encoding).unwrap()
    }
}

/// The provider. Gone with the test's runtime.
pub struct Provider {
    /// Its `iss`.
    pub issuer: String,
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    discovery: Mutex<Value>,
    keys: Mutex<Vec<Value>>,
    down: AtomicBool,
    discoveries: AtomicUsize,
    key_fetches: AtomicUsize,
}

impl Provider {
    /// A provider that publishes these keys.
    pub async fn start(keys: &[&SigningKey]) -> Self {
        let inner = Arc::new(Inner::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/realm", listener.local_addr().unwrap());
        *inner.discovery.lock().unwrap() = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") });
        let router = Router::new()
            .route("/realm/.well-known/openid-configuration", get(discovery))
            .route("/realm/keys", get(jwks))
            .route("/realm/moved", get(async || Redirect::temporary("/realm/keys")))
            .with_state(inner.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let provider = Self { issuer, inner };
        provider.publish(keys);
        provider
    }

    /// Replaces the published keys.
    pub fn publish(&self, keys: &[&SigningKey]) {
        *self.inner.keys.lock().unwrap() = keys.iter().map(|key| key.jwk()).collect();
    }

    /// Publishes something else beside them.
    pub fn publish_raw(&self, key: Value) {
        self.inner.keys.lock().unwrap().push(key);
    }

    /// Replaces a member of the discovery document.
    pub fn discover(&self, member: &str, value: &str) {
        self.inner.discovery.lock().unwrap()[member] = json!(value);
    }

    /// Answers 500 from now on, or no longer.
    pub fn set_down(&self, down: bool) {
        self.inner.down.store(down, Ordering::SeqCst);
    }

    /// How often discovery and keys were fetched.
    pub fn fetches(&self) -> (usize, usize) {
        (
            self.inner.discoveries.load(Ordering::SeqCst),
            self.inner.key_fetches.load(Ordering::SeqCst),
        )
    }

    /// Good claims of somebody.
    pub fn claims(&self, sub: &str) -> Value {
        let now = server::clock::now().millis() / 1000;
        json!({ "iss": self.issuer, "aud": ["lockstep-web", "other"], "sub": sub, "iat": now, "exp": now + 300 })
    }
}

async fn discovery(State(inner): State<Arc<Inner>>) -> Result<Json<Value>, StatusCode> {
    inner.discoveries.fetch_add(1, Ordering::SeqCst);
    up(&inner)?;
    Ok(Json(inner.discovery.lock().unwrap().clone()))
}

async fn jwks(State(inner): State<Arc<Inner>>) -> Result<Json<Value>, StatusCode> {
    inner.key_fetches.fetch_add(1, Ordering::SeqCst);
    up(&inner)?;
    // Long enough for requests to meet.
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    Ok(Json(json!({ "keys": *inner.keys.lock().unwrap() })))
}

fn up(inner: &Inner) -> Result<(), StatusCode> {
    if inner.down.load(Ordering::SeqCst) {
        Err(StatusCode::INTERNAL_SERVER_ERROR)
    } else {
        Ok(())
    }
}
