//! The pages of one timer and of the history: their data, and the deletion of several timers.

use crate::support::{PastTimer, TestServer, User, create, oidc_users::befriend, oidc_users::share};
use reqwest::{Method, StatusCode, header::COOKIE};
use serde_json::{Value, json};

/// The data of a page.
async fn data(user: &User, path: &str) -> Value {
    user.read(&format!("/api/page{path}")).await
}

/// The titles of a page of the history, newest first.
fn titles(page: &Value) -> Vec<&str> {
    let mut titles = Vec::new();
    for week in page["weeks"].as_array().unwrap() {
        for day in week["days"].as_array().unwrap() {
            let rows = day["rows"].as_array().unwrap().iter();
            titles.extend(rows.map(|row| row["title"].as_str().unwrap()));
        }
    }
    titles
}

#[tokio::test]
async fn the_history_has_weeks_and_days_with_the_totals_of_all_their_timers() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    for (start, seconds, title) in [
        ("2026-11-22T12:00:00Z", 60, "Sunday"),
        ("2026-11-23T12:00:00Z", 70, "Monday"),
        ("2026-11-23T13:00:00Z", 80, "Monday again"),
        ("2026-11-25T12:00:00Z", 90, "Wednesday 50%"),
    ] {
        PastTimer::new(start, seconds, title).store(&server, &ada).await;
    }
    PastTimer::new("2026-11-23T12:00:00Z", 9, "Hers")
        .store(&server, &eve)
        .await;

    let page = data(&ada, "/history").await;
    assert_eq!(titles(&page), ["Wednesday 50%", "Monday again", "Monday", "Sunday"]);
    let weeks = page["weeks"].as_array().unwrap();
    let sums: Vec<&Value> = weeks.iter().map(|week| &week["sum"]).collect();
    let sum = |seconds: i64, count: i64| json!({ "seconds": seconds, "count": count });
    assert_eq!(sums, [&sum(240, 3), &sum(60, 1)], "weeks begin on Monday");
    assert_eq!(weeks[0]["days"][1]["sum"], sum(150, 2));

    let found = data(&ada, "/history?text=50%25").await;
    assert_eq!(titles(&found), ["Wednesday 50%"]);
    assert_eq!(found["sum"], sum(90, 1));
    let days = data(&ada, "/history?from=2026-11-23&to=2026-11-24").await;
    assert_eq!(titles(&days), ["Monday again", "Monday"]);
    assert_eq!(days["weeks"][0]["sum"], sum(150, 2), "only what matches is added up");
    let none = data(&ada, "/history?status=CANCELLED").await;
    assert_eq!(none["weeks"], json!([]));
    for unreadable in ["from=yesterday", "tag=1", "status=x", "before=%FF", "schedule=;", "%"] {
        let page = data(&ada, &format!("/history?{unreadable}")).await;
        assert_eq!(titles(&page).len(), 4, "{unreadable}");
    }
}

#[tokio::test]
async fn the_history_is_read_in_pages_and_counts_days_across_them() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    for minute in 0..60 {
        let start = format!("2026-11-25T12:{minute:02}:00Z");
        PastTimer::new(&start, 10, &format!("{minute}"))
            .store(&server, &ada)
            .await;
    }
    let first = data(&ada, "/history").await;
    let newest: Vec<String> = (10..60).rev().map(|minute| minute.to_string()).collect();
    assert_eq!(titles(&first), newest);
    let cursor = first["next"].as_str().unwrap();
    let second = data(&ada, &format!("/history?before={cursor}")).await;
    let oldest: Vec<String> = (0..10).rev().map(|minute| minute.to_string()).collect();
    assert_eq!(titles(&second), oldest);
    assert_eq!((&second["next"], &second["is_newest"]), (&Value::Null, &json!(false)));
    for page in [&first, &second] {
        let sum = json!({ "seconds": 600, "count": 60 });
        assert_eq!(page["weeks"][0]["days"][0]["sum"], sum, "the whole day");
    }
}

