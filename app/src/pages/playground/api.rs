//! The REST API, and what the server has for the playground beside it.

use super::document::Document;
use gloo_net::http::{Method, RequestBuilder};
use leptos::prelude::window;
use protocol::rest::{
    account::AccessGrant,
    input::{Text, WholeNumber},
    playground::{END_CONNECTIONS_PATH, EndConnections, TEST_USERS_PATH, TestUser},
};
use serde::Serialize;
use serde_json::{Value, json};

/// Timers that are compared.
const MAX_TIMERS: usize = 200;

/// A request with a JSON answer.
///
/// # Errors
/// One sentence with the request and the server's message.
pub async fn call(method: Method, path: &str, token: Option<&str>, body: Option<&Value>) -> Result<Value, String> {
    let name = format!("{method} {path}");
    let mut request = RequestBuilder::new(path).method(method);
    if let Some(token) = token {
        request = request.header("authorization", &format!("Bearer {token}"));
    }
    let sent = match body {
        Some(body) => request.json(body).map_err(|error| error.to_string())?.send().await,
        None => request.send().await,
    };
    let answer = sent.map_err(|_| format!("{name}: the server does not answer."))?;
    let (status, text) = (answer.status(), answer.text().await.unwrap_or_default());
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    if answer.ok() {
        return Ok(value);
    }
    let said = value["message"]
        .as_str()
        .or(value["detail"].as_str())
        .map(str::to_owned);
    Err(format!("{name}: {status} {}", said.unwrap_or(text)))
}

fn json<T: Serialize>(body: &T) -> Value {
    serde_json::to_value(body).unwrap_or_default()
}

/// A token of a test user; `expires_in` seconds, negative for one that has expired.
///
/// # Errors
/// As [`call`].
pub async fn mint(name: &str, expires_in: Option<i64>) -> Result<String, String> {
    let body = json(&TestUser {
        name: Text(name.to_owned()),
        expires_in: expires_in.map(WholeNumber),
    });
    let grant = call(Method::POST, TEST_USERS_PATH, None, Some(&body)).await?;
    let grant: AccessGrant = serde_json::from_value(grant).map_err(|error| format!("The server's grant: {error}"))?;
    Ok(grant.access_token)
}

/// Has the server close all connections of a token's user with a code, or cut them.
///
/// # Errors
/// As [`call`].
pub async fn end_connections(token: &str, code: Option<u16>) -> Result<(), String> {
    let code = code.map(|code| WholeNumber(code.into()));
    let body = json(&EndConnections { code });
    call(Method::POST, END_CONNECTIONS_PATH, Some(token), Some(&body))
        .await
        .map(drop)
}

/// The timers that a user may read, the newest first.
///
/// # Errors
/// As [`call`].
pub async fn timers(token: &str) -> Result<Vec<Value>, String> {
    let timers = call(
        Method::GET,
        &format!("/v1/timers?scope=all&limit={MAX_TIMERS}"),
        Some(token),
        None,
    )
    .await?;
    Ok(timers.as_array().cloned().unwrap_or_default())
}

/// Makes the users of two tokens friends: one asks by the other's code, who accepts.
///
/// # Errors
/// As [`call`].
pub async fn befriend(one: &str, other: &str) -> Result<(), String> {
    let me = call(Method::GET, "/v1/users/me", Some(one), None).await?;
    let ask = json!({ "friend_code": me["friend_code"] });
    let request = call(Method::POST, "/v1/friends/requests", Some(other), Some(&ask)).await?;
    let accept = format!(
        "/v1/friends/requests/{}/accept",
        request["id"].as_str().unwrap_or_default()
    );
    call(Method::POST, &accept, Some(one), Some(&json!({}))).await.map(drop)
}

/// The server's AsyncAPI document.
///
/// # Errors
/// As [`call`].
pub async fn document() -> Result<Document, String> {
    let document = call(Method::GET, "/asyncapi.json", None, None).await?;
    Document::new(document).ok_or_else(|| "/asyncapi.json is no AsyncAPI document.".to_owned())
}

/// The origin of the page, which is that of the server.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}
