//! Fetches an issuer's documents, with bounds on time and size.

use crate::config::{OidcConfig, is_allowed_url};
use reqwest::{StatusCode, redirect::Policy};
use serde::de::DeserializeOwned;
use std::time::Duration;
use thiserror::Error;

/// Timeout for an answer, from the connection to the last byte.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// The maximum size of a document, in bytes. A hundred keys of 4,096 bits take about 80 KiB.
const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

/// Why a document cannot be used. The texts go to the log, and quote values from the issuer.
#[derive(Debug, Error)]
pub(super) enum FetchError {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// Any status but 200; a redirect is not followed.
    #[error("the answer has status {0}, only 200 is accepted and no redirect is followed")]
    Status(StatusCode),
    /// The document exceeds the maximum size.
    #[error("the answer has more than {MAX_DOCUMENT_BYTES} bytes")]
    TooLarge,
    /// Not the JSON that was expected.
    #[error("the answer is not the JSON of this document: {0}")]
    Json(#[from] serde_json::Error),
    /// The URL of the keys is not allowed.
    #[error("jwks_uri is {0:?}; it must be an https:// URL")]
    Address(String),
    /// The document belongs to another issuer (OpenID Connect Discovery, 4.3).
    #[error("the discovery document's issuer is {0:?}, not OIDC_ISSUER_URL")]
    Issuer(String),
}

/// A client for one issuer.
pub(super) struct IssuerClient {
    http: reqwest::Client,
    allow_loopback_http: bool,
}

impl IssuerClient {
    pub fn new(config: &OidcConfig) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(FETCH_TIMEOUT)
            .redirect(Policy::none())
            .build()?;
        Ok(Self {
            http,
            allow_loopback_http: config.allow_loopback_http,
        })
    }

    /// Fetches a document; reads at most [`MAX_DOCUMENT_BYTES`].
    pub async fn get<T: DeserializeOwned>(&self, url: &str) -> Result<T, FetchError> {
        if !is_allowed_url(url, self.allow_loopback_http) {
            return Err(FetchError::Address(url.to_owned()));
        }
        let mut response = self.http.get(url).send().await?;
        if response.status() != StatusCode::OK {
            return Err(FetchError::Status(response.status()));
        }
        let mut document = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if document.len() + chunk.len() > MAX_DOCUMENT_BYTES {
                return Err(FetchError::TooLarge);
            }
            document.extend_from_slice(&chunk);
        }
        Ok(serde_json::from_slice(&document)?)
    }
}
