//! What the playground has beside the API: tokens of test users, ends of connections; nothing of it in production.

use crate::support::{TestServer, User};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

const USERS: &str = "/ws-playground/users";
const END: &str = "/ws-playground/end";

async fn mint(server: &TestServer, body: Value) -> User {
    let response = server.request(Method::POST, USERS).json(&body).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{body}");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let grant: Value = response.json().await.unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    server.visitor(&text(&grant["user"]["id"]), &text(&grant["access_token"]))
}

#[tokio::test]
async fn test_user_of_a_name_is_always_the_same_and_others_are_others() {
    let server = TestServer::start().await;
    let ada = mint(&server, json!({ "name": "Ada" })).await;
    let again = mint(&server, json!({ "name": " ada " })).await;
    let ben = mint(&server, json!({ "name": "벤" })).await;
    assert_eq!(ada.grant.user.id, again.grant.user.id);
    assert_ne!(ada.grant.user.id, ben.grant.user.id);
    let me = ben.read("/v1/users/me").await;
    assert_eq!(me["display_name"], "벤");
    ada.connect().live().await.leave().await;
}

#[tokio::test]
async fn expired_and_short_tokens_are_minted() {
    let server = TestServer::start().await;
    let late = mint(&server, json!({ "name": "Ada", "expires_in": -60 })).await;
    let (status, body) = late.get("/v1/timers").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(body["detail"].as_str().unwrap().contains("expired"), "{body}");
    assert_eq!(
        late.connect().open().await.unwrap().closed().await,
        (1008, "the token has expired".to_owned())
    );
    let short = mint(&server, json!({ "name": "Ada", "expires_in": 2 })).await;
    let mut client = short.connect().live().await;
    assert_eq!(client.closed().await, (1008, "the token has expired".to_owned()));
}

#[tokio::test]
async fn invalid_names_and_codes_are_refused() {
    let server = TestServer::start().await;
    for body in [
        json!({}),
        json!({ "name": " " }),
        json!({ "name": "x".repeat(41) }),
        json!({ "name": 5 }),
    ] {
        let response = server.request(Method::POST, USERS).json(&body).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    // A form of another site's page, which no preflight request precedes.
    let form = server
        .request(Method::POST, USERS)
        .header(header::CONTENT_TYPE, "text/plain");
    let response = form.body(r#"{"name":"Ada"}"#).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let ada = mint(&server, json!({ "name": "Ada" })).await;
    let (status, body) = ada.post(END, json!({ "code": 1005 })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        body["detail"].as_str().unwrap().starts_with("1005 is not a close code"),
        "{body}"
    );
    let anonymous = server.request(Method::POST, END).json(&json!({})).send().await.unwrap();
    assert_eq!(anonymous.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn connections_of_one_user_are_closed_by_any_code_or_cut() {
    let server = TestServer::start().await;
    let (ada, ben) = (
        mint(&server, json!({ "name": "Ada" })).await,
        mint(&server, json!({ "name": "Ben" })).await,
    );
    let mut bens = ben.connect().live().await;
    for code in [1000, 1011, 1012, 4008, 4029] {
        let mut client = ada.connect().live().await;
        assert_eq!(ada.post(END, json!({ "code": code })).await.0, StatusCode::OK);
        assert_eq!(client.closed().await.0, code);
    }
    let mut client = ada.connect().live().await;
    assert_eq!(ada.post(END, json!({})).await.0, StatusCode::OK);
    assert_eq!(client.next_or_close().await, Err(None), "there is no Close frame");
    bens.is_silent().await;
}

#[tokio::test]
async fn without_accounts_no_token_is_minted() {
    let server = TestServer::with([("ACCOUNTS_ENABLED", "false")]).await;
    let response = server
        .request(Method::POST, USERS)
        .json(&json!({ "name": "Ada" }))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn page_is_rendered_with_the_policy_of_all_pages() {
    let server = TestServer::start().await;
    let response = server.request(Method::GET, "/ws-playground").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("style-src 'self';") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    let page = response.text().await.unwrap();
    assert!(page.contains("<h1>WebSocket playground</h1>"), "{page}");
    let style = server
        .request(Method::GET, "/ws-playground/style.css")
        .send()
        .await
        .unwrap();
    assert_eq!(style.headers()[header::CONTENT_TYPE], "text/css");
}

#[tokio::test]
async fn nothing_of_it_is_served_outside_development() {
    for environment in ["staging", "production"] {
        let server = TestServer::with([
            ("ENVIRONMENT", environment),
            ("JWT_SECRET", "a secret of more than 32 bytes!!"),
        ])
        .await;
        let user = server.user("ada").await;
        for (method, path) in [
            (Method::GET, "/ws-playground"),
            (Method::GET, "/ws-playground/style.css"),
            (Method::POST, USERS),
            (Method::POST, END),
        ] {
            let request = user.request(method, path).json(&json!({ "name": "Ada" }));
            assert_eq!(
                request.send().await.unwrap().status(),
                StatusCode::NOT_FOUND,
                "{environment}: {path}"
            );
        }
    }
}
