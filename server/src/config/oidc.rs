//! OIDC_…

use super::{ConfigError, Vars};
use std::time::Duration;

/// An issuer whose tokens are accepted (contract, REST 2.1).
#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// OIDC_ISSUER_URL: what `iss` must equal, to the letter.
    pub issuer: String,
    /// OIDC_AUDIENCE: what `aud` must contain; `None`: anything.
    pub audience: Option<String>,
    /// OIDC_DISCOVERY_URL, or the issuer's well-known one.
    pub discovery_url: String,
    /// OIDC_JWKS_CACHE_TTL_SECONDS: how long discovery and keys are believed.
    pub keys_ttl: Duration,
}

pub(super) fn read(vars: &Vars) -> Result<Option<OidcConfig>, ConfigError> {
    if !vars.boolean("OIDC_ENABLED", false)? {
        return Ok(None);
    }
    let allowed = "an https:// or http:// URL, as in the tokens' iss";
    let issuer = url(vars, "OIDC_ISSUER_URL", allowed)?;
    let issuer = issuer.ok_or_else(|| ConfigError::unset("OIDC_ISSUER_URL", allowed))?;
    let well_known = || format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    Ok(Some(OidcConfig {
        discovery_url: url(vars, "OIDC_DISCOVERY_URL", "an https:// or http:// URL")?.unwrap_or_else(well_known),
        issuer,
        audience: vars.text("OIDC_AUDIENCE"),
        keys_ttl: Duration::from_secs(vars.number("OIDC_JWKS_CACHE_TTL_SECONDS", 3_600, 1..=604_800)?),
    }))
}

fn url(vars: &Vars, name: &'static str, allowed: &str) -> Result<Option<String>, ConfigError> {
    let is_url = |text: &String| text.starts_with("https://") || text.starts_with("http://");
    match vars.text(name) {
        Some(text) if !is_url(&text) => Err(ConfigError::new(name, text, allowed)),
        other => Ok(other),
    }
}
