//! OIDC_…

use super::{ConfigError, Environment, Vars};
use std::time::Duration;
use url::{Host, Url};

/// The maximum length of an issuer, in bytes: it is part of a key in a table.
const ISSUER_BYTES: usize = 500;

/// An issuer whose tokens are accepted (contract, REST 2.1).
#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// OIDC_ISSUER_URL: the exact value of `iss`.
    pub issuer: String,
    /// OIDC_AUDIENCE: a value that `aud` must contain; `None` in development only: any audience, but no ID tokens.
    pub audience: Option<String>,
    /// OIDC_DISCOVERY_URL, or the issuer's well-known URL.
    pub discovery_url: String,
    /// OIDC_JWKS_CACHE_TTL_SECONDS: how long discovery and keys are cached.
    pub keys_ttl: Duration,
    /// Whether an issuer on this machine may do without TLS (in development).
    pub allow_loopback_http: bool,
}

pub(super) fn read(vars: &Vars, environment: Environment) -> Result<Option<OidcConfig>, ConfigError> {
    if !vars.boolean("OIDC_ENABLED", false)? {
        return Ok(None);
    }
    let allow_loopback_http = environment == Environment::Development;
    let allowed = "an https:// URL of at most 500 bytes, as in the tokens' iss (http:// in development, for 127.0.0.1)";
    let issuer = url(vars, "OIDC_ISSUER_URL", allowed, allow_loopback_http)?;
    let issuer = issuer.ok_or_else(|| ConfigError::unset("OIDC_ISSUER_URL", allowed))?;
    if issuer.len() > ISSUER_BYTES {
        return Err(ConfigError::new("OIDC_ISSUER_URL", issuer, allowed));
    }
    let audience = vars.text("OIDC_AUDIENCE");
    if audience.is_none() && environment != Environment::Development {
        return Err(ConfigError::unset(
            "OIDC_AUDIENCE",
            "what the tokens' aud must contain; it is required outside development, since otherwise the issuer's tokens \
             for any other application would be accepted",
        ));
    }
    let allowed = "an https:// URL (http:// in development, for 127.0.0.1)";
    let well_known = || format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    Ok(Some(OidcConfig {
        discovery_url: url(vars, "OIDC_DISCOVERY_URL", allowed, allow_loopback_http)?.unwrap_or_else(well_known),
        issuer,
        audience,
        keys_ttl: Duration::from_secs(vars.number("OIDC_JWKS_CACHE_TTL_SECONDS", 3_600, 1..=604_800)?),
        allow_loopback_http,
    }))
}

fn url(
    vars: &Vars,
    name: &'static str,
    allowed: &str,
    allow_loopback_http: bool,
) -> Result<Option<String>, ConfigError> {
    match vars.text(name) {
        Some(text) if !is_allowed_url(&text, allow_loopback_http) => Err(ConfigError::new(name, text, allowed)),
        other => Ok(other),
    }
}

/// Whether an issuer's documents may be fetched from a URL: over TLS, or from this machine if that is allowed.
pub fn is_allowed_url(text: &str, allow_loopback_http: bool) -> bool {
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    match url.scheme() {
        "https" => url.has_host(),
        "http" => allow_loopback_http && url.host().is_some_and(|host| is_loopback(&host)),
        _ => false,
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}
