//! Arbitrary REST input is answered, and never with a 5xx.

use crate::support::{TestServer, User, answer, create};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

fn patch(user: &User, path: &str, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
    let request = user.request(Method::PATCH, path);
    request
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .body(body)
}

#[tokio::test]
async fn malformed_and_unusual_bodies_are_answered_with_422_or_accepted() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let timer = ada.connect().live().await.change(create("Write")).await;
    let path = format!("/v1/timers/{}", timer.id);
    let deep = format!("{}{}", r#"{"x":"#.repeat(20_000), "}".repeat(20_000));
    for body in [
        &b"{\"title\":\"\\ud800\"}"[..],
        b"{\"title\":\"\xff\"}",
        b"{\"title\":1e999}",
        b"{\"title\":\"a\\u0000b\"}",
        b"{\"title\":\"a\" \"b\"}",
        b"\xef\xbb\xbf{}",
        b"\0",
        b"NaN",
        deep.as_bytes(),
        b"{\"title\":18446744073709551616}",
        b"{\"todo_id\":-0.0}",
        b"{\"tag_ids\":{}}",
    ] {
        let (status, answer) = answer(patch(&ada, &path, body.to_vec())).await;
        let start = String::from_utf8_lossy(&body[..body.len().min(40)]);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{start}");
        assert_eq!(answer["detail"][0]["loc"][0], "body", "{start}");
    }
    assert_eq!(ada.get(&path).await.1["title"], "Write");

    for (body, title) in [
        (r#"{"title":"one","title":"two"}"#, "two"),
        (
            r#"{"title":"\ud83d\ude00","huge":123456789012345678901234567890}"#,
            "😀",
        ),
    ] {
        assert_eq!(answer(patch(&ada, &path, body)).await.0, StatusCode::OK, "{body}");
        assert_eq!(ada.get(&path).await.1["title"], title);
    }
    let too_large = patch(&ada, &path, format!(r#"{{"x":"{}"}}"#, "x".repeat(300 * 1024)));
    assert_eq!(answer(too_large).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn malformed_queries_are_refused_and_unusual_ones_accepted() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let get = async |query: &str| ada.get(&format!("/v1/timers?{query}")).await.0.as_u16();
    for text in ["true", "FALSE", "1", "0", "Yes", "no", "on", "OFF", "t", "F", "y", "N"] {
        assert_eq!(
            get(&format!("include_todo={text}&include_schedule={text}")).await,
            200,
            "{text}"
        );
    }
    for mode in ["none", "timer_only", "inherit_from_schedule"] {
        assert_eq!(get(&format!("tag_include_mode={mode}")).await, 200, "{mode}");
    }
    for query in [
        "include_todo=2",
        "include_todo=",
        "include_schedule=%00",
        "tag_include_mode=ALL",
        "tag_include_mode=None",
        "tag_include_mode=",
        "scope=MINE",
        "scope=",
        "start_date=",
        "end_date=%ff",
        "start_date=2026-01-01T00:00:00+09:00",
        "start_date=99999999999999999999-01-01",
        "end_date=1e300",
        "start_date=-1e300",
        "start_date=0000-12-31",
    ] {
        assert_eq!(get(query).await, 422, "{query}");
    }
    for query in [
        "",
        "&&&=",
        "%",
        "%zz=%zz",
        "%ff=%ff",
        "unknown=1",
        "timezone=",
        "timezone=utc",
        "timezone=%2B09",
        "type=%00",
        "status=%00",
        "type=none",
        "status=",
        "start_date=0",
        "start_date=0001-01-01&end_date=9999-12-31T23:59:59-23:59",
        "start_date=2026-01-01T00:00:00%2B0900",
        "scope=all",
        "scope=mine&scope=shared",
    ] {
        assert_eq!(get(query).await, 200, "{query}");
    }
    for zone in ["Z", "asia/seoul", "%2B25:00", "%00", "+09:00", "%ff"] {
        assert_eq!(get(&format!("timezone={zone}")).await, 400, "{zone}");
    }
}

#[tokio::test]
async fn date_bounds_include_the_whole_displayed_second() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let timer = ada.connect().live().await.change(create("Write")).await;
    let start = ada.get("/v1/timers/active?timezone=Asia/Seoul").await.1["started_at"].clone();
    let start = start.as_str().unwrap().replace('+', "%2B");
    let exact = timer.started_at.websocket(None);
    let count = async |query: String| {
        ada.get(&format!("/v1/timers?{query}"))
            .await
            .1
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count(format!("start_date={start}&end_date={start}")).await, 1);
    assert_eq!(count(format!("start_date={exact}&end_date={exact}Z")).await, 1);
    let seconds = timer.started_at.millis() / 1000;
    assert_eq!(count(format!("end_date={}", seconds - 1)).await, 0);
    assert_eq!(count(format!("start_date={}", seconds + 1)).await, 0);
    assert_eq!(
        count(format!("status=completed&start_date={start}")).await,
        0,
        "filters combine"
    );
    assert_eq!(
        count("status=completed&status=rUnNiNg&type=independent".to_owned()).await,
        1
    );
}

#[tokio::test]
async fn malformed_paths_and_wrong_methods_are_answered_in_json() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    for id in [
        "%ff",
        "%00",
        "a.b%2fc",
        "%F0%9F%98%80",
        "00000000",
        "019a0000-0000-7000-8000-00000000000g",
    ] {
        let path = format!("/v1/timers/{id}");
        for method in [Method::GET, Method::DELETE] {
            let (status, body) = answer(ada.request(method, &path)).await;
            assert_eq!(
                (status.as_u16(), &body["detail"][0]["loc"]),
                (422, &json!(["path", "timer_id"])),
                "{id}"
            );
        }
        assert_eq!(answer(patch(&ada, &path, "{}")).await.0, 422, "{id}");
    }
    assert_eq!(ada.get("/v1/timers/019A0000-0000-7000-8000-000000000000").await.0, 404);
    for path in [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/nothing/",
        "/v1/timers/a/b",
        "/v1//timers",
        "/v1/%ff",
    ] {
        assert_eq!(
            ada.get(path).await,
            (StatusCode::NOT_FOUND, json!({ "detail": "Not Found" })),
            "{path}"
        );
    }
    for (method, path, allowed) in [
        (Method::POST, "/v1/timers", "GET"),
        (Method::PUT, "/v1/timers", "DELETE"),
        (Method::POST, "/v1/timers/active", "GET"),
        (Method::PATCH, "/v1/timers/active", "GET"),
        (Method::PUT, "/v1/timers/019a0000-0000-7000-8000-000000000000", "PATCH"),
        (Method::POST, "/v1/timers/7", "DELETE"),
        (Method::GET, "/v1/auth/sign-in", "POST"),
        (Method::POST, "/health", "GET"),
    ] {
        let response = ada.request(method.clone(), path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        let allow = response.headers()[header::ALLOW].to_str().unwrap().to_owned();
        assert!(allow.contains(allowed), "{method} {path}: {allow}");
        assert_eq!(
            response.json::<Value>().await.unwrap(),
            json!({ "detail": "Method Not Allowed" })
        );
    }
}

#[tokio::test]
async fn malformed_http_requests_are_not_answered_with_5xx() {
    let server = TestServer::start().await;
    for line in [
        &b"GET /v1/timers/\xff\xfe HTTP/1.1"[..],
        b"GET /v1/timers/?x=\xff HTTP/1.1",
        b"GET //v1/timers/ HTTP/1.1",
        b"GET /v1/timers/%zz/ HTTP/1.1",
        b"PATCH * HTTP/1.1",
        b"BREW /v1/timers HTTP/1.1",
    ] {
        let mut socket = TcpStream::connect(&server.address).await.unwrap();
        let request = [line, b"\r\nHost: x\r\nConnection: close\r\n\r\n"].concat();
        socket.write_all(&request).await.unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.unwrap();
        let status = String::from_utf8_lossy(&answer[..12.min(answer.len())]).into_owned();
        assert!(
            status.starts_with("HTTP/1.1 ") && !status.starts_with("HTTP/1.1 5"),
            "{line:?}: {status}"
        );
    }
}
