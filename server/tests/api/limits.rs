//! Rate limits and connection limits of one user.

use crate::support::{
    TestServer, create,
    raw::{
        RawSocket,
        first::{FIN, PING, TEXT},
    },
};
use protocol::timers::{Body, Command, ErrorCode};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn request_over_the_limit_is_answered_with_429_and_retry_after() {
    let server = TestServer::with([("RATE_LIMIT_DEFAULT_REQUESTS", "3")]).await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let header = |response: &reqwest::Response, name: &str| -> u64 {
        response.headers()[name].to_str().unwrap().parse().unwrap()
    };
    for left in [2, 1, 0] {
        let response = ada.request(Method::GET, "/v1/timers").send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(
            (
                header(&response, "x-ratelimit-limit"),
                header(&response, "x-ratelimit-remaining")
            ),
            (3, left)
        );
        assert!(header(&response, "x-ratelimit-reset") > 1_700_000_000);
    }
    let refused = ada.request(Method::GET, "/v1/timers").send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!((1..=60).contains(&header(&refused, "retry-after")));
    assert_eq!(header(&refused, "x-ratelimit-remaining"), 0);
    assert_eq!(
        refused.json::<Value>().await.unwrap(),
        json!({ "detail": "Rate limit exceeded" })
    );
    assert_eq!(eve.get("/v1/timers").await.0, StatusCode::OK, "limits are per user");
    let health = server.request(Method::GET, "/health").send().await.unwrap();
    assert_eq!(
        header(&health, "x-ratelimit-remaining"),
        3,
        "every answer has the headers"
    );
}

#[tokio::test]
async fn connection_over_the_rate_limit_is_closed_with_4029() {
    let server = TestServer::with([("WS_CONNECT_MAX", "2")]).await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let _open = (ada.connect().live().await, ada.connect().live().await);
    assert_eq!(ada.connect().open().await.unwrap().closed().await.0, 4029);
    eve.connect().live().await;
}

#[tokio::test]
async fn message_limit_counts_all_of_a_users_connections() {
    let server = TestServer::with([("WS_MESSAGE_MAX", "4"), ("WS_MESSAGE_WINDOW", "30")]).await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let (mut phone, mut desk) = (ada.connect().live().await, ada.connect().live().await);
    for client in [&mut phone, &mut desk] {
        client.is_silent().await;
        client.is_silent().await;
    }
    desk.send_with_id(Some("late"), create("Too much")).await;
    let refused = desk.next().await;
    assert_eq!(refused.reply_to.as_deref(), Some("late"));
    let Body::Error(error) = refused.body else {
        panic!("not refused")
    };
    assert_eq!(error.code, ErrorCode::RateLimitExceeded);
    assert!((1..=30).contains(&error.retry_after.unwrap()), "{error:?}");
    eve.connect().live().await.is_silent().await;
    assert_eq!(ada.get("/v1/timers").await.1, json!([]), "nothing was stored");
}

#[tokio::test]
async fn message_is_allowed_again_after_retry_after() {
    let server = TestServer::with([("WS_MESSAGE_MAX", "2"), ("WS_MESSAGE_WINDOW", "1")]).await;
    let mut client = server.user("ada").await.connect().live().await;
    client.is_silent().await;
    client.is_silent().await;
    client.send(Command::Ping).await;
    let Body::Error(error) = client.next().await.body else {
        panic!("not refused")
    };
    // The server named this wait.
    tokio::time::sleep(std::time::Duration::from_secs(error.retry_after.unwrap())).await;
    client.is_silent().await;
}

#[tokio::test]
async fn disabled_limits_refuse_nothing() {
    let off = [
        ("WS_RATE_LIMIT_ENABLED", "false"),
        ("RATE_LIMIT_ENABLED", "false"),
        ("WS_MESSAGE_MAX", "1"),
    ];
    let server = TestServer::with(off).await;
    let ada = server.user("ada").await;
    for _ in 0..12 {
        let mut client = ada.connect().live().await;
        client.is_silent().await;
        client.is_silent().await;
    }
    let response = ada.request(Method::GET, "/v1/timers").send().await.unwrap();
    assert!(response.headers().get("x-ratelimit-limit").is_none());
}

#[tokio::test]
async fn connection_is_closed_with_1008_after_100_refusals() {
    let server = TestServer::with([("WS_MESSAGE_MAX", "3"), ("WS_MESSAGE_WINDOW", "600")]).await;
    let ada = server.user("ada").await;
    let mut desk = ada.connect().live().await;
    let mut phone = ada.connect().live().await;
    for _ in 0..3 {
        desk.is_silent().await;
    }
    // The server may close before the last of them is sent.
    for _ in 0..200 {
        desk.offer(r#"{"type":"ping"}"#.to_owned()).await;
    }
    let mut refusals = 0;
    let closed = loop {
        match desk.next_or_close().await {
            Ok(text) => {
                assert!(text.contains("RATE_LIMIT_EXCEEDED"), "{text}");
                refusals += 1;
            }
            Err(code) => break code,
        }
    };
    assert_eq!((refusals, closed), (100, Some(1008)));
    phone.send_with_id(Some("mine"), Command::Ping).await;
    assert_eq!(
        phone.next().await.reply_to.as_deref(),
        Some("mine"),
        "other connections stay open"
    );
}

#[tokio::test]
async fn long_message_over_the_limit_is_refused_without_being_parsed() {
    let server = TestServer::with([("WS_MESSAGE_MAX", "1")]).await;
    let mut desk = server.user("ada").await.connect().live().await;
    desk.is_silent().await;
    let long = json!({ "type": "ping", "id": "long", "unknown": "x".repeat(60_000) });
    for text in [long.to_string(), "[".repeat(60_000)] {
        assert!(desk.offer(text).await);
        let refused = desk.next().await;
        assert_eq!(refused.reply_to, None);
        assert!(matches!(refused.body, Body::Error(error) if error.code == ErrorCode::RateLimitExceeded));
    }
}

#[tokio::test]
async fn ping_flood_is_closed_with_1008() {
    let server = TestServer::with([("WS_CONTROL_MAX", "10")]).await;
    let ada = server.user("ada").await;
    let mut socket = RawSocket::open(&server.address, &ada.grant.access_token).await;
    for _ in 0..10 {
        socket.frame(FIN | PING, b"?").await;
    }
    socket.frame(FIN | TEXT, br#"{"type":"ping","id":"alive"}"#).await;
    loop {
        let (_, payload) = socket.next().await.expect("the answer to the message");
        if String::from_utf8_lossy(&payload).contains("alive") {
            break;
        }
    }
    for _ in 0..1_000 {
        socket.frame(FIN | PING, b"?").await;
    }
    assert_eq!(socket.closed().await, 1008);
}

#[tokio::test]
async fn connection_over_the_open_limit_is_closed_with_4029_until_another_ends() {
    let server = TestServer::with([("WS_MAX_CONNECTIONS_PER_USER", "2"), ("WS_CONNECT_MAX", "1000")]).await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let (first, mut second) = (ada.connect().live().await, ada.connect().live().await);
    let (code, reason) = ada.connect().open().await.unwrap().closed().await;
    assert_eq!(code, 4029);
    assert!(reason.contains("too many open connections"), "{reason}");
    second.is_silent().await;
    eve.connect().live().await;
    first.leave().await;
    // The server acknowledges the close before it releases the connection's slot.
    let start = std::time::Instant::now();
    while let Err(code) = ada.connect().open().await.unwrap().next_or_close().await {
        assert_eq!(code, Some(4029));
        assert!(start.elapsed() < crate::support::PATIENCE, "the slot is never released");
    }
}
