//! Time by day and the filters of timers: `GET /v1/timers` and `/v1/timers/totals`.

use crate::support::{Connect, PastTimer, TestServer, User, act, create, oidc_users, titles};
use protocol::timers::Action;
use reqwest::StatusCode;
use serde_json::{Value, json};

async fn totals(user: &User, query: &str) -> Value {
    user.read(&format!("/v1/timers/totals?{query}")).await
}

/// The days of totals as (date, seconds, count).
fn days(totals: &Value) -> Vec<(&str, i64, i64)> {
    let number = |day: &Value, name: &str| day[name].as_i64().unwrap();
    let day = |day: &'_ Value| (number(day, "seconds"), number(day, "count"));
    let days = totals["days"].as_array().unwrap().iter();
    days.map(|one| (one["date"].as_str().unwrap(), day(one).0, day(one).1))
        .collect()
}

#[tokio::test]
async fn totals_are_by_the_readers_days_and_by_first_start() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    for (start, seconds) in [
        ("2026-11-25T14:59:59.999Z", 60),
        // Midnight in Seoul; it goes on for longer than a day, and counts for the day of its start.
        ("2026-11-25T15:00:00Z", 100_000),
        ("2026-11-26T14:59:59.999Z", 5),
        ("2026-11-26T15:00:00Z", 7),
    ] {
        PastTimer::new(start, seconds, "Work").store(&server, &ada).await;
    }
    PastTimer::new("2026-11-26T01:00:00Z", 9, "Hers")
        .store(&server, &eve)
        .await;

    let range = "start_date=2026-11-25&end_date=2026-11-27";
    let seoul = totals(&ada, &format!("{range}&timezone=Asia/Seoul")).await;
    let expected = [("2026-11-25", 60, 1), ("2026-11-26", 100_005, 2), ("2026-11-27", 7, 1)];
    assert_eq!(days(&seoul), expected);
    assert_eq!((&seoul["seconds"], &seoul["count"]), (&json!(100_072), &json!(4)));
    let utc = totals(&ada, range).await;
    assert_eq!(days(&utc), [("2026-11-25", 100_060, 2), ("2026-11-26", 12, 2)]);
    let one = totals(&ada, "start_date=2026-11-26&end_date=2026-11-26&timezone=Asia/Seoul").await;
    assert_eq!(days(&one), [("2026-11-26", 100_005, 2)]);
    let none = totals(&ada, "start_date=2020-01-01&end_date=2020-01-02").await;
    assert_eq!(none, json!({ "days": [], "seconds": 0, "count": 0 }));
}

#[tokio::test]
async fn days_with_a_clock_change_have_23_or_25_hours() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    for start in [
        "2026-03-28T22:59:59Z", // 23:59:59 on the 28th
        "2026-03-28T23:00:00Z", // 00:00 on the 29th
        "2026-03-29T21:59:59Z", // 23:59:59 in summer
        "2026-03-29T22:00:00Z", // 00:00 on the 30th
        "2026-10-24T22:00:00Z", // 00:00 on the 25th, in summer
        "2026-10-25T22:59:59Z", // 23:59:59 in winter
        "2026-10-25T23:00:00Z", // 00:00 on the 26th
    ] {
        PastTimer::new(start, 1, "Night").store(&server, &ada).await;
    }
    let year = totals(&ada, "start_date=2026-01-01&end_date=2026-12-31&timezone=Europe/Berlin").await;
    let expected = [
        ("2026-03-28", 1, 1),
        ("2026-03-29", 2, 2),
        ("2026-03-30", 1, 1),
        ("2026-10-25", 2, 2),
        ("2026-10-26", 1, 1),
    ];
    assert_eq!(days(&year), expected);
}

