//! Quotas of what one user stores and budgets of one read, also with hostile other users (contract, REST 12.10).

use crate::support::{Client, TestServer, User, create, refusal};
use protocol::timers::{Body, Command, Reason, TimerCommand};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const WEEK: &str = "start_date=2026-01-01T00:00:00Z&end_date=2026-01-08T00:00:00Z";
const INCOMPLETE: &str = "x-lockstep-incomplete";

/// Creates a schedule of one second and returns its id.
async fn create_schedule(user: &User, title: &str, rule: Option<&str>, description: &str) -> String {
    let body = json!({ "title": title, "description": description, "recurrence_rule": rule,
        "start_time": "2026-01-01T08:00:00Z", "end_time": "2026-01-01T08:00:01Z" });
    user.made("/v1/schedules", body).await["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Lists a week: the titles, and the ids of the schedules that were left out.
async fn week(user: &User, more: &str) -> (Vec<String>, Vec<String>) {
    let request = user.request(Method::GET, &format!("/v1/schedules?{WEEK}{more}"));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let left_out = response
        .headers()
        .get(INCOMPLETE)
        .map(|ids| ids.to_str().unwrap().to_owned());
    let body = response.bytes().await.unwrap();
    assert!(body.len() <= 8 * 1024 * 1024, "{} bytes", body.len());
    let list: Value = serde_json::from_slice(&body).unwrap();
    let titles = list.as_array().unwrap().iter();
    let titles = titles.map(|one| one["title"].as_str().unwrap().to_owned()).collect();
    let left_out = left_out.unwrap_or_default();
    (
        titles,
        left_out
            .split(',')
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect(),
    )
}

async fn publish(user: &User, kind: &str, id: &str) {
    let request = user.request(Method::PUT, &format!("/v1/visibility/{kind}/{id}"));
    let response = request.json(&json!({ "level": "public" })).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn rule_over_the_budget_is_left_out_and_named() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let long = "\u{1F30D}".repeat(20_000);
    let every_second = create_schedule(&ada, "Every second", Some("FREQ=SECONDLY"), &long).await;
    let every_minute = create_schedule(&ada, "Every minute", Some("FREQ=MINUTELY"), &long).await;
    create_schedule(&ada, "Daily", Some("FREQ=DAILY"), "").await;
    create_schedule(&ada, "Once", None, &long).await;
    let (titles, mut left_out) = week(&ada, "").await;
    assert_eq!(titles.iter().filter(|title| *title == "Daily").count(), 7);
    assert!(titles.contains(&"Once".to_owned()));
    left_out.sort();
    let mut expected = [every_second, every_minute];
    expected.sort();
    assert_eq!(left_out, expected);
}

#[tokio::test]
async fn strangers_public_rule_does_not_use_up_the_readers_budget() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    // 7 × 24 × 60 occurrences: more than 10,000 together with the reader's own.
    let own = create_schedule(&ada, "Own", Some("FREQ=MINUTELY;INTERVAL=2"), "").await;
    let strange = create_schedule(&eve, "Strange", Some("FREQ=MINUTELY;INTERVAL=2"), "").await;
    create_schedule(&eve, "Hello", None, "").await;
    publish(&eve, "schedule", &strange).await;
    let (titles, left_out) = week(&ada, "&scope=all").await;
    assert_eq!(titles.len(), 1_000, "a page");
    assert!(titles.iter().all(|title| title == "Own"));
    assert!(!left_out.contains(&own));
    let huge = create_schedule(&eve, "Huge", Some("FREQ=SECONDLY"), &"x".repeat(20_000)).await;
    publish(&eve, "schedule", &huge).await;
    let (titles, left_out) = week(&ada, "&scope=all").await;
    assert!(titles.iter().all(|title| title == "Own"));
    assert_eq!(left_out, [huge]);
}

#[tokio::test]
async fn pages_of_schedules_concatenate_to_the_whole_list() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    create_schedule(&ada, "Hourly", Some("FREQ=HOURLY"), "").await;
    create_schedule(&ada, "Daily", Some("FREQ=DAILY"), "").await;
    create_schedule(&ada, "Once", None, "").await;
    let whole = ada.read(&format!("/v1/schedules?{WEEK}")).await;
    let mut next = Some(format!("/v1/schedules?{WEEK}&limit=50"));
    let mut paged = Vec::new();
    while let Some(path) = next {
        let response = ada.request(Method::GET, &path).send().await.unwrap();
        next = response.headers().get("link").map(|link| {
            let link = link.to_str().unwrap();
            link.strip_prefix('<')
                .unwrap()
                .split_once(">; rel=\"next\"")
                .unwrap()
                .0
                .to_owned()
        });
        let list: Vec<Value> = response.json().await.unwrap();
        assert!(list.len() <= 50);
        paged.extend(list);
    }
    let when = |list: &[Value]| -> Vec<(String, String)> {
        let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
        list.iter()
            .map(|one| (text(one, "start_time"), text(one, "title")))
            .collect()
    };
    assert_eq!(when(&paged), when(whole.as_array().unwrap()));
    assert_eq!(paged.len(), 161 + 7 + 1);
    let bad = ada.get(&format!("/v1/schedules?{WEEK}&limit=0&cursor=x")).await;
    assert_eq!(
        (bad.0, bad.1["detail"].as_array().unwrap().len()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2)
    );
}

