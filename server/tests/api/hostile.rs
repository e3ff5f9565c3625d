//! Invalid messages: each is answered with its error in both dialects, the connection stays open, and nothing is stored.

use crate::support::{Client, TestServer, User};
use protocol::timers::{Body, Command, SyncScope};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const INVALID: (&str, &str) = ("INVALID_MESSAGE", "INVALID_MESSAGE");
const REFUSED: (&str, &str) = ("CREATE_FAILED", "VALIDATION_ERROR");

/// A user's two connections, one in each dialect.
async fn both_dialects(user: &User) -> [Client; 2] {
    let mut clients = Vec::new();
    for dialect in ["snake", "camel"] {
        let mut client = user
            .connect()
            .query(&format!("dialect={dialect}"))
            .open()
            .await
            .unwrap();
        client.next_json().await;
        client.next_json().await;
        clients.push(client);
    }
    clients.try_into().ok().unwrap()
}

/// Sends a text in both dialects and asserts each one's error code. Returns the payloads of the answers.
async fn assert_refused(clients: &mut [Client; 2], text: &str, (code, reason): (&str, &str)) -> [Value; 2] {
    let mut payloads = [Value::Null, Value::Null];
    for (index, client) in clients.iter_mut().enumerate() {
        client.send_raw(Message::text(text)).await;
        let mut answer = client.next_json().await;
        let shown: String = text.chars().take(120).collect();
        assert_eq!(answer["type"], "error", "{shown}: {answer}");
        let payload = answer["payload"].take();
        assert_eq!(payload["code"], [code, reason][index], "{shown}: {payload}");
        assert_eq!(payload["details"]["reason"], reason, "{shown}: {payload}");
        assert!(payload["message"].as_str().unwrap().len() < 500, "{shown}: {payload}");
        payloads[index] = payload;
    }
    payloads
}

