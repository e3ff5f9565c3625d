//! Clients that use every endpoint which takes a secret, with valid and invalid ones, and record all secrets.

use super::secrets::{Secrets, percent_encode};
use crate::support::{Connect, User, create, sign_up};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use protocol::timers::{Body, Command, Secret};
use reqwest::{Client, Method, StatusCode, header};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{
    Error, Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

pub const JWT_SECRET: &str = "the-key-of-this-test-which-nobody-may-read";
/// Has characters that each encoding writes differently.
const PASSWORD: &str = "pass wörd+&%\"secret";
const WRONG_PASSWORD: &str = "wrong wörd+&%\"guess";

/// Sign-up, sign-in, sign-out and refresh, successful and failing.
pub async fn accounts(address: &str, secrets: &mut Secrets) {
    secrets.add(PASSWORD);
    secrets.add(WRONG_PASSWORD);
    let http = Client::new();
    let post = async |path: &str, cookie: &str, body: Value| {
        let request = http.post(format!("http://{address}/v1/auth/{path}"));
        request.header(header::COOKIE, cookie).json(&body).send().await.unwrap()
    };
    let account = json!({ "email": "mallory@example.com", "password": PASSWORD });
    let wrong = json!({ "email": "mallory@example.com", "password": WRONG_PASSWORD });
    for (path, body, status) in [
        ("sign-up", &account, StatusCode::CREATED),
        ("sign-up", &account, StatusCode::CONFLICT),
        ("sign-in", &wrong, StatusCode::UNAUTHORIZED),
        (
            "sign-in",
            &json!({ "email": "x", "password": [WRONG_PASSWORD] }),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("sign-in", &account, StatusCode::OK),
    ] {
        let response = post(path, "", body.clone()).await;
        assert_eq!(response.status(), status, "{path}");
        record(response, secrets).await;
    }
    let mut cookie = record(post("sign-in", "", account).await, secrets).await;
    cookie = record(post("refresh", &cookie, json!({})).await, secrets).await;
    assert!(!cookie.is_empty(), "refreshed");
    post("sign-out", &cookie, json!({})).await;
    assert_eq!(
        post("refresh", &cookie, json!({})).await.status(),
        StatusCode::UNAUTHORIZED
    );
    secrets.add("a-made-up-refresh-token");
    post("refresh", "lockstep_refresh=a-made-up-refresh-token", json!({})).await;
}

/// Adds the tokens of an answer; returns the cookie as a client sends it back, or an empty string.
async fn record(response: reqwest::Response, secrets: &mut Secrets) -> String {
    let mut cookies = response.headers().get_all(header::SET_COOKIE).iter();
    let pair = cookies
        .next_back()
        .and_then(|cookie| cookie.to_str().ok()?.split(';').next())
        .unwrap_or_default()
        .to_owned();
    if let Some((_, token)) = pair.split_once('=').filter(|(_, token)| !token.is_empty()) {
        secrets.add(token);
    }
    let body: Value = response.json().await.unwrap_or_default();
    if let Some(token) = body["access_token"].as_str() {
        secrets.add_token(token);
    }
    pair
}

/// REST with valid and invalid tokens, in the header and elsewhere.
pub async fn rest(address: &str, secrets: &mut Secrets) {
    let user = new_user(address, "rest", secrets).await;
    assert_eq!(user.get("/v1/timers").await.0, StatusCode::OK);
    let http = Client::new();
    let valid = user.grant.access_token.clone();
    let in_query = format!("http://{address}/v1/timers?token={valid}&access_token={valid}");
    assert_eq!(
        http.get(in_query).send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
    for invalid in invalid_tokens(&valid) {
        secrets.add_token(&invalid);
        for scheme in ["Bearer", "bearer", "Basic", "Token"] {
            let request = http.get(format!("http://{address}/v1/timers/active"));
            let response = request
                .header(header::AUTHORIZATION, format!("{scheme} {invalid}"))
                .send()
                .await
                .unwrap();
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{scheme} {invalid}");
        }
    }
    let unknown = user
        .request(Method::POST, &format!("/v1/timers?token={valid}"))
        .body("{")
        .send()
        .await
        .unwrap();
    assert_eq!(unknown.status(), StatusCode::METHOD_NOT_ALLOWED);
}

/// WebSockets and token renewal.
pub async fn sockets(address: &str, secrets: &mut Secrets) {
    let user = new_user(address, "sockets", secrets).await;
    let valid = user.grant.access_token.clone();
    let renewed = with_expiry(&valid, 600);
    secrets.add_token(&renewed);
    let mut client = user.connect().query(&format!("token={valid}")).live().await;
    client.change(create("Write")).await;
    client.send(Command::Renew { token: Secret(renewed) }).await;
    assert!(matches!(client.next().await.body, Body::Renewed { .. }));

    for invalid in invalid_tokens(&valid) {
        secrets.add_token(&invalid);
        let query = Connect::to(address).query(&format!("token={invalid}"));
        for connect in [Connect::to(address).token(&invalid), query] {
            assert_eq!(connect.open().await.unwrap().closed().await.0, 1008, "{invalid}");
        }
        let mut client = user.connect().live().await;
        client
            .send(Command::Renew {
                token: Secret(invalid.clone()),
            })
            .await;
        assert_eq!(client.closed().await.0, 1008, "{invalid}");
        // Truncated JSON that contains the token.
        let mut client = user.connect().live().await;
        client
            .send_raw(Message::text(format!(
                r#"{{"type":"auth.renew","payload":{{"token":"{invalid}"}}"#
            )))
            .await;
        assert!(matches!(client.next().await.body, Body::Error(_)));
        client
            .send_raw(Message::text(format!(
                r#"{{"type":"auth.renew","payload":{{"token":["{invalid}"]}}}}"#
            )))
            .await;
        assert!(matches!(client.next().await.body, Body::Error(_)));
        client.send_raw(Message::binary(invalid.into_bytes())).await;
        assert_eq!(client.closed().await.0, 1003);
    }
    let mut client = user.connect().live().await;
    let (code, reason) = (
        CloseCode::Normal,
        format!("goodbye {}", &valid[valid.len() - 43..]).into(),
    );
    client.send_raw(Message::Close(Some(CloseFrame { code, reason }))).await;
    while client.next_or_gone().await.is_some() {}
    let evil = user.connect().origin("https://evil.example").open().await;
    assert!(matches!(evil.err(), Some(Error::Http(response)) if response.status() == 403));
}

/// The pages' forms, as a browser without scripts sends them.
pub async fn pages(address: &str, secrets: &mut Secrets) {
    let http = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .cookie_store(true)
        .build()
        .unwrap();
    for (form, password) in [
        ("sign-up", PASSWORD),
        ("sign-in", WRONG_PASSWORD),
        ("sign-in", PASSWORD),
        ("sign-out", ""),
    ] {
        let body = format!(
            "name=Trent&email=trent%40example.com&password={}",
            percent_encode(password, "+")
        );
        let request = http.post(format!("http://{address}/api/{form}"));
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.header(header::ORIGIN, format!("http://{address}"));
        let response = request
            .header(header::ACCEPT, "text/html")
            .body(body)
            .send()
            .await
            .unwrap();
        assert!(
            response.status().is_redirection() || response.status().is_success(),
            "{form}: {}",
            response.status()
        );
        record(response, secrets).await;
        http.get(format!("http://{address}/")).send().await.unwrap();
    }
}

async fn new_user(address: &str, name: &str, secrets: &mut Secrets) -> User {
    let user = sign_up(address, name).await;
    secrets.add_token(&user.grant.access_token);
    user
}

/// Each is invalid for another reason.
fn invalid_tokens(valid: &str) -> [String; 4] {
    let (head, _) = valid.rsplit_once('.').unwrap();
    let forged = format!("{head}.{}", "A".repeat(43));
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", valid.split('.').nth(1).unwrap());
    [
        with_expiry(valid, -60),
        forged,
        unsigned,
        "nonsense-that-is-no-jwt".to_owned(),
    ]
}

/// The same token with another expiry, in seconds from now.
fn with_expiry(token: &str, seconds: i64) -> String {
    let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let mut claims: Value = serde_json::from_slice(&payload).unwrap();
    claims["exp"] = json!(chrono::Utc::now().timestamp() + seconds);
    encode(
        &Header::new(Algorithm::HS256),
        &claims,
        &EncodingKey::from_secret(JWT_SECRET.as_bytes()),
    )
    .unwrap()
}
