//! PATCH and DELETE of a timer, and their events on the owner's connections.

use crate::support::{TestServer, act, answer, create};
use protocol::timers::{Action, Body, Command, SyncScope, TimerAction};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

const UNKNOWN: &str = "019a0000-0000-7000-8000-000000000000";

#[tokio::test]
async fn patch_sets_and_clears_members_and_is_published_to_every_connection() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let mut phone = ada.connect().live().await;
    let mut desk = ada
        .connect()
        .query("dialect=camel&timezone=Asia/Seoul")
        .open()
        .await
        .unwrap();
    for _ in ["connected", "timer.synced"] {
        desk.next_json().await;
    }
    let timer = phone.change(create("Write")).await;
    desk.next_json().await;
    let path = format!("/v1/timers/{}", timer.id);

    let changes = json!({ "title": "Read", "description": "Chapter 2", "status": "COMPLETED", "elapsed_time": 99,
                          "allocated_duration": 1, "owner_id": "eve", "tag_ids": [] });
    let (status, patched) = ada.patch(&format!("{path}?timezone=%2B09:00"), changes).await;
    assert_eq!(status, StatusCode::OK);
    let edited = |body: &Value| {
        [
            body["title"].clone(),
            body["description"].clone(),
            body["status"].clone(),
        ]
    };
    assert_eq!(edited(&patched), [json!("Read"), json!("Chapter 2"), json!("RUNNING")]);
    assert_eq!(
        (&patched["allocated_duration"], &patched["owner_id"]),
        (&json!(1500), &json!(timer.owner_id))
    );
    assert!(patched["updated_at"].as_str().unwrap().ends_with("+0900"), "{patched}");
    assert_eq!(
        edited(&ada.get(&path).await.1),
        edited(&patched),
        "a read after the write returns it"
    );

    let event = phone.next().await;
    assert_eq!(
        (event.seq, &event.from_user, event.reply_to),
        (Some(2), &Some(ada.grant.user.id.clone()), None)
    );
    let Body::Timer {
        timer: live,
        action: TimerAction::Sync,
    } = event.body
    else {
        panic!("{:?}", event.body)
    };
    assert_eq!(live.title.as_deref(), Some("Read"));
    assert!(live.updated_at > timer.updated_at);
    let event = desk.next_json().await;
    assert_eq!(
        (&event["type"], &event["payload"]["action"]),
        (&json!("timer.updated"), &json!("sync"))
    );
    assert!(
        event["payload"]["timer"]["updatedAt"]
            .as_str()
            .unwrap()
            .ends_with("+09:00")
    );

    let (_, cleared) = ada
        .patch(&path, json!({ "title": null, "todo_id": null, "schedule_id": null }))
        .await;
    assert_eq!(edited(&cleared), [Value::Null, json!("Chapter 2"), json!("RUNNING")]);
    assert_eq!(phone.next_timer().await.title, None);
    let paused = phone.change(act(Action::Pause, timer.id)).await;
    assert_eq!((paused.title, paused.description.as_deref()), (None, Some("Chapter 2")));
}

#[tokio::test]
async fn patch_without_changes_publishes_no_event_and_keeps_updated_at() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let mut client = ada.connect().live().await;
    let timer = client.change(create("Write")).await;
    let path = format!("/v1/timers/{}", timer.id);
    for changes in [
        json!({}),
        json!({ "title": "Write", "tag_ids": null }),
        json!({ "status": "PAUSED", "x": 1 }),
    ] {
        assert_eq!(ada.patch(&path, changes).await.0, StatusCode::OK);
    }
    client.is_silent().await;
    client.send(Command::sync(SyncScope::One(timer.id))).await;
    assert_eq!(client.next_timer().await, timer);
}

#[tokio::test]
async fn deletion_is_published_recoverable_and_final() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let mut client = ada.connect().open().await.unwrap();
    let Body::Connected { epoch, .. } = client.next().await.body else {
        panic!("connected")
    };
    client.next().await;
    let timer = client.change(create("Write")).await;
    let path = format!("/v1/timers/{}", timer.id);

    assert_eq!(ada.delete(&path).await, (StatusCode::OK, json!({ "ok": true })));
    let event = client.next().await;
    assert_eq!(
        (event.seq, event.body),
        (Some(2), Body::TimerDeleted { timer_id: timer.id })
    );
    for (status, body) in [
        ada.delete(&path).await,
        ada.get(&path).await,
        ada.patch(&path, json!({})).await,
    ] {
        assert_eq!(
            (status, &body["error_type"]),
            (StatusCode::NOT_FOUND, &json!("TimerNotFoundError"))
        );
        assert!(body["message"].as_str().unwrap().to_lowercase().contains("not found"));
    }
    assert_eq!(ada.get("/v1/timers").await.1, json!([]));
    client.is_silent().await;

    let mut reconnected = ada.connect().query(&format!("since={epoch}:1")).open().await.unwrap();
    reconnected.next().await;
    assert_eq!(reconnected.next().await.body, Body::TimerDeleted { timer_id: timer.id });
}

