//! Sessions of built-in accounts: the effects of a sign-out, and which cookies are accepted.

use crate::support::{Client, TestServer, User, create, nats};
use protocol::timers::{Body, Command, Secret};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

/// Signs the same user in once more; returns the new session's user and cookie.
async fn sign_in_again(server: &TestServer, name: &str) -> (User, String) {
    let body = json!({ "email": format!("{name}@example.com"), "password": "correct horse" });
    let request = server.request(Method::POST, "/v1/auth/sign-in").json(&body);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    let grant: Value = response.json().await.unwrap();
    let (id, token) = (&grant["user"]["id"], &grant["access_token"]);
    let user = server.visitor(id.as_str().unwrap(), token.as_str().unwrap());
    (user, cookie.split(';').next().unwrap().to_owned())
}

async fn post(server: &TestServer, path: &str, cookie: &str) -> (StatusCode, String) {
    let request = server.request(Method::POST, path).header(header::COOKIE, cookie);
    let response = request.send().await.unwrap();
    let set = response.headers().get(header::SET_COOKIE);
    let set = set.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
    (response.status(), set.unwrap_or_default())
}

async fn renew(client: &mut Client, user: &User) {
    let token = Secret(user.grant.access_token.clone());
    client.send(Command::Renew { token }).await;
}

#[tokio::test]
async fn sign_out_refuses_the_sessions_token_and_closes_its_sockets() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let (phone, phones_cookie) = sign_in_again(&server, "ada").await;
    let (desk, _) = sign_in_again(&server, "ada").await;
    let (mut phones, mut desks) = (phone.connect().live().await, desk.connect().live().await);
    assert_eq!(phone.get("/v1/timers").await.0, StatusCode::OK);

    renew(&mut phones, &phone).await;
    assert!(matches!(phones.next().await.body, Body::Renewed { .. }));
    let (status, _) = post(&server, "/v1/auth/sign-out", &phones_cookie).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(phones.closed().await.0, 1008);
    let (status, body) = phone.get("/v1/timers").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(body["detail"], "Invalid token: its session has ended");
    assert_eq!(phone.connect().open().await.unwrap().closed().await.0, 1008);

    desks.change(create("The other session goes on")).await;
    renew(&mut desks, &phone).await;
    assert_eq!(
        desks.closed().await.0,
        1008,
        "a token of an ended session cannot renew a connection"
    );
    assert_eq!(desk.get("/v1/timers").await.0, StatusCode::OK);
}

#[tokio::test]
async fn renewed_socket_ends_with_the_session_of_its_new_token() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let (first, firsts_cookie) = sign_in_again(&server, "ada").await;
    let (second, seconds_cookie) = sign_in_again(&server, "ada").await;
    let mut socket = first.connect().live().await;
    renew(&mut socket, &second).await;
    assert!(matches!(socket.next().await.body, Body::Renewed { .. }));
    post(&server, "/v1/auth/sign-out", &firsts_cookie).await;
    socket.is_silent().await;
    post(&server, "/v1/auth/sign-out", &seconds_cookie).await;
    assert_eq!(socket.closed().await.0, 1008);
}

#[tokio::test]
async fn both_exchanges_of_one_cookie_return_the_same_successor() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let (_, cookie) = sign_in_again(&server, "ada").await;
    let (status, next) = post(&server, "/v1/auth/refresh", &cookie).await;
    assert_eq!((status, next != cookie), (StatusCode::OK, true));
    let again = post(&server, "/v1/auth/refresh", &cookie).await;
    assert_eq!(again, (StatusCode::OK, next));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_out_on_one_node_applies_to_the_others() {
    let Some(nats) = nats::NatsServer::start() else {
        return;
    };
    let Some([first, second]) = TestServer::nodes(&nats.url()).await else {
        return;
    };
    assert_signed_out_on_all_nodes(&first, &second).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_out_applies_to_nodes_that_missed_its_message() {
    let Some([first, second]) = TestServer::nodes_each(["", ""]).await else {
        return;
    };
    assert_signed_out_on_all_nodes(&first, &second).await;
}

async fn assert_signed_out_on_all_nodes(first: &TestServer, second: &TestServer) {
    first.user("ada").await;
    let (ada, cookie) = sign_in_again(first, "ada").await;
    let on_second = ada.at(second);
    let mut socket = on_second.connect().live().await;
    assert_eq!(on_second.get("/v1/timers").await.0, StatusCode::OK);
    post(first, "/v1/auth/sign-out", &cookie).await;
    assert_eq!(socket.closed().await.0, 1008);
    assert_eq!(on_second.get("/v1/timers").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn cookie_over_https_is_bound_to_its_host() {
    let production = [
        ("ENVIRONMENT", "production"),
        ("JWT_SECRET", "the-key-of-this-test-which-nobody-may-read"),
    ];
    let server = TestServer::with(production).await;
    server.user("ada").await;
    let (_, cookie) = sign_in_again(&server, "ada").await;
    assert!(cookie.starts_with("__Host-lockstep_refresh="), "{cookie}");
    let planted = cookie.replace("__Host-", "");
    assert_eq!(
        post(&server, "/v1/auth/refresh", &planted).await.0,
        StatusCode::UNAUTHORIZED
    );
    let twice = format!("{cookie}; __Host-lockstep_refresh=other.token");
    assert_eq!(
        post(&server, "/v1/auth/refresh", &twice).await.0,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(post(&server, "/v1/auth/refresh", &cookie).await.0, StatusCode::OK);
}
