//! What no client should send: it gets the right close code or error, nothing is stored, and nobody else notices.

use crate::support::{
    Client, TestServer, User,
    raw::{RawSocket, first::*},
};
use protocol::wire::{Body, Command, SyncScope};
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

/// Sends a text in both dialects; each answers with its own code, and lives on. Returns the answers' payloads.
async fn refused(clients: &mut [Client; 2], text: &str, (code, reason): (&str, &str)) -> [Value; 2] {
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

/// Nothing was stored of all that, no event was made, and nothing more is to come.
async fn nothing_happened(server: &TestServer, user: &User, clients: &mut [Client; 2]) {
    for client in clients {
        client.send_raw(Message::text(r#"{"type":"ping","id":"last"}"#)).await;
        assert_eq!(client.next_json().await["type"], "pong");
    }
    let mut client = user.connect().open().await.unwrap();
    assert!(matches!(client.next().await.body, Body::Connected { seq: 0, .. }));
    client.next().await;
    client.send(Command::Sync(SyncScope::All)).await;
    assert_eq!(client.next().await.body, Body::Sync { timers: vec![] });
    assert_eq!(user.get("/v1/timers").await.1, json!([]));
    let health = server.request(reqwest::Method::GET, "/health").send().await.unwrap();
    assert!(health.status().is_success());
}

#[tokio::test]
async fn frames_that_break_the_protocol_end_the_connection_with_its_code() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut witness = ada.connect().live().await;
    let ping = br#"{"type":"ping"}"#;
    let long_header = [
        FIN | TEXT,
        0x80 | 127,
        0x7f,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0,
        0,
        0,
        0,
    ];
    let cases: [(&str, u16, &[(u8, &[u8])]); 14] = [
        ("invalid UTF-8", 1007, &[(FIN | TEXT, b"\xff\xfe")]),
        ("UTF-8 that is cut short", 1007, &[(FIN | TEXT, b"\"\xf0\x9f\x9a")]),
        ("a surrogate in UTF-8", 1007, &[(FIN | TEXT, b"\xed\xa0\x80")]),
        ("overlong UTF-8", 1007, &[(FIN | TEXT, b"\xc0\xaf")]),
        (
            "invalid UTF-8 in a fragment",
            1007,
            &[(TEXT, b"\"ok"), (FIN | CONTINUATION, b"\xff")],
        ),
        ("a binary message", 1003, &[(FIN | 0x2, ping)]),
        ("an empty binary message", 1003, &[(FIN | 0x2, b"")]),
        ("a reserved bit", 1002, &[(FIN | RESERVED_1 | TEXT, ping)]),
        ("an unknown data opcode", 1002, &[(FIN | 0x3, ping)]),
        ("an unknown control opcode", 1002, &[(FIN | 0xb, b"")]),
        ("a continuation of nothing", 1002, &[(FIN | CONTINUATION, ping)]),
        ("a message within another", 1002, &[(TEXT, b"{"), (FIN | TEXT, ping)]),
        ("a control frame in fragments", 1002, &[(PING, b"x")]),
        ("a control frame that is too long", 1002, &[(FIN | PING, &[b'x'; 126])]),
    ];
    for (what, code, frames) in cases {
        let mut socket = RawSocket::open(&server.address, &ada.grant.access_token).await;
        for (first, payload) in frames {
            socket.frame(*first, payload).await;
        }
        assert_eq!(socket.closed().await, code, "{what}");
    }
    let mut socket = RawSocket::open(&server.address, &ada.grant.access_token).await;
    socket.bytes(&long_header).await;
    assert_eq!(socket.closed().await, 1009, "a frame that announces 2^63 bytes");
    let mut socket = RawSocket::open(&server.address, &ada.grant.access_token).await;
    socket
        .bytes(&[&[FIN | TEXT, ping.len() as u8], ping.as_slice()].concat())
        .await;
    assert_eq!(socket.closed().await, 1002, "a frame without a mask");
    witness.is_silent().await;
}

#[tokio::test]
async fn a_message_may_have_so_many_bytes_in_however_many_fragments() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let limit = 65_536;
    for size in [limit, limit + 1] {
        let mut socket = RawSocket::open(&server.address, &ada.grant.access_token).await;
        let mut text = br#"{"type":"ping"}"#.to_vec();
        text.resize(size, b' ');
        let (last, fragments) = text.split_last().unwrap();
        for (index, fragment) in fragments.chunks(10_000).enumerate() {
            socket
                .frame(if index == 0 { TEXT } else { CONTINUATION }, fragment)
                .await;
        }
        socket.frame(FIN | CONTINUATION, &[*last]).await;
        // The one of the allowed size is answered; then it is ended for something else.
        socket.frame(FIN | 0x2, b"").await;
        assert_eq!(
            socket.closed().await,
            if size > limit { 1009 } else { 1003 },
            "{size} bytes"
        );
    }
    let mut socket = RawSocket::open(&server.address, &ada.grant.access_token).await;
    socket.frame(FIN | TEXT, &vec![b' '; limit + 1]).await;
    assert_eq!(socket.closed().await, 1009);
    let mut client = ada.connect().live().await;
    client.send_raw(Message::text("x".repeat(limit + 1))).await;
    assert_eq!(client.closed().await.0, 1009);
}

#[tokio::test]
async fn json_of_every_other_shape_is_refused_and_stores_nothing() {
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
        refused(&mut clients, &shape, INVALID).await;
    }
    let huge = format!(r#"{{"type":"{}"}}"#, "ä".repeat(500_000));
    refused(&mut clients, &huge, ("UNKNOWN_TYPE", "UNKNOWN_TYPE")).await;
    // Members that nobody knows do no harm, however many.
    let unknown: String = (0..50_000).map(|n| format!(r#""k{n}":[{n},{{}}],"#)).collect();
    for client in &mut clients {
        client
            .send_raw(Message::text(format!(r#"{{{unknown}"type":"ping","id":"many"}}"#)))
            .await;
        assert_eq!(client.next_json().await["type"], "pong");
    }
    nothing_happened(&server, &ada, &mut clients).await;
}

#[tokio::test]
async fn values_that_are_none_are_refused_and_store_nothing() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut clients = both_dialects(&ada).await;
    let too_long = "x".repeat(501);
    for (payload, expected) in [
        (r#"{"allocated_duration":0}"#, REFUSED),
        (r#"{"allocated_duration":-0}"#, INVALID),
        (r#"{"allocated_duration":-1}"#, REFUSED),
        (r#"{"allocatedDuration":315360001}"#, REFUSED),
        (r#"{"allocated_duration":9223372036854775807}"#, REFUSED),
        (r#"{"allocated_duration":-9223372036854775808}"#, REFUSED),
        (r#"{"allocated_duration":9223372036854775808}"#, INVALID),
        (r#"{"allocated_duration":1e400}"#, INVALID),
        (r#"{"allocated_duration":1e3}"#, INVALID),
        (r#"{"allocated_duration":60.0}"#, INVALID),
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
        // Of members that come twice, the last counts.
        (r#"{"allocated_duration":60,"allocated_duration":0}"#, REFUSED),
    ] {
        refused(
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
            refused(&mut clients, &text, INVALID).await;
        }
    }
    nothing_happened(&server, &ada, &mut clients).await;
}

#[tokio::test]
async fn an_id_has_64_characters_at_most() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut clients = both_dialects(&ada).await;
    for id in ["x".repeat(65), "é".repeat(65), String::new()] {
        refused(&mut clients, &json!({ "type": "ping", "id": id }).to_string(), INVALID).await;
    }
    for id in [json!(7), json!([]), json!({}), json!(true)] {
        refused(&mut clients, &json!({ "type": "ping", "id": id }).to_string(), INVALID).await;
    }
    for id in ["x".repeat(64), "🌍".repeat(64), "a\u{0}b".to_owned()] {
        for (client, key) in clients.iter_mut().zip(["reply_to", "replyTo"]) {
            client
                .send_raw(Message::text(json!({ "type": "ping", "id": id }).to_string()))
                .await;
            assert_eq!(client.next_json().await[key], id);
        }
    }
    nothing_happened(&server, &ada, &mut clients).await;
}

#[tokio::test]
async fn texts_come_back_as_they_were_sent() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let [mut snake, mut camel] = both_dialects(&ada).await;
    for title in [
        "a\u{0}b",
        "\u{0}",
        "🌍\u{202e}\u{feff}",
        "<script>&\"'\\",
        "\r\n\t\u{7f}\u{85}\u{2028}",
        "",
        " x ",
        "\u{10ffff}",
    ] {
        let create = json!({ "type": "timer.create", "payload": { "allocated_duration": 9, "title": title, "description": title } });
        snake.send_raw(Message::text(create.to_string())).await;
        let heard = snake.next_json().await["payload"]["timer"].take();
        assert_eq!((&heard["title"], &heard["description"]), (&json!(title), &json!(title)));
        assert_eq!(camel.next_json().await["payload"]["timer"]["title"], title);
        let path = format!("/v1/timers/{}", heard["id"].as_str().unwrap());
        assert_eq!(ada.get(&path).await.1["title"], title);
    }
    let longest = "🌍".repeat(500);
    snake
        .send_raw(Message::text(
            json!({ "type": "timer.create", "payload": { "allocatedDuration": 315_360_000, "title": longest } })
                .to_string(),
        ))
        .await;
    assert_eq!(snake.next_json().await["payload"]["timer"]["title"], longest);
}
