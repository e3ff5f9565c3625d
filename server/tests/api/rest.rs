//! Timers over REST, and the errors of every endpoint.

use crate::support::{TestServer, act, create};
use protocol::timers::Action;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

#[tokio::test]
async fn timers_are_listed_filtered_and_read_by_their_owner_only() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    assert_eq!(
        ada.get("/v1/timers/active").await,
        (StatusCode::NOT_FOUND, json!({"detail": "No active timer found"}))
    );

    let mut client = ada.connect().live().await;
    let done = client.change(create("Done")).await;
    client.change(act(Action::Stop, done.id)).await;
    let running = client.change(create("Running")).await;

    let (status, list) = ada.get("/v1/timers").await;
    assert_eq!(status, StatusCode::OK);
    let titles = |list: &Value| -> Vec<String> {
        list.as_array()
            .unwrap()
            .iter()
            .map(|timer| timer["title"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(titles(&list), ["Running", "Done"]);
    assert_eq!(
        titles(&ada.get("/v1/timers?status=running&status=PAUSED").await.1),
        ["Running"]
    );
    assert_eq!(titles(&ada.get("/v1/timers?status=asleep").await.1), [""; 0]);
    assert_eq!(titles(&ada.get("/v1/timers?type=schedule").await.1), [""; 0]);
    assert_eq!(titles(&ada.get("/v1/timers?start_date=2999-01-01").await.1), [""; 0]);

    let (_, active) = ada.get("/v1/timers/active?timezone=Asia/Seoul").await;
    assert_eq!(active["id"], json!(running.id));
    assert!(active["started_at"].as_str().unwrap().ends_with("+0900"), "{active}");
    assert_eq!(
        (&active["tags"], &active["is_shared"], &active["schedule"]),
        (&json!([]), &json!(false), &Value::Null)
    );

    let path = format!("/v1/timers/{}", done.id);
    let (_, one) = ada.get(&path).await;
    assert_eq!(one["pause_history"][1]["action"], "stop");
    assert_eq!(eve.get(&path).await.0, StatusCode::FORBIDDEN);
    assert_eq!(eve.get("/v1/timers").await.1, json!([]));
}

#[tokio::test]
async fn reading_a_timer_does_not_change_it() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let timer = ada.connect().live().await.change(create("Write")).await;
    let path = format!("/v1/timers/{}", timer.id);
    let before = ada.get(&path).await.1["updated_at"].clone();
    for _ in 0..3 {
        ada.get("/v1/timers/active").await;
    }
    assert_eq!(ada.get(&path).await.1["updated_at"], before);
}

#[tokio::test]
async fn errors_have_the_shapes_in_the_contract() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;

    let missing = "/v1/timers/019a0000-0000-7000-8000-000000000000";
    let (status, body) = ada.get(&format!("{missing}?timezone=UTC")).await;
    assert_eq!(
        (status, &body["error_type"], &body["path"]),
        (StatusCode::NOT_FOUND, &json!("TimerNotFoundError"), &json!(missing))
    );
    assert_eq!(
        (&body["status_code"], &body["message"]),
        (&json!(404), &json!("Timer not found"))
    );
    assert!(body["timestamp"].as_str().unwrap().ends_with("+00:00"));

    let (status, body) = ada.get("/v1/timers/not-a-uuid").await;
    assert_eq!(
        (status, &body["detail"][0]["loc"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!(["path", "timer_id"]))
    );
    let (status, body) = ada
        .get("/v1/timers?scope=yours&start_date=soon&include_todo=perhaps")
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        body["detail"].as_array().unwrap().len(),
        3,
        "one answer lists all issues: {body}"
    );
    let (status, body) = ada.get("/v1/timers?timezone=Mars").await;
    assert_eq!(
        (status, &body["error_type"]),
        (StatusCode::BAD_REQUEST, &json!("InvalidTimezoneError"))
    );

    let anonymous = server.request(Method::GET, "/v1/timers").send().await.unwrap();
    assert_eq!(anonymous.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(anonymous.headers()[header::WWW_AUTHENTICATE], "Bearer");
    assert_eq!(
        anonymous.json::<Value>().await.unwrap(),
        json!({"detail": "Authorization header missing"})
    );
}

#[tokio::test]
async fn unknown_paths_and_methods_are_answered_in_json() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    assert_eq!(
        ada.get("/v1/nothing").await,
        (StatusCode::NOT_FOUND, json!({"detail": "Not Found"}))
    );

    let wrong = ada.request(Method::POST, "/v1/timers").send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert!(wrong.headers()[header::ALLOW].to_str().unwrap().contains("GET"));
    assert_eq!(
        wrong.json::<Value>().await.unwrap(),
        json!({"detail": "Method Not Allowed"})
    );

    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let slash = http
        .get(format!("http://{}/v1/timers/?scope=all", server.address))
        .send()
        .await
        .unwrap();
    assert_eq!(slash.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(slash.headers()[header::LOCATION], "/v1/timers?scope=all");

    let health = server.request(Method::GET, "/health").send().await.unwrap();
    assert_eq!(health.json::<Value>().await.unwrap(), json!({"status": "healthy"}));
}