#[tokio::test]
async fn row_quotas_are_enforced_named_in_the_error_and_released_on_deletion() {
    let server = TestServer::with([
        ("RATE_LIMIT_ENABLED", "false"),
        ("WS_RATE_LIMIT_ENABLED", "false"),
        ("QUOTA_TIMERS", "2"),
        ("QUOTA_SCHEDULES", "2"),
        ("QUOTA_TODOS", "1"),
        ("QUOTA_TAGS", "2"),
        ("QUOTA_EXCEPTIONS", "1"),
        ("QUOTA_FRIEND_REQUESTS", "1"),
    ])
    .await;
    let ada = server.user("ada").await;
    let exceeded = |(status, body): (StatusCode, Value), name: &str| {
        let message = body["message"].as_str().unwrap().to_owned();
        assert!(message.contains(name), "{message}");
        assert_eq!(refusal((status, body)), (409, "QuotaExceededError".into()));
    };

    let group = json!({ "name": "Work", "color": "#fff" });
    let made = ada.made("/v1/tags/groups", group.clone()).await["id"].clone();
    let tag = |name: &str| json!({ "name": name, "color": "#fff", "group_id": made });
    ada.made("/v1/tags", tag("one")).await;
    exceeded(ada.post("/v1/tags", tag("two")).await, "QUOTA_TAGS");
    exceeded(ada.post("/v1/tags/groups", group).await, "QUOTA_TAGS");

    let todo = json!({ "title": "Write", "tag_group_id": made, "deadline": "2026-01-01" });
    let todo_id = ada.made("/v1/todos", todo.clone()).await["id"].clone();
    exceeded(ada.post("/v1/todos", todo.clone()).await, "QUOTA_TODOS");
    // The deadline created a schedule.
    let second = create_schedule(&ada, "Daily", Some("FREQ=DAILY"), "").await;
    let third = json!({ "title": "x", "start_time": 0, "end_time": 1 });
    exceeded(ada.post("/v1/schedules", third.clone()).await, "QUOTA_SCHEDULES");
    let first = format!("/v1/schedules/{second}?instance_start=2026-01-01T08:00:00Z");
    assert_eq!(ada.patch(&first, json!({ "title": "Once" })).await.0, 200);
    assert_eq!(ada.patch(&first, json!({ "title": "Once more" })).await.0, 200);
    let next = format!("/v1/schedules/{second}?instance_start=2026-01-02T08:00:00Z");
    exceeded(ada.patch(&next, json!({ "title": "Twice" })).await, "QUOTA_EXCEPTIONS");
    exceeded(ada.delete(&next).await, "QUOTA_EXCEPTIONS");
    let todo_path = format!("/v1/todos/{}", todo_id.as_str().unwrap());
    assert_eq!(ada.delete(&todo_path).await.0, 200);
    ada.made("/v1/schedules", third).await;
    exceeded(ada.post("/v1/todos", todo).await, "QUOTA_SCHEDULES");

    let mut device = ada.connect().live().await;
    let timer = device.change(create("one")).await;
    device.change(create("two")).await;
    refused(&mut device, create("three"), "QUOTA_TIMERS").await;
    assert_eq!(ada.delete(&format!("/v1/timers/{}", timer.id)).await.0, 200);
    assert!(matches!(device.next().await.body, Body::TimerDeleted { .. }));
    device.change(create("three")).await;
    refused(&mut device, create("four"), "QUOTA_TIMERS").await;

    let mut codes = Vec::new();
    for name in ["bob", "cleo"] {
        let user = server.user(name).await;
        codes.push(user.read("/v1/users/me").await["friend_code"].clone());
    }
    ada.made("/v1/friends/requests", json!({ "friend_code": codes[0] }))
        .await;
    let request = ada
        .post("/v1/friends/requests", json!({ "friend_code": codes[1] }))
        .await;
    exceeded(request, "QUOTA_FRIEND_REQUESTS");
    let eve = server.user("eve").await;
    let full = eve
        .post("/v1/friends/requests", json!({ "friend_code": codes[0] }))
        .await;
    assert_eq!(refusal(full), (409, "TooManyFriendRequestsError".into()));
}