#[tokio::test]
async fn refused_edit_changes_nothing() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let mut client = ada.connect().live().await;
    let timer = client.change(create("Write")).await;
    let path = format!("/v1/timers/{}", timer.id);
    let refused = async |user: &crate::support::User, query: &str, changes: Value| {
        let (status, body) = user.patch(&format!("{path}{query}"), changes).await;
        (
            status.as_u16(),
            body["error_type"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let not_found = |kind: &str| (404, format!("{kind}NotFoundError"));
    assert_eq!(refused(&eve, "", json!({ "title": "Mine" })).await, not_found("Timer"));
    assert_eq!(refused(&eve, "", json!({})).await, not_found("Timer"));
    assert_eq!(eve.delete(&path).await.1["error_type"], "TimerNotFoundError");
    for (member, kind) in [("schedule_id", "Schedule"), ("todo_id", "Todo")] {
        assert_eq!(
            refused(&ada, "", json!({ "title": "X", member: UNKNOWN })).await,
            not_found(kind)
        );
    }
    assert_eq!(
        refused(&ada, "", json!({ "title": "X", "tag_ids": [UNKNOWN] })).await,
        not_found("Tag")
    );
    let bad_zone = (400, "InvalidTimezoneError".to_owned());
    assert_eq!(refused(&ada, "?timezone=Z", json!({ "title": "X" })).await, bad_zone);
    assert_eq!(
        ada.delete(&format!("{path}?timezone=Mars")).await.0,
        StatusCode::BAD_REQUEST
    );

    client.is_silent().await;
    client.send(Command::sync(SyncScope::One(timer.id))).await;
    assert_eq!(client.next_timer().await, timer);
}

#[tokio::test]
async fn one_answer_lists_all_issues_of_path_query_and_body() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let changes = json!({ "title": "x".repeat(501), "description": 7, "todo_id": "1", "schedule_id": {}, "tag_ids": [UNKNOWN, 3] });
    let (status, body) = ada
        .patch("/v1/timers/7?include_todo=maybe&tag_include_mode=all", changes)
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let places: Vec<&Value> = body["detail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| &issue["loc"])
        .collect();
    let expected = json!([
        ["path", "timer_id"],
        ["query", "include_todo"],
        ["query", "tag_include_mode"],
        ["body", "description"],
        ["body", "schedule_id"],
        ["body", "tag_ids", 1],
        ["body", "title"],
        ["body", "todo_id"],
    ]);
    assert_eq!(json!(places), expected);

    let limits = json!({ "title": "é".repeat(500), "description": "é".repeat(20_000) });
    let timer = ada.connect().live().await.change(create("Write")).await;
    let path = format!("/v1/timers/{}", timer.id);
    assert_eq!(ada.patch(&path, limits).await.0, StatusCode::OK);
    assert_eq!(ada.patch(&path, json!({ "title": "" })).await.1["title"], "");
    assert_eq!(
        ada.patch(&path, json!({ "description": "x".repeat(20_001) })).await.0,
        422
    );
}

#[tokio::test]
async fn json_is_checked_first_then_the_token_then_the_values() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let path = "/v1/timers/not-a-uuid?include_todo=maybe";
    let anonymous = |body: &'static str| {
        server
            .request(Method::PATCH, path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
    };
    let (status, body) = answer(anonymous("{")).await;
    assert_eq!(
        (status, &body["detail"][0]["loc"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!(["body"]))
    );
    assert_eq!(answer(anonymous("{}")).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(answer(anonymous("[]")).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(
        answer(server.request(Method::PATCH, path)).await.0,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        answer(server.request(Method::DELETE, path)).await.0,
        StatusCode::UNAUTHORIZED
    );

    for request in [
        ada.request(Method::PATCH, path),
        ada.request(Method::PATCH, path).body("{}"),
        ada.request(Method::PATCH, path).json(&json!([])),
        ada.request(Method::PATCH, path)
            .header(header::CONTENT_TYPE, "application/json"),
    ] {
        let (status, body) = answer(request).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            body["detail"].as_array().unwrap().len(),
            3,
            "path, query and body: {body}"
        );
    }
}
