//! No secret is in the log, at any level and in either format.

mod issuer;
mod secrets;
mod visit;

use crate::support::{Process, Provider, SigningKey};
use jsonwebtoken::Algorithm;
use secrets::Secrets;

#[tokio::test]
async fn no_secret_is_logged_at_trace_level() {
    assert_no_secret_is_logged("trace", "text").await;
}

#[tokio::test]
async fn no_secret_is_logged_as_json() {
    assert_no_secret_is_logged("trace", "json").await;
}

#[tokio::test]
async fn no_secret_is_logged_by_targets_that_are_enabled_by_name() {
    let named = "trace,hyper=trace,hyper_util=trace,tungstenite::protocol::frame=trace,tungstenite::protocol=trace,tower_http=trace,sqlx=trace";
    assert_no_secret_is_logged(named, "text").await;
}

#[tokio::test]
async fn no_token_of_an_issuer_is_logged() {
    let key = SigningKey::rsa("oidc", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    let server = Process::with([
        ("LOG_LEVEL", "trace"),
        ("OIDC_ENABLED", "true"),
        ("OIDC_ISSUER_URL", &provider.issuer),
        ("OIDC_AUDIENCE", "lockstep-web"),
    ])
    .await;
    let mut secrets = Secrets::default();
    issuer::visit(&server.address, &provider, &key, &mut secrets).await;
    let log = server.log();
    assert!(
        log.contains("fetched the issuer's keys"),
        "the expected log line is missing:\n{log}"
    );
    assert_no_leaks(&log, &secrets);
}

/// Runs everything that needs a secret, then searches the log.
async fn assert_no_secret_is_logged(level: &str, format: &str) {
    let server = Process::with([
        ("LOG_LEVEL", level),
        ("LOG_FORMAT", format),
        ("JWT_SECRET", visit::JWT_SECRET),
    ])
    .await;
    let mut secrets = Secrets::default();
    secrets.add(visit::JWT_SECRET);
    visit::accounts(&server.address, &mut secrets).await;
    visit::rest(&server.address, &mut secrets).await;
    visit::sockets(&server.address, &mut secrets).await;
    visit::pages(&server.address, &mut secrets).await;

    let log = server.log();
    assert!(log.contains("signed up"), "the expected log line is missing:\n{log}");
    assert_no_leaks(&log, &secrets);
}

fn assert_no_leaks(log: &str, secrets: &Secrets) {
    assert!(log.contains("TRACE"), "the level is not trace:\n{log}");
    let leaks: Vec<_> = log
        .lines()
        .filter_map(|line| Some((secrets.found_in(line)?, line)))
        .collect();
    assert!(
        leaks.is_empty(),
        "{} lines hold a secret, such as: {:#?}",
        leaks.len(),
        &leaks[..leaks.len().min(3)]
    );
}