async fn refused(device: &mut Client, command: Command, name: &str) {
    let Body::Error(error) = device.ask(command).await.body else {
        panic!("not refused")
    };
    assert_eq!(error.reason, Reason::ValidationError);
    assert!(error.message.contains(name), "{}", error.message);
}

#[tokio::test]
async fn byte_quota_counts_patches_and_deletions() {
    let server = TestServer::with([
        ("RATE_LIMIT_ENABLED", "false"),
        ("WS_RATE_LIMIT_ENABLED", "false"),
        ("QUOTA_BYTES", "10000"),
        ("QUOTA_VISIBILITY_ENTRIES", "2"),
    ])
    .await;
    let ada = server.user("ada").await;
    let text = |bytes: usize| json!({ "description": "x".repeat(bytes) });
    let id = create_schedule(&ada, "Plan", Some("FREQ=DAILY"), &"x".repeat(4_000)).await;
    let path = format!("/v1/schedules/{id}");
    let instance = format!("{path}?instance_start=2026-01-01T08:00:00Z");
    assert_eq!(
        ada.patch(&path, text(11_000)).await.1["error_type"],
        "QuotaExceededError"
    );
    assert_eq!(ada.read(&path).await["description"].as_str().unwrap().len(), 4_000);
    assert_eq!(ada.patch(&instance, text(4_000)).await.0, 200);
    assert_eq!(ada.patch(&instance, text(8_000)).await.0, 409);
    let mut device = ada.connect().live().await;
    let timer = device.change(create("Tea")).await;
    let timer = format!("/v1/timers/{}", timer.id);
    assert_eq!(ada.patch(&timer, text(3_000)).await.0, 409);
    assert_eq!(ada.patch(&timer, text(1_000)).await.0, 200);
    let group = json!({ "name": "Work", "color": "#fff", "description": "x".repeat(3_000) });
    assert_eq!(ada.post("/v1/tags/groups", group.clone()).await.0, 409);
    assert_eq!(ada.delete(&path).await.0, 200);
    ada.made("/v1/tags/groups", group).await;
    assert_eq!(ada.patch(&timer, text(6_500)).await.0, 200);
    assert_eq!(ada.patch(&timer, text(9_000)).await.0, 409);
    assert_eq!(ada.delete(&timer).await.0, 200);

    let id = create_schedule(&ada, "Shared", None, "").await;
    let share = async |emails: &[&str]| {
        let request = ada.request(Method::PUT, &format!("/v1/visibility/schedule/{id}"));
        let body = json!({ "level": "allowed_emails", "allowed_emails": emails });
        request.json(&body).send().await.unwrap().status()
    };
    assert_eq!(share(&["a@x.test", "b@x.test"]).await, StatusCode::OK);
    assert_eq!(share(&["a@x.test", "b@x.test", "c@x.test"]).await, StatusCode::CONFLICT);
    assert_eq!(share(&["c@x.test"]).await, StatusCode::OK);
}

#[tokio::test]
async fn reads_of_one_user_do_not_delay_another_user_or_the_health_check() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let mut device = eve.connect().live().await;
    for _ in 0..60 {
        let Command::Timer {
            command: TimerCommand::Create { mut new, .. },
            ..
        } = create("Big")
        else {
            panic!()
        };
        new.description = Some("x".repeat(20_000));
        device
            .change(TimerCommand::Create { new, tag_ids: vec![] }.into())
            .await;
    }
    let hammer: Vec<_> = (0..80)
        .map(|_| tokio::spawn(eve.request(Method::GET, "/v1/timers").send()))
        .collect();
    // Both are served while reads of the other user are still queued.
    assert_eq!(ada.get("/v1/users/me").await.0, StatusCode::OK);
    assert_eq!(
        server.request(Method::GET, "/health").send().await.unwrap().status(),
        StatusCode::OK
    );
    assert!(
        hammer.iter().any(|read| !read.is_finished()),
        "the load ended too early"
    );
    for read in hammer {
        let status = read.await.unwrap().unwrap().status();
        assert!(
            [StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE].contains(&status),
            "{status}"
        );
    }
}
