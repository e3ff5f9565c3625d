//! Nobody's secret is in the log, however much is logged.

mod issuer;
mod secrets;
mod visit;

use crate::support::{Process, Provider, SigningKey};
use jsonwebtoken::Algorithm;
use secrets::Secrets;

#[tokio::test]
async fn no_secret_is_logged_at_the_finest_level() {
    nothing_leaks("trace", "text").await;
}

#[tokio::test]
async fn no_secret_is_logged_as_json() {
    nothing_leaks("trace", "json").await;
}

#[tokio::test]
async fn no_secret_is_logged_by_those_whose_targets_are_asked_for_by_name() {
    let named = "trace,hyper=trace,hyper_util=trace,tungstenite::protocol::frame=trace,tungstenite::protocol=trace,tower_http=trace,sqlx=trace";
    nothing_leaks(named, "text").await;
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
        "the log is not what it should be:\n{log}"
    );
    expect_none(&log, &secrets);
}

/// Does everything for which a secret is needed, then reads the log.
async fn nothing_leaks(level: &str, format: &str) {
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
    assert!(log.contains("signed up"), "the log is not what it should be:\n{log}");
    expect_none(&log, &secrets);
}

fn expect_none(log: &str, secrets: &Secrets) {
    assert!(log.contains("TRACE"), "this is not the finest level:\n{log}");
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
