//! The configuration: environment variables (and a `.env`), checked at start-up (DESIGN.md, "Configuration").

mod database;
mod jwt_secret;
mod limits;
mod nats;
mod oidc;
mod origins;
mod quotas;
mod security_contact;
mod vars;

pub use database::DatabaseUrl;
pub use jwt_secret::JwtSecret;
pub use limits::{LimitsConfig, Quota};
pub use nats::NatsServers;
pub use oidc::{OidcConfig, is_allowed_url};
pub use quotas::QuotasConfig;
pub use security_contact::SecurityContacts;
pub use vars::{ConfigError, Vars};

use crate::{auth::refresh_cookie::RefreshCookie, client_address::TrustedProxies};
use protocol::rest::account::SignUps;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// All settings of the operator.
#[derive(Clone, Debug)]
pub struct Config {
    /// ENVIRONMENT
    pub environment: Environment,
    /// HOST: a host name or an address.
    pub host: String,
    /// PORT: 0 chooses a free one.
    pub port: u16,
    /// DATABASE_URL
    pub database: DatabaseUrl,
    /// TRUSTED_PROXIES: peers whose `Forwarded` and `X-Forwarded-For` are used.
    pub trusted_proxies: TrustedProxies,
    /// NATS_URL: the bus between nodes; `None` for a single node.
    pub nats: Option<NatsServers>,
    /// JWT_SECRET; `None`: generated and stored beside the database (development only).
    pub jwt_secret: Option<JwtSecret>,
    /// JWT_SECRET_PREVIOUS: the secret before a rotation. It only verifies.
    pub jwt_secret_previous: Option<JwtSecret>,
    /// METRICS_TOKEN: the bearer token for `GET /metrics`; without it the route exists in development only.
    pub metrics_token: Option<MetricsToken>,
    /// ACCOUNTS_ENABLED: built-in sign-up and sign-in.
    pub accounts_enabled: bool,
    /// SIGNUPS: whether accounts can be created.
    pub sign_ups: SignUps,
    /// OIDC_…: the issuer whose tokens are accepted, if any.
    pub oidc: Option<OidcConfig>,
    /// CORS_ALLOWED_ORIGINS: origins whose pages may use the API, besides the server's own.
    pub allowed_origins: Vec<String>,
    /// SECURITY_CONTACT: for `/.well-known/security.txt`.
    pub security_contacts: Option<SecurityContacts>,
    /// RATE_LIMIT_… and WS_…_WINDOW, WS_…_MAX.
    pub limits: LimitsConfig,
    /// QUOTA_…: how much data one user may store.
    pub quotas: QuotasConfig,
    /// MAX_CONNECTIONS: open connections, including WebSockets.
    pub max_connections: usize,
    /// MAX_CONNECTIONS_PER_ADDRESS: the same for one IPv4 address or IPv6 /64 that is not a trusted proxy.
    pub max_connections_per_address: usize,
    /// WS_…
    pub websocket: WebSocketConfig,
    /// LOG_LEVEL: a tracing filter.
    pub log_filter: String,
    /// LOG_FORMAT
    pub log_format: LogFormat,
}

/// The kind of deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    Development,
    Staging,
    Production,
}

/// The log's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    /// One JSON object a line.
    Json,
}

/// The settings of all WebSockets.
#[derive(Clone, Debug)]
pub struct WebSocketConfig {
    /// WS_HEARTBEAT_SECONDS, WS_MAX_MESSAGE_BYTES, WS_COMPRESSION, WS_COMPRESSION_THRESHOLD and WS_OUTBOX_MESSAGES.
    pub options: hub::Options,
    /// WS_DRAIN_SECONDS: the time over which a drain spreads its closes.
    pub drain: Duration,
}

/// METRICS_TOKEN; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct MetricsToken(String);

impl MetricsToken {
    /// Whether `given` is the token. Hashes are compared, so that the time reveals nothing about the token.
    pub fn is(&self, given: &str) -> bool {
        Sha256::digest(&self.0) == Sha256::digest(given)
    }
}

impl std::fmt::Debug for MetricsToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MetricsToken(***)")
    }
}