#[tokio::test]
async fn running_timers_count_as_far_as_they_are_and_reading_writes_nothing() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let timer = ada.connect().live().await.change(create("Now")).await;
    let start = timer.started_at.millis() - 90_000;
    let back = format!(
        "UPDATE timers SET started_at = {start}, created_at = {start} WHERE id = '{}'",
        timer.id
    );
    server.database.run(&back).await;
    let today = timer.started_at.plus_millis(-90_000).iso_date();
    let tomorrow = timer.started_at.plus_millis(86_400_000).iso_date();
    let path = format!("/v1/timers/{}", timer.id);
    let before = ada.read(&path).await;
    let totals = totals(&ada, &format!("start_date={today}&end_date={tomorrow}")).await;
    assert!(totals["seconds"].as_i64().unwrap() >= 90, "{totals}");
    let after = ada.read(&path).await;
    assert_eq!(before["updated_at"], after["updated_at"]);
}

#[tokio::test]
async fn totals_refuse_other_dates_and_too_many_days() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    for (query, name) in [
        ("end_date=2026-01-01", "start_date"),
        ("start_date=2026-01-01", "end_date"),
        ("start_date=2026-01-01&end_date=2025-12-31", "end_date"),
        ("start_date=2026-01-01&end_date=2027-02-05", "end_date"),
        ("start_date=2026-01-01T00:00:00Z&end_date=2026-01-01", "start_date"),
        ("start_date=0001-01-01&end_date=0002-01-01", "start_date"),
        ("start_date=2026-01-01&end_date=2026-01-01&tag_ids=x", "tag_ids"),
        ("start_date=2026-01-01&end_date=2026-01-01&schedule_id=x", "schedule_id"),
        ("start_date=2026-01-01&end_date=2026-01-01&text=%00", "text"),
    ] {
        let (status, body) = ada.get(&format!("/v1/timers/totals?{query}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {body}");
        assert_eq!(body["detail"][0]["loc"][1], name, "{query}: {body}");
    }
    let long = format!("/v1/timers?text={}", "a".repeat(101));
    assert_eq!(ada.get(&long).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, body) = ada
        .get("/v1/timers/totals?start_date=2026-01-01&end_date=2026-01-01&timezone=Mars")
        .await;
    assert_eq!(
        (status.as_u16(), &body["error_type"]),
        (400, &json!("InvalidTimezoneError"))
    );
    let year = "start_date=2026-01-01&end_date=2027-02-04";
    assert_eq!(totals(&ada, year).await["count"], 0);
    for edge in [
        "start_date=0002-01-01&end_date=0002-01-01",
        "start_date=9998-12-31&end_date=9998-12-31",
    ] {
        assert_eq!(totals(&ada, &format!("{edge}&timezone=Asia/Seoul")).await["count"], 0);
    }
}

