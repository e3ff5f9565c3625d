//! Which handshakes are accepted, how others are refused, and the options of a connection.

use crate::support::TestServer;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message};

#[tokio::test]
async fn token_is_accepted_as_a_subprotocol_and_echoed_only_if_it_is_the_only_one() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let client = ada.connect().live().await;
    let selected = format!("authorization.bearer.{}", ada.grant.access_token);
    assert_eq!(client.handshake.headers()["sec-websocket-protocol"], selected);

    let client = ada.connect().protocol("lockstep.v1").live().await;
    assert_eq!(client.handshake.headers()["sec-websocket-protocol"], "lockstep.v1");
}

#[tokio::test]
async fn invalid_token_is_upgraded_then_closed_with_1008_and_a_reason() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (head, _) = ada.grant.access_token.rsplit_once('.').unwrap();
    for (connect, part) in [
        (server.connect(), "no token"),
        (server.connect().token("nonsense"), "not a JWT"),
        (
            server.connect().token(&format!("{head}.{}", "A".repeat(43))),
            "signature",
        ),
        (
            server.connect().query(&format!("token={}", ada.grant.access_token)),
            "no token",
        ),
    ] {
        let mut client = connect.open().await.unwrap();
        let (code, reason) = client.closed().await;
        assert_eq!(code, 1008, "{reason}");
        assert!(reason.contains(part), "{reason}");
    }
}

#[tokio::test]
async fn foreign_origin_is_refused_before_the_upgrade() {
    let server = TestServer::with([("CORS_ALLOWED_ORIGINS", "https://friend.example, ws://desk.example:8080")]).await;
    let ada = server.user("ada").await;
    let own = format!("http://{}", server.address);
    for origin in [own.as_str(), "https://friend.example", "http://desk.example:8080"] {
        ada.connect().origin(origin).live().await;
    }
    for origin in ["https://evil.example", "http://friend.example", "null"] {
        match ada.connect().origin(origin).open().await {
            Err(Error::Http(response)) => assert_eq!(response.status(), 403, "{origin}"),
            other => panic!("{origin}: {:?}", other.map(|_| "opened")),
        }
    }
}

#[tokio::test]
async fn invalid_timezone_is_ignored() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let mut client = ada.connect().query("timezone=Mars/Olympus").open().await.unwrap();
    let timestamp = client.next_json().await["timestamp"].as_str().unwrap().to_owned();
    assert!(!timestamp.contains(['+', 'Z']), "{timestamp}");
    let mut client = ada
        .connect()
        .query("timezone=%2B09:00&dialect=camel")
        .open()
        .await
        .unwrap();
    let connected = client.next_json().await;
    assert!(
        connected["timestamp"].as_str().unwrap().ends_with("+09:00"),
        "{connected}"
    );
    assert!(connected["payload"]["userId"].is_string(), "{connected}");
}

#[tokio::test]
async fn connection_without_a_dialect_follows_its_client_to_camel_case() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let text = |json: Value| Message::text(json.to_string());
    let create = |member: &str| text(json!({ "type": "timer.create", "payload": { member: 60 } }));
    // A connection that names a dialect keeps it, whatever its client sends.
    let mut fixed = ada
        .connect()
        .query("dialect=snake&timezone=Asia/Seoul")
        .open()
        .await
        .unwrap();
    let mut free = ada.connect().query("timezone=Asia/Seoul").open().await.unwrap();
    for client in [&mut fixed, &mut free] {
        assert!(
            client.next_json().await["payload"]["user_id"].is_string(),
            "snake_case at first"
        );
        assert_eq!(client.next_json().await["type"], "timer.sync_result");
    }
    free.send_raw(create("allocated_duration")).await;
    assert_eq!(free.next_json().await["payload"]["timer"]["allocated_duration"], 60);
    fixed.next_json().await;
    fixed.send_raw(create("allocatedDuration")).await;
    assert_eq!(fixed.next_json().await["payload"]["timer"]["allocated_duration"], 60);
    assert_eq!(free.next_json().await["payload"]["timer"]["allocated_duration"], 60);

    free.send_raw(create("allocatedDuration")).await;
    let created = free.next_json().await;
    assert_eq!(
        created["payload"]["timer"]["allocatedDuration"], 60,
        "the answer as well"
    );
    assert!(
        created["timestamp"].as_str().unwrap().ends_with("+09:00"),
        "in its zone: {created}"
    );
    let id = &created["payload"]["timer"]["id"];
    assert_eq!(fixed.next_json().await["payload"]["timer"]["allocated_duration"], 60);
    // The switch is permanent: it also holds for messages without any camelCase member.
    let stop = text(json!({ "type": "timer.stop", "payload": { "timer_id": id } }));
    free.send_raw(stop.clone()).await;
    assert_eq!(free.next_json().await["type"], "timer.completed");
    assert_eq!(fixed.next_json().await["type"], "timer.updated");
    free.send_raw(stop).await;
    assert_eq!(free.next_json().await["payload"]["code"], "TIMER_ALREADY_COMPLETED");
}
