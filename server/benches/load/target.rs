//! The server under load: the release binary, an issuer for its tokens, and its memory.

#[path = "../../tests/api/support/database.rs"]
mod database;
#[path = "../../tests/api/support/process.rs"]
#[allow(dead_code)]
mod process;
#[path = "../../tests/api/support/provider.rs"]
#[allow(dead_code)]
mod provider;
#[path = "../../tests/api/support/raw.rs"]
#[allow(dead_code)]
pub mod raw;

/// As in the tests: nothing takes longer, unless something is wrong.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

use jsonwebtoken::Algorithm;
use process::Process;
use provider::{Provider, SigningKey};

/// A running server that takes RS256 tokens.
pub struct Target {
    pub address: String,
    process: Process,
    provider: Provider,
    key: SigningKey,
}

impl Target {
    pub async fn start() -> Self {
        Self::with([]).await
    }

    /// The same, with further variables.
    pub async fn with<const N: usize>(extra: [(&str, &str); N]) -> Self {
        let key = SigningKey::rsa("bench", Algorithm::RS256);
        let provider = Provider::start(&[&key]).await;
        let site_root = std::env::var("LEPTOS_SITE_ROOT").unwrap_or_default();
        let vars = [
            ("LOG_LEVEL", "error"),
            ("OIDC_ENABLED", "true"),
            ("OIDC_ISSUER_URL", &provider.issuer),
            ("RATE_LIMIT_ENABLED", "false"),
            ("WS_RATE_LIMIT_ENABLED", "false"),
            ("LEPTOS_SITE_ROOT", &site_root),
        ];
        let process = Process::with(vars.into_iter().chain(extra)).await;
        Self {
            address: process.address.clone(),
            process,
            provider,
            key,
        }
    }

    /// A token of a user, for five minutes.
    pub fn token(&self, user: &str) -> String {
        self.key.sign(&self.provider.claims(user))
    }

    /// A token of a user that lives so long.
    pub fn token_for(&self, user: &str, life: std::time::Duration) -> String {
        let mut claims = self.provider.claims(user);
        let issued = claims["iat"].as_u64().expect("iat");
        claims["exp"] = (issued + life.as_secs()).into();
        self.key.sign(&claims)
    }

    /// What the server wrote to its log.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Resident memory, in KiB.
    pub fn rss_kib(&self) -> f64 {
        self.process.resident_bytes() as f64 / 1024.0
    }
}