#[tokio::test]
async fn days_of_the_history_are_the_readers() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    PastTimer::new("2026-11-25T14:59:59Z", 10, "Before midnight")
        .store(&server, &ada)
        .await;
    PastTimer::new("2026-11-25T15:00:00Z", 10, "After midnight")
        .store(&server, &ada)
        .await;
    let credentials = json!({ "email": "ada@example.com", "password": "correct horse" });
    let signed_in = server
        .request(Method::POST, "/v1/auth/sign-in")
        .json(&credentials)
        .send();
    let signed_in = signed_in.await.unwrap();
    let session = signed_in.headers()["set-cookie"].to_str().unwrap();
    let session = session.split(';').next().unwrap();
    let count = async |zone: &str| {
        let page = server.request(Method::GET, "/api/page/history");
        let page = page.header(COOKIE, format!("{session}; lockstep_tz={zone}")).send();
        let page: Value = page.await.unwrap().json().await.unwrap();
        page["weeks"][0]["days"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(count("Asia/Seoul").await, 2);
    assert_eq!(count("UTC").await, 1);
}

#[tokio::test]
async fn a_timer_is_opened_by_its_owner_and_by_those_who_may_read_it() {
    let server = TestServer::start().await;
    let (ada, ben, eve) = (
        server.user("ada").await,
        server.user("ben").await,
        server.user("eve").await,
    );
    befriend(&ada, &ben).await;
    let hidden =
        json!({ "title": "Hidden plan", "start_time": "2026-01-01T10:00:00Z", "end_time": "2026-01-01T11:00:00Z" });
    let schedule = ada.made("/v1/schedules", hidden).await["id"].clone();
    let timer = ada.connect().live().await.change(create("Write")).await;
    let path = format!("/timers/{}", timer.id);
    ada.patch(&format!("/v1{path}"), json!({ "schedule_id": schedule }))
        .await;

    let own = data(&ada, &path).await;
    assert_eq!(
        (&own["is_own"], &own["schedule"]),
        (&json!(true), &json!("Hidden plan"))
    );
    assert_eq!(own["sharing"]["level"], "private");
    assert_eq!(own["friends"].as_array().unwrap().len(), 1);
    let status = async |user: &User, path: &str| user.request(Method::GET, path).send().await.unwrap().status();
    for user in [&ben, &eve] {
        assert_eq!(status(user, &path).await, StatusCode::NOT_FOUND);
        assert_eq!(status(user, &format!("/api/page{path}")).await, StatusCode::NOT_FOUND);
    }
    share(&ada, "timer", &timer.id.to_string(), json!({ "level": "friends" })).await;
    let shared = data(&ben, &path).await;
    assert_eq!(
        (&shared["is_own"], &shared["timer"]["title"]),
        (&json!(false), &json!("Write"))
    );
    assert_eq!(
        (&shared["schedule"], &shared["timer"]["schedule_id"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        (&shared["friends"], &shared["sharing"]["level"]),
        (&json!([]), &json!("private"))
    );
    assert_eq!(status(&eve, &path).await, StatusCode::NOT_FOUND);
    share(&ada, "timer", &timer.id.to_string(), json!({ "level": "public" })).await;
    let public = data(&eve, &path).await;
    assert_eq!(
        (&public["is_own"], &public["owner_name"]),
        (&json!(false), &Value::Null)
    );
    for unknown in ["/timers/x", "/timers/00000000-0000-7000-8000-000000000000"] {
        assert_eq!(status(&ada, unknown).await, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn several_timers_are_deleted_at_once_and_each_is_published() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let mut live = ada.connect().live().await;
    let first = live.change(create("One")).await;
    let second = live.change(create("Two")).await;
    let kept = live.change(create("Three")).await;
    let hers = eve.connect().live().await.change(create("Hers")).await;
    let path = format!(
        "/v1/timers?timer_ids={}&timer_ids={}&timer_ids={}&timer_ids={}",
        first.id, hers.id, second.id, first.id
    );
    assert_eq!(ada.delete(&path).await, (StatusCode::OK, json!({ "ok": true })));
    let mut deleted = Vec::new();
    for _ in 0..2 {
        let event = live.next_json().await;
        assert_eq!(event["type"], "timer.deleted");
        deleted.push(event["payload"]["timer_id"].clone());
    }
    deleted.sort_by_key(Value::to_string);
    assert_eq!(deleted, [json!(first.id), json!(second.id)]);
    let list = ada.read("/v1/timers").await;
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["id"], json!(kept.id));
    assert_eq!(eve.get(&format!("/v1/timers/{}", hers.id)).await.0, StatusCode::OK);
    assert_eq!(ada.delete(&path).await.0, StatusCode::OK, "again");
    live.is_silent().await;
    for refused in ["/v1/timers", "/v1/timers?timer_ids=x"] {
        assert_eq!(
            ada.delete(refused).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{refused}"
        );
    }
}