impl Config {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// [`ConfigError`]: one line that names the variable, the value and what is allowed.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_vars(&Vars::process())
    }

    /// Reads from the given variables.
    ///
    /// # Errors
    /// [`ConfigError`], as [`Self::from_env`].
    pub fn from_vars(vars: &Vars) -> Result<Self, ConfigError> {
        let environment = vars.one_of(
            "ENVIRONMENT",
            Environment::Development,
            &[
                ("development", Environment::Development),
                ("staging", Environment::Staging),
                ("production", Environment::Production),
            ],
        )?;
        let database = database::read(vars)?;
        Ok(Self {
            environment,
            host: vars.text("HOST").unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: vars.number("PORT", 2614, 0..=u16::MAX)?,
            trusted_proxies: trusted_proxies(vars)?,
            nats: nats::read(vars, &database)?,
            database,
            jwt_secret: jwt_secret::read(vars, environment)?,
            jwt_secret_previous: jwt_secret::previous(vars)?,
            metrics_token: vars.secret("METRICS_TOKEN")?.map(MetricsToken),
            accounts_enabled: vars.boolean("ACCOUNTS_ENABLED", true)?,
            sign_ups: vars.one_of(
                "SIGNUPS",
                SignUps::Open,
                &[
                    ("open", SignUps::Open),
                    ("invite", SignUps::Invite),
                    ("closed", SignUps::Closed),
                ],
            )?,
            oidc: oidc::read(vars, environment)?,
            allowed_origins: origins::read(vars)?,
            security_contacts: security_contact::read(vars)?,
            limits: limits::read(vars)?,
            quotas: quotas::read(vars)?,
            max_connections: vars.number("MAX_CONNECTIONS", 10_000, 1..=1_000_000)?,
            max_connections_per_address: vars.number("MAX_CONNECTIONS_PER_ADDRESS", 1_000, 1..=1_000_000)?,
            websocket: WebSocketConfig {
                options: websocket_options(vars)?,
                drain: Duration::from_secs(vars.number("WS_DRAIN_SECONDS", 0, 0..=600)?),
            },
            log_filter: vars.log_filter("LOG_LEVEL")?,
            log_format: vars.one_of(
                "LOG_FORMAT",
                LogFormat::Text,
                &[("text", LogFormat::Text), ("json", LogFormat::Json)],
            )?,
        })
    }
}

impl Config {
    /// Whether cookies are restricted to HTTPS: everywhere but in development.
    pub fn secure_cookies(&self) -> bool {
        self.environment != Environment::Development
    }

    pub fn refresh_cookie(&self) -> RefreshCookie {
        RefreshCookie::new(self.secure_cookies())
    }
}

fn trusted_proxies(vars: &Vars) -> Result<TrustedProxies, ConfigError> {
    let entries = vars.list("TRUSTED_PROXIES");
    TrustedProxies::parse(&entries).map_err(|entry| {
        let allowed = "addresses and CIDRs with commas between, such as 127.0.0.1, 10.0.0.0/8, ::1, fd00::/8";
        ConfigError::new("TRUSTED_PROXIES", entry, allowed)
    })
}

fn websocket_options(vars: &Vars) -> Result<hub::Options, ConfigError> {
    let compression = vars.boolean("WS_COMPRESSION", true)?;
    // Below the size of a frame's header and a deflate block, compression saves nothing.
    let threshold = vars.number("WS_COMPRESSION_THRESHOLD", 1_024, 16..=16 * 1_024 * 1_024)?;
    let heartbeat = vars.number("WS_HEARTBEAT_SECONDS", 30, 1..=3_600)?;
    Ok(hub::Options {
        heartbeat: Some(Duration::from_secs(heartbeat)),
        compression_threshold: compression.then_some(threshold),
        max_message_bytes: vars.number("WS_MAX_MESSAGE_BYTES", 65_536, 1_024..=16 * 1_024 * 1_024)?,
        outbox_messages: vars.number("WS_OUTBOX_MESSAGES", 256, 8..=65_536)?,
        // Headers are a few KiB, and nothing reads them after authentication.
        keep_requests: false,
        ..hub::Options::default()
    })
}

#[cfg(test)]
mod tests;