/// Asserts that nothing was stored, no event was published, and no further message is on its way.
async fn assert_no_effect(server: &TestServer, user: &User, clients: &mut [Client; 2]) {
    for client in clients {
        client.send_raw(Message::text(r#"{"type":"ping","id":"last"}"#)).await;
        assert_eq!(client.next_json().await["type"], "pong");
    }
    let mut client = user.connect().open().await.unwrap();
    assert!(matches!(client.next().await.body, Body::Connected { seq: 0, .. }));
    client.next().await;
    client.send(Command::sync(SyncScope::All)).await;
    assert_eq!(
        client.next().await.body,
        Body::Sync {
            timers: vec![],
            next: None,
        }
    );
    assert_eq!(user.get("/v1/timers").await.1, json!([]));
    let health = server.request(reqwest::Method::GET, "/health").send().await.unwrap();
    assert!(health.status().is_success());
}

#[tokio::test]
async fn json_of_a_wrong_shape_is_refused_and_stores_nothing() {
    let server = TestServer::with([
        ("RATE_LIMIT_ENABLED", "false"),
        ("WS_RATE_LIMIT_ENABLED", "false"),
        ("WS_MAX_MESSAGE_BYTES", "1048576"),
    ])
    .await;
    let ada = server.user("ada").await;
    let mut clients = both_dialects(&ada).await;
    let deep = 100_000;
    let shapes = [
        String::new(),
        "\u{feff}{\"type\":\"ping\"}".to_owned(),
        "[]".to_owned(),
        r#"[{"type":"ping"}]"#.to_owned(),
        "\"ping\"".to_owned(),
        "7".to_owned(),
        r#"{"type":"ping"}{"type":"ping"}"#.to_owned(),
        r#"{"type":["ping"]}"#.to_owned(),
        r#"{"type":"ping","payload":[]}"#.to_owned(),
        r#"{"type":"ping","payload":"{}"}"#.to_owned(),
        "[".repeat(deep),
        format!("{}{}", "[".repeat(deep), "]".repeat(deep)),
        r#"{"payload":"#.repeat(deep / 2),
        format!(
            r#"{{"type":"ping","payload":{}1{}}}"#,
            r#"{"a":"#.repeat(deep),
            "}".repeat(deep)
        ),
        format!("[{}0]", "0,".repeat(500_000)),
        format!(r#"{{"type":{}}}"#, "9".repeat(1_000_000)),
    ];
    for shape in shapes {
        assert_refused(&mut clients, &shape, INVALID).await;
    }
    let huge = format!(r#"{{"type":"{}"}}"#, "ä".repeat(500_000));
    assert_refused(&mut clients, &huge, ("UNKNOWN_TYPE", "UNKNOWN_TYPE")).await;
    // Unknown members are ignored, however many there are.
    let unknown: String = (0..50_000).map(|n| format!(r#""k{n}":[{n},{{}}],"#)).collect();
    for client in &mut clients {
        client
            .send_raw(Message::text(format!(r#"{{{unknown}"type":"ping","id":"many"}}"#)))
            .await;
        assert_eq!(client.next_json().await["type"], "pong");
    }
    assert_no_effect(&server, &ada, &mut clients).await;
}

#[tokio::test]
async fn invalid_values_are_refused_and_store_nothing() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut clients = both_dialects(&ada).await;
    let too_long = "x".repeat(501);
    for (payload, expected) in [
        (r#"{"allocated_duration":0}"#, REFUSED),
        (r#"{"allocated_duration":-0}"#, REFUSED),
        (r#"{"allocated_duration":-1}"#, REFUSED),
        (r#"{"allocatedDuration":315360001}"#, REFUSED),
        (r#"{"allocated_duration":9223372036854775807}"#, REFUSED),
        (r#"{"allocated_duration":-9223372036854775808}"#, REFUSED),
        (r#"{"allocated_duration":9223372036854775808}"#, INVALID),
        (r#"{"allocated_duration":1e400}"#, INVALID),
        (r#"{"allocated_duration":59.9}"#, INVALID),
        (r#"{"allocated_duration":"60"}"#, INVALID),
        (r#"{"allocated_duration":true}"#, INVALID),
        (r#"{"allocated_duration":[60]}"#, INVALID),
        (r#"{"allocated_duration":null}"#, INVALID),
        (r#"{"allocated_duration":NaN}"#, INVALID),
        (r#"{"allocated_duration":0x10}"#, INVALID),
        (r#"{}"#, INVALID),
        (r#"{"allocated_duration":9,"title":7}"#, INVALID),
        (r#"{"allocated_duration":9,"title":"\ud800"}"#, INVALID),
        (r#"{"allocated_duration":9,"title":"\udc00\ud800"}"#, INVALID),
        (r#"{"allocated_duration":9,"description":["x"]}"#, INVALID),
        (r#"{"allocated_duration":9,"schedule_id":"not-a-uuid"}"#, INVALID),
        (
            r#"{"allocated_duration":9,"todoId":"019a0000-0000-7000-8000-00000000000g"}"#,
            INVALID,
        ),
        (
            r#"{"allocated_duration":9,"tag_ids":"019a0000-0000-7000-8000-000000000000"}"#,
            INVALID,
        ),
        (r#"{"allocated_duration":9,"tagIds":[null]}"#, INVALID),
        (&format!(r#"{{"allocated_duration":9,"title":"{too_long}"}}"#), REFUSED),
        // Of duplicate members, the last one counts.
        (r#"{"allocated_duration":60,"allocated_duration":0}"#, REFUSED),
    ] {
        assert_refused(
            &mut clients,
            &format!(r#"{{"type":"timer.create","payload":{payload}}}"#),
            expected,
        )
        .await;
    }
    for id in [
        "",
        "7",
        "not-a-uuid",
        "019a0000-0000-7000-8000-0000000000000",
        "{}",
        "\\u0000",
        "' OR 1=1 --",
    ] {
        for kind in [
            "timer.pause",
            "timer.resume",
            "timer.stop",
            "timer.cancel",
            "timer.sync",
        ] {
            let text = format!(r#"{{"type":"{kind}","payload":{{"timer_id":"{id}"}}}}"#);
            assert_refused(&mut clients, &text, INVALID).await;
        }
    }
    assert_no_effect(&server, &ada, &mut clients).await;
}

#[tokio::test]
async fn message_id_has_at_most_64_characters() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut clients = both_dialects(&ada).await;
    for id in ["x".repeat(65), "é".repeat(65), String::new(), "a\u{0}b".to_owned()] {
        assert_refused(&mut clients, &json!({ "type": "ping", "id": id }).to_string(), INVALID).await;
    }
    for id in [json!(7), json!([]), json!({}), json!(true)] {
        assert_refused(&mut clients, &json!({ "type": "ping", "id": id }).to_string(), INVALID).await;
    }
    for id in ["x".repeat(64), "🌍".repeat(64), "a\u{1}b".to_owned()] {
        for (client, key) in clients.iter_mut().zip(["reply_to", "replyTo"]) {
            client
                .send_raw(Message::text(json!({ "type": "ping", "id": id }).to_string()))
                .await;
            assert_eq!(client.next_json().await[key], id);
        }
    }
    assert_no_effect(&server, &ada, &mut clients).await;
}

#[tokio::test]
async fn texts_are_stored_and_returned_unchanged() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let [mut snake, mut camel] = both_dialects(&ada).await;
    for title in [
        "\u{1}",
        "🌍\u{202e}\u{feff}",
        "<script>&\"'\\",
        "\r\n\t\u{7f}\u{85}\u{2028}",
        "",
        " x ",
        "\u{10ffff}",
    ] {
        let create = json!({ "type": "timer.create", "payload": { "allocated_duration": 9, "title": title, "description": title } });
        snake.send_raw(Message::text(create.to_string())).await;
        let created = snake.next_json().await["payload"]["timer"].take();
        assert_eq!(
            (&created["title"], &created["description"]),
            (&json!(title), &json!(title))
        );
        assert_eq!(camel.next_json().await["payload"]["timer"]["title"], title);
        let path = format!("/v1/timers/{}", created["id"].as_str().unwrap());
        assert_eq!(ada.get(&path).await.1["title"], title);
    }
    let nul = json!({ "type": "timer.create", "payload": { "allocated_duration": 9, "title": "a\0b" } });
    snake.send_raw(Message::text(nul.to_string())).await;
    let refused = snake.next_json().await;
    assert_eq!(refused["payload"]["details"]["reason"], "VALIDATION_ERROR", "{refused}");
    let longest = "🌍".repeat(500);
    snake
        .send_raw(Message::text(
            json!({ "type": "timer.create", "payload": { "allocatedDuration": 315_360_000, "title": longest } })
                .to_string(),
        ))
        .await;
    assert_eq!(snake.next_json().await["payload"]["timer"]["title"], longest);
}