/// What the filter of lists and totals finds, which must be the same.
async fn found(user: &User, filter: &str) -> Vec<String> {
    let list = user.read(&format!("/v1/timers?{filter}")).await;
    let count = totals(user, &format!("start_date=2026-01-01&end_date=2026-12-31&{filter}")).await["count"].take();
    assert_eq!(count, list.as_array().unwrap().len(), "{filter}");
    titles(&list).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn timers_are_found_by_text_tags_and_links() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let group = ada
        .made("/v1/tags/groups", json!({ "name": "Work", "color": "#fff" }))
        .await;
    let mut tags = Vec::new();
    for name in ["deep", "calls"] {
        let tag = json!({ "name": name, "color": "#fff", "group_id": group["id"] });
        tags.push(ada.made("/v1/tags", tag).await["id"].as_str().unwrap().to_owned());
    }
    let (deep, calls) = (tags[0].as_str(), tags[1].as_str());
    let schedule = json!({ "title": "Focus", "start_time": "2026-05-01T10:00:00Z", "end_time": "2026-05-01T11:00:00Z",
                           "tag_ids": [deep] });
    let schedule = ada.made("/v1/schedules", schedule).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let todo = json!({ "title": "Paper", "tag_group_id": group["id"], "tag_ids": [calls] });
    let todo = ada.made("/v1/todos", todo).await["id"].as_str().unwrap().to_owned();
    for timer in [
        PastTimer {
            tags: &[deep, calls],
            ..PastTimer::new("2026-05-01T01:00:00Z", 1, "Both 100%")
        },
        PastTimer {
            schedule: Some(&schedule),
            ..PastTimer::new("2026-05-01T02:00:00Z", 1, "보고서 작성")
        },
        PastTimer {
            todo: Some(&todo),
            ..PastTimer::new("2026-05-01T03:00:00Z", 1, "ÄRGER_call")
        },
        // A schedule's tags replace those of the todo.
        PastTimer {
            schedule: Some(&schedule),
            todo: Some(&todo),
            tags: &[deep],
            ..PastTimer::new("2026-05-01T04:00:00Z", 1, "Linked twice")
        },
        PastTimer {
            status: "CANCELLED",
            ..PastTimer::new("2026-05-01T05:00:00Z", 1, "Nothing")
        },
    ] {
        timer.store(&server, &ada).await;
    }
    let twice = "Linked twice";
    for (filter, expected) in [
        (
            "text=".to_owned(),
            vec!["Nothing", twice, "ÄRGER_call", "보고서 작성", "Both 100%"],
        ),
        ("text=LINKED".to_owned(), vec![twice]),
        ("text=%C3%A4rger".to_owned(), vec!["ÄRGER_call"]),
        ("text=%EB%B3%B4%EA%B3%A0".to_owned(), vec!["보고서 작성"]),
        ("text=%25".to_owned(), vec!["Both 100%"]),
        ("text=r_c".to_owned(), vec!["ÄRGER_call"]),
        ("text=r-c".to_owned(), vec![]),
        (format!("tag_ids={deep}"), vec![twice, "보고서 작성", "Both 100%"]),
        (format!("tag_ids={calls}"), vec!["ÄRGER_call", "Both 100%"]),
        (format!("tag_ids={deep}&tag_ids={calls}"), vec!["Both 100%"]),
        (format!("tag_ids={}", "019a0000-0000-7000-8000-000000000000"), vec![]),
        (format!("schedule_id={schedule}"), vec![twice, "보고서 작성"]),
        (format!("todo_id={todo}"), vec![twice, "ÄRGER_call"]),
        (
            format!("todo_id={todo}&schedule_id={schedule}&text=twice&tag_ids={deep}"),
            vec![twice],
        ),
        ("status=cancelled".to_owned(), vec!["Nothing"]),
        ("status=unknown".to_owned(), vec![]),
        ("type=independent&text=o".to_owned(), vec!["Nothing", "Both 100%"]),
    ] {
        assert_eq!(found(&ada, &filter).await, expected, "{filter}");
    }
    // Filters hold on every page.
    let (status, first) = ada.get(&format!("/v1/timers?limit=2&tag_ids={deep}")).await;
    assert_eq!((status, titles(&first)), (StatusCode::OK, vec![twice, "보고서 작성"]));
}

#[tokio::test]
async fn timers_of_others_are_found_by_text_and_their_own_tags() {
    let oidc = oidc_users::OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let group = ada
        .made("/v1/tags/groups", json!({ "name": "Work", "color": "#fff" }))
        .await;
    let tag = json!({ "name": "deep", "color": "#fff", "group_id": group["id"] });
    let tag = ada.made("/v1/tags", tag).await["id"].as_str().unwrap().to_owned();
    let mut desk: crate::support::Client = Connect::live(&ada.connect()).await;
    for (title, tags) in [("Tea", vec![]), ("Toast", vec![&tag])] {
        let timer = desk.change(create(title)).await;
        desk.change(act(Action::Stop, timer.id)).await;
        let path = format!("/v1/timers/{}", timer.id);
        assert_eq!(ada.patch(&path, json!({ "tag_ids": tags })).await.0, StatusCode::OK);
        oidc_users::share(&ada, "timer", &timer.id.to_string(), json!({ "level": "public" })).await;
    }
    for (filter, expected) in [
        ("text=T".to_owned(), vec!["Toast", "Tea"]),
        ("text=toa".to_owned(), vec!["Toast"]),
        (format!("tag_ids={tag}"), vec!["Toast"]),
        (format!("tag_ids={tag}&text=tea"), vec![]),
    ] {
        let list = eve.read(&format!("/v1/timers?scope=shared&{filter}")).await;
        assert_eq!(titles(&list), expected, "{filter}");
    }
    let today = "start_date=2026-01-01&end_date=2026-12-31";
    assert_eq!(totals(&eve, today).await["count"], 0, "totals are of one's own timers");
}
