//! The client's address behind a trusted proxy (TRUSTED_PROXIES).

use crate::support::{Process, TestServer};
use reqwest::{Method, StatusCode};
use serde_json::json;

/// More failures than any limit per address allows.
const MANY: usize = 250;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failed_sign_ins_behind_a_trusted_proxy_delay_their_own_client_only() {
    let server = TestServer::with([("TRUSTED_PROXIES", "127.0.0.0/8, ::1")]).await;
    server.user("ada").await;
    let sign_in = async |client: &str, email: &str, password: &str| {
        let request = server
            .request(Method::POST, "/v1/auth/sign-in")
            .header("x-forwarded-for", client)
            .json(&json!({ "email": email, "password": password }));
        request.send().await.unwrap().status()
    };
    let mut guesses = 0;
    // Entries that the client writes to the left of its address do not matter.
    while sign_in(
        &format!("198.51.100.{guesses}, 203.0.113.9"),
        &format!("{guesses}@example.com"),
        "wrong guess",
    )
    .await
        != StatusCode::TOO_MANY_REQUESTS
    {
        guesses += 1;
        assert!(guesses < MANY, "the client is never delayed");
    }
    let ada = async |client: &str| sign_in(client, "ada@example.com", "correct horse").await;
    assert_eq!(ada("203.0.113.10").await, StatusCode::OK);
    assert_eq!(ada("2001:db8::1").await, StatusCode::OK);
    assert_eq!(ada("203.0.113.9").await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn log_has_the_client_named_by_a_trusted_proxy_or_else_the_peer() {
    let get = async |process: &Process, header: &str, value: &str| {
        let request = reqwest::Client::new().get(format!("http://{}/v1/nothing", process.address));
        let response = request.header(header, value).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    };
    let trusting = Process::with([("LOG_LEVEL", "debug"), ("TRUSTED_PROXIES", "127.0.0.1")]).await;
    get(
        &trusting,
        "forwarded",
        "for=6.6.6.6, for=\"[2001:db8::7]:4711\";proto=https",
    )
    .await;
    get(&trusting, "x-forwarded-for", "203.0.113.9").await;
    get(&trusting, "x-forwarded-for", "203.0.113.9, _hidden").await;
    let log = trusting.log();
    for client in ["client=2001:db8::7", "client=203.0.113.9", "client=127.0.0.1"] {
        assert!(log.contains(client), "{client}: {log}");
    }
    assert!(!log.contains("6.6.6.6"), "{log}");

    let cautious = Process::with([("LOG_LEVEL", "debug")]).await;
    get(&cautious, "x-forwarded-for", "203.0.113.9").await;
    let log = cautious.log();
    assert!(
        log.contains("client=127.0.0.1") && !log.contains("203.0.113.9"),
        "{log}"
    );
}
