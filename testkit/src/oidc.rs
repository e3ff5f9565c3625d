//! An OIDC provider on loopback, and its keys.

mod keys;
pub mod p521;

pub use keys::SigningKey;

use axum::{Json, Router, extract::State, http::StatusCode, response::Redirect, routing::get};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// The provider. It ends with the test's runtime.
pub struct Provider {
    /// The issuer (`iss`).
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
    /// Starts a provider that publishes these keys.
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

    /// Publishes another JSON value as well.
    pub fn publish_raw(&self, key: Value) {
        self.inner.keys.lock().unwrap().push(key);
    }

    /// Replaces a member of the discovery document.
    pub fn discover(&self, member: &str, value: &str) {
        self.inner.discovery.lock().unwrap()[member] = json!(value);
    }

    /// Makes it answer 500 from now on, or stop doing so.
    pub fn set_down(&self, down: bool) {
        self.inner.down.store(down, Ordering::SeqCst);
    }

    /// The number of fetches of discovery and keys.
    pub fn fetches(&self) -> (usize, usize) {
        (
            self.inner.discoveries.load(Ordering::SeqCst),
            self.inner.key_fetches.load(Ordering::SeqCst),
        )
    }

    /// Valid claims of a subject, for five minutes.
    pub fn claims(&self, sub: &str) -> Value {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
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
    // Long enough for concurrent requests to overlap.
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
