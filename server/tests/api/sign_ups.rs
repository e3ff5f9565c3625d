//! Sign-ups: SIGNUPS and SIGNUPS_PER_HOUR.

use crate::support::{Process, TestServer, answer, output_of};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

async fn sign_up(server: &TestServer, name: &str) -> (StatusCode, Value) {
    let body = json!({ "email": format!("{name}@example.com"), "password": "correct horse" });
    answer(server.request(Method::POST, "/v1/auth/sign-up").json(&body)).await
}

async fn page(server: &TestServer, path: &str) -> String {
    let response = server.request(Method::GET, path).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.text().await.unwrap()
}

#[tokio::test]
async fn closed_server_refuses_sign_ups_and_hides_the_form() {
    let server = TestServer::with([("SIGNUPS", "closed")]).await;
    let (status, body) = sign_up(&server, "ada").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(body["error_type"], "SignUpsClosedError");
    assert_eq!(body["message"], "This server takes no new accounts.");
    let form = page(&server, "/sign-up").await;
    assert!(form.contains("This server takes no new accounts.") && !form.contains("<form"));
    assert!(!page(&server, "/sign-in").await.contains("/sign-up"));
    let request = server
        .request(Method::POST, "/api/sign-up")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body("name=&email=ada%40example.com&password=correct+horse");
    let (status, body) = answer(request).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(body, json!({ "Refused": "sign_ups_closed" }));
}

#[tokio::test]
async fn open_server_shows_a_form_without_an_invitation() {
    let server = TestServer::start().await;
    assert!(page(&server, "/sign-in").await.contains("/sign-up"));
    assert!(!page(&server, "/sign-up").await.contains("invitation"));
}

#[tokio::test]
async fn printed_invitation_allows_one_account() {
    let process = Process::with([("LOG_LEVEL", "error"), ("SIGNUPS", "invite")]).await;
    let folder = tempfile::tempdir().unwrap();
    let vars = [("DATABASE_URL", process.database_url()), ("LOG_LEVEL", "error")];
    let printed = output_of(folder.path(), &["invite", "--days", "2"], &vars);
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let printed = String::from_utf8(printed.stdout).unwrap();
    let [code, link] = *printed.lines().collect::<Vec<_>>() else {
        panic!("{printed}")
    };
    let http = reqwest::Client::new();
    let page = http
        .get(format!("http://{}{link}", process.address))
        .send()
        .await
        .unwrap();
    assert!(page.text().await.unwrap().contains(&format!(r#"value="{code}""#)));
    let sign_up = async |name: &str, invitation: Value| {
        let body =
            json!({ "email": format!("{name}@example.com"), "password": "correct horse", "invitation": invitation });
        let request = http
            .post(format!("http://{}/v1/auth/sign-up", process.address))
            .json(&body);
        let (status, body) = answer(request).await;
        (status, body["error_type"].clone())
    };
    let refused = (StatusCode::FORBIDDEN, json!("InvitationInvalidError"));
    assert_eq!(sign_up("ada", Value::Null).await, refused);
    assert_eq!(sign_up("ada", json!("made-up")).await, refused);
    assert_eq!(sign_up("ada", json!(code)).await.0, StatusCode::CREATED);
    assert_eq!(sign_up("eve", json!(code)).await, refused);
}

#[tokio::test]
async fn sign_ups_are_limited_per_address() {
    let server = TestServer::with([("SIGNUPS_PER_HOUR", "2")]).await;
    assert_eq!(sign_up(&server, "ada").await.0, StatusCode::CREATED);
    assert_eq!(sign_up(&server, "ada").await.0, StatusCode::CONFLICT);
    let body = json!({ "email": "eve@example.com", "password": "correct horse" });
    let request = server.request(Method::POST, "/v1/auth/sign-up").json(&body);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = response.headers()[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=3600).contains(&seconds), "{seconds}");
}
