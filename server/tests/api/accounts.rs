//! `/v1/auth/…` over HTTP.

use crate::support::{Process, TestServer, User, sign_up};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

fn cookie(response: &reqwest::Response) -> String {
    response.headers()[header::SET_COOKIE].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn sign_up_refresh_and_sign_out_set_and_clear_the_cookie() {
    let server = TestServer::start().await;
    let body = json!({ "email": "Ada@example.com", "password": "correct horse", "display_name": "Ada" });
    let response = server
        .request(Method::POST, "/v1/auth/sign-up")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let first = cookie(&response);
    assert!(first.starts_with("lockstep_refresh=") && first.contains("HttpOnly") && first.contains("SameSite=Lax"));
    let grant: Value = response.json().await.unwrap();
    assert_eq!(grant["user"]["email"], "ada@example.com");
    assert_eq!(
        (&grant["token_type"], &grant["expires_in"]),
        (&json!("Bearer"), &json!(900))
    );
    assert!(
        !grant.to_string().contains(first.split(['=', ';']).nth(1).unwrap()),
        "the refresh token is in no body"
    );

    let refresh = async |cookie: &str| {
        let pair = cookie.split(';').next().unwrap();
        server
            .request(Method::POST, "/v1/auth/refresh")
            .header(header::COOKIE, pair)
            .send()
            .await
            .unwrap()
    };
    let refreshed = refresh(&first).await;
    assert_eq!(refreshed.status(), StatusCode::OK);
    let second = cookie(&refreshed);
    assert_ne!(second, first);

    let pair = second.split(';').next().unwrap();
    let out = server
        .request(Method::POST, "/v1/auth/sign-out")
        .header(header::COOKIE, pair)
        .send()
        .await
        .unwrap();
    assert_eq!(out.status(), StatusCode::OK);
    assert!(cookie(&out).contains("Max-Age=0"));
    let over = refresh(&second).await;
    assert_eq!(over.status(), StatusCode::UNAUTHORIZED);
    assert!(cookie(&over).contains("Max-Age=0"), "a useless cookie is removed");
    assert_eq!(over.json::<Value>().await.unwrap()["error_type"], "SignedOutError");
}

#[tokio::test]
async fn sign_up_reports_all_invalid_members_at_once_without_the_password() {
    let server = TestServer::start().await;
    let post = async |body: Value| {
        let response = server
            .request(Method::POST, "/v1/auth/sign-up")
            .json(&body)
            .send()
            .await
            .unwrap();
        (response.status(), response.json::<Value>().await.unwrap())
    };
    let (status, body) = post(json!({})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields: Vec<_> = body["detail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["loc"].clone())
        .collect();
    assert_eq!(fields, [json!(["body", "email"]), json!(["body", "password"])]);

    let (status, body) = post(json!({ "email": "ada@example.com", "password": "secret!" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        body["detail"][0]["msg"]
            .as_str()
            .unwrap()
            .contains("at least 8 characters")
    );
    assert!(!body.to_string().contains("secret!"));
    let (_, body) = post(json!({ "email": "ada@example.com", "password": ["secret!"] })).await;
    assert!(!body.to_string().contains("secret!"));
}

#[tokio::test]
async fn a_body_that_is_not_json_is_a_422() {
    let server = TestServer::start().await;
    for (kind, body) in [
        ("application/json", "{"),
        ("application/json", "[]"),
        ("text/plain", "{}"),
        ("application/json", "\u{0}"),
    ] {
        let request = server
            .request(Method::POST, "/v1/auth/sign-in")
            .header(header::CONTENT_TYPE, kind)
            .body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{kind} {body}");
        assert_eq!(
            response.json::<Value>().await.unwrap()["detail"][0]["loc"],
            json!(["body"])
        );
    }
}

#[tokio::test]
async fn repeated_failed_sign_ins_are_delayed() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let guess = async |email: &str| {
        let body = json!({ "email": email, "password": "a wrong guess" });
        let request = server.request(Method::POST, "/v1/auth/sign-in").json(&body);
        request.send().await.unwrap()
    };
    let mut guesses = 0;
    let refused = loop {
        let answer = guess("ada@example.com").await;
        if answer.status() != StatusCode::UNAUTHORIZED {
            break answer;
        }
        // Hashing may take longer than the first delays; each failure doubles the next.
        guesses += 1;
        assert!(guesses < 20, "never delayed");
    };
    assert!(guesses >= 5, "{guesses}");
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = refused.headers()[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=900).contains(&seconds), "{seconds}");
    assert_eq!(guess("eve@example.com").await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn failed_sign_in_logs_the_client_and_nothing_that_it_sent() {
    let process = Process::with([("LOG_LEVEL", "info")]).await;
    let body = json!({ "email": "ada@example.com", "password": "a wrong guess" });
    let url = format!("http://{}/v1/auth/sign-in", process.address);
    let request = reqwest::Client::new().post(url).json(&body);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let log = process.log();
    assert!(log.contains("sign-in failed client=127.0.0.1"), "{log}");
    assert!(
        !log.contains("ada@example.com") && !log.contains("wrong guess"),
        "{log}"
    );
}

#[tokio::test]
async fn disabling_accounts_ends_all_sessions_for_good() {
    let mut process = Process::with([("LOG_LEVEL", "error")]).await;
    let ada = sign_up(&process.address, "ada").await;
    assert!(ada.request(Method::GET, "/").send().await.unwrap().url().path() == "/");
    let refresh = async |user: &User| {
        let request = user.request(Method::POST, "/v1/auth/refresh");
        request.send().await.unwrap().status()
    };
    process.kill();
    process.set("ACCOUNTS_ENABLED", "false");
    process.start_again().await;
    let page = ada.request(Method::GET, "/").send().await.unwrap();
    assert_eq!(page.url().path(), "/sign-in");
    let timers = ada.request(Method::POST, "/api/timers").send().await.unwrap();
    assert_eq!(timers.text().await.unwrap(), "null");
    process.kill();
    process.set("ACCOUNTS_ENABLED", "true");
    process.start_again().await;
    assert_eq!(refresh(&ada).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn sign_up_without_accounts_is_answered_with_404() {
    let server = TestServer::with([("ACCOUNTS_ENABLED", "false")]).await;
    let body = json!({ "email": "ada@example.com", "password": "correct horse" });
    let response = server
        .request(Method::POST, "/v1/auth/sign-up")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        response.json::<Value>().await.unwrap()["error_type"],
        "AccountsDisabledError"
    );
}
