//! Recurring schedules and their occurrences (contract, REST 7.6 and 12.10).

use crate::support::{Process, TestServer, User, refusal, sign_up};
use reqwest::StatusCode;
use serde_json::{Value, json};

fn recurring(rule: &str, end: Option<&str>) -> Value {
    json!({ "title": "Stand-up", "description": "Daily", "start_time": "2024-01-01T10:00:00Z",
            "end_time": "2024-01-01T10:30:00Z", "recurrence_rule": rule, "recurrence_end": end })
}

async fn create_recurring(user: &User, rule: &str, end: Option<&str>) -> (String, String) {
    let made = user.made("/v1/schedules", recurring(rule, end)).await;
    let id = made["id"].as_str().unwrap().to_owned();
    (format!("/v1/schedules/{id}"), id)
}

async fn starts(user: &User, from: &str, until: &str) -> Vec<String> {
    let list = user
        .read(&format!("/v1/schedules?start_date={from}&end_date={until}"))
        .await;
    let starts = list.as_array().unwrap().iter();
    starts
        .map(|item| item["start_time"].as_str().unwrap()[..16].to_owned())
        .collect()
}

#[tokio::test]
async fn occurrences_are_listed_beside_plain_schedules() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (path, id) = create_recurring(&ada, "rrule:freq=weekly;byday=mo", Some("2024-01-29T23:59:59Z")).await;
    let plain = json!({ "title": "Plain", "start_time": "2024-01-08T08:00:00Z", "end_time": "2024-01-08T09:00:00Z" });
    ada.made("/v1/schedules", plain).await;
    let query = "/v1/schedules?start_date=2024-01-01&end_date=2024-02-28&timezone=Asia/Seoul";
    let list = ada.read(query).await;
    assert_eq!(list.as_array().unwrap().len(), 6);
    assert_eq!(list[1]["title"], "Plain");
    let instance = &list[2];
    assert_eq!(
        (&instance["parent_id"], &instance["start_time"]),
        (&json!(id), &json!("2024-01-08T19:00:00+0900"))
    );
    assert_eq!((&instance["state"], &instance["tags"]), (&json!("PLANNED"), &json!([])));
    assert_eq!(instance["title"], "Stand-up");
    for name in [
        "owner_id",
        "recurrence_rule",
        "recurrence_end",
        "tag_group_id",
        "source_todo_id",
        "visibility_level",
    ] {
        assert_eq!(instance[name], Value::Null, "{name}");
    }
    let virtual_path = format!("/v1/schedules/{}", instance["id"].as_str().unwrap());
    assert_eq!(ada.get(&virtual_path).await.0, 404, "not addressable");
    assert_ne!(
        ada.read(query).await[2]["id"],
        instance["id"],
        "the id is new at every read"
    );
    assert_eq!(
        ada.read(&path).await["recurrence_rule"],
        "rrule:freq=weekly;byday=mo",
        "the rule's text is kept as given"
    );

    assert_eq!(ada.patch(&path, json!({ "recurrence_rule": null })).await.0, 200);
    assert_eq!(
        starts(&ada, "2024-01-01", "2024-02-28").await.len(),
        2,
        "it no longer recurs"
    );
    assert_eq!(
        ada.patch(&path, json!({ "recurrence_rule": "" })).await.1["recurrence_rule"],
        ""
    );
    assert_eq!(starts(&ada, "2024-01-08", "2024-02-28").await.len(), 1);
}

#[tokio::test]
async fn occurrence_overlaps_a_window_for_its_whole_duration() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    create_recurring(&ada, "FREQ=DAILY", Some("2024-01-10T23:59:59Z")).await;
    assert_eq!(starts(&ada, "2024-01-05", "2024-01-07T23:59:59Z").await.len(), 3);
    assert_eq!(
        starts(&ada, "2024-01-05T10:30:00Z", "2024-01-05T11:00:00Z").await.len(),
        1,
        "bounds are inclusive"
    );
    assert_eq!(
        starts(&ada, "2024-01-05T10:30:01Z", "2024-01-05T11:00:00Z").await.len(),
        0
    );
}

#[tokio::test]
async fn occurrence_can_be_changed_removed_and_revived() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let (path, id) = create_recurring(&ada, "FREQ=DAILY;COUNT=5", None).await;
    let second = format!("{path}?instance_start=2024-01-02T19:00:30%2B09:00");
    let (status, changed) = ada.patch(&second, json!({ "title": "Later", "start_time": "2024-01-20T12:00:00Z", "end_time": "2024-01-20T13:00:00Z", "tag_ids": [] })).await;
    assert_eq!(
        (status.as_u16(), &changed["parent_id"], &changed["title"]),
        (200, &json!(id), &json!("Later"))
    );
    assert_eq!(changed["description"], "Daily", "inherited from the parent");
    let all = [
        "2024-01-01T10:00",
        "2024-01-03T10:00",
        "2024-01-04T10:00",
        "2024-01-05T10:00",
        "2024-01-20T12:00",
    ];
    assert_eq!(starts(&ada, "2024-01-01", "2024-01-31").await, all);
    assert_eq!(
        starts(&ada, "2024-01-02", "2024-01-02T23:59:59").await,
        [""; 0],
        "the occurrence was moved"
    );
    assert_eq!(
        starts(&ada, "2024-01-20", "2024-01-21").await,
        ["2024-01-20T12:00"],
        "a moved occurrence is in the window of its new time"
    );

    let exact = format!("{path}?instance_start=2024-01-02T10:00:00Z");
    assert_eq!(ada.delete(&exact).await, (StatusCode::OK, json!({ "ok": true })));
    assert_eq!(
        starts(&ada, "2024-01-01", "2024-01-31").await,
        [all[0], all[1], all[2], all[3]]
    );
    for (from, until) in [
        ("2024-01-02", "2024-01-02T10:00:00"),
        ("2024-01-02T10:30:00", "2024-01-03"),
        ("2024-01-20", "2024-01-21"),
    ] {
        assert_eq!(starts(&ada, from, until).await, [""; 0], "12.10: removed in any window");
    }
    let (_, revived) = ada.patch(&exact, json!({ "start_time": null, "end_time": null })).await;
    assert_eq!(
        (&revived["title"], &revived["start_time"]),
        (&json!("Later"), &json!("2024-01-02T10:00:00+0000"))
    );
    assert_eq!(starts(&ada, "2024-01-01", "2024-01-31").await.len(), 5);

    for times in [
        json!({ "end_time": "2024-01-02T10:00:00Z" }),
        json!({ "start_time": "2024-01-02T12:00:00Z" }),
    ] {
        assert_eq!(
            ada.patch(&exact, times).await.0,
            422,
            "12.10: the end must be after the start"
        );
    }
    assert_eq!(
        ada.patch(&format!("{path}?instance_start=soon"), json!({})).await.0,
        422
    );
    for answer in [eve.patch(&exact, json!({})).await, eve.delete(&exact).await] {
        assert_eq!(refusal(answer), (404, "ScheduleNotFoundError".into()));
    }
    ada.patch(&path, json!({ "recurrence_rule": "" })).await;
    for answer in [ada.patch(&exact, json!({})).await, ada.delete(&exact).await] {
        assert_eq!(answer.1["message"], "This schedule is not a recurring schedule");
        assert_eq!(refusal(answer), (400, "RecurringScheduleError".into()));
    }
}

#[tokio::test]
async fn schedule_is_deleted_with_its_last_occurrence() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (bounded, _) = create_recurring(&ada, "FREQ=DAILY", Some("2024-01-03T10:00:00Z")).await;
    let (open, _) = create_recurring(&ada, "FREQ=DAILY;COUNT=3", None).await;
    for day in 1..=3 {
        assert_eq!(ada.get(&bounded).await.0, 200);
        for path in [&bounded, &open] {
            let occurrence = format!("{path}?instance_start=2024-01-0{day}T10:00:59Z");
            assert_eq!(ada.delete(&occurrence).await.0, 200);
        }
    }
    assert_eq!(refusal(ada.get(&bounded).await), (404, "ScheduleNotFoundError".into()));
    assert_eq!(ada.get(&open).await.0, 200, "a schedule without recurrence_end stays");
    assert_eq!(starts(&ada, "2024-01-01", "2024-01-31").await, [""; 0]);
}

#[tokio::test]
async fn invalid_rules_are_refused_and_hostile_ones_are_bounded() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    for rule in ["FREQ=SOMETIMES", "FREQ=DAILY;COUNT=0", "x", "FREQ=DAILY;BYHOUR=99"] {
        let (status, body) = ada.post("/v1/schedules", recurring(rule, None)).await;
        assert_eq!(body["message"], "Invalid recurrence rule: RRULE format is invalid");
        assert_eq!(
            refusal((status, body)),
            (400, "InvalidRecurrenceRuleError".into()),
            "{rule}"
        );
    }
    let (status, body) = ada
        .post("/v1/schedules", recurring("FREQ=DAILY", Some("2023-12-31T00:00:00Z")))
        .await;
    assert!(
        body["message"]
            .as_str()
            .unwrap()
            .starts_with("Invalid recurrence end: recurrence_end must be after")
    );
    assert_eq!(refusal((status, body)), (400, "InvalidRecurrenceEndError".into()));
    let unchecked =
        json!({ "title": "x", "start_time": 1_704_103_200, "end_time": 1_704_103_201, "recurrence_end": "2000-01-01" });
    let path = format!(
        "/v1/schedules/{}",
        ada.made("/v1/schedules", unchecked).await["id"].as_str().unwrap()
    );
    assert_eq!(
        refusal(ada.patch(&path, json!({ "recurrence_rule": "FREQ=DAILY" })).await).1,
        "InvalidRecurrenceEndError"
    );

    create_recurring(&ada, "FREQ=SECONDLY", None).await;
    for window in ["2024-01-01&end_date=3024-01-01", "0001-01-01&end_date=9999-12-31"] {
        let list = ada.read(&format!("/v1/schedules?start_date={window}")).await;
        assert!(
            list.as_array().unwrap().iter().all(|one| one["parent_id"].is_null()),
            "rules over the budget are left out"
        );
    }
    let far = ada
        .read("/v1/schedules?start_date=9000-01-01T00:00:00Z&end_date=9000-01-01T00:00:05Z")
        .await;
    assert_eq!(
        far.as_array().unwrap().len(),
        1000,
        "one page, with occurrences that began before the window"
    );
    assert_eq!(
        ada.get("/v1/schedules?start_date=9999-12-31&end_date=0001-01-01")
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn rule_with_a_timezone_keeps_its_local_hour_across_dst() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let text = "DTSTART;TZID=Europe/Berlin:20240330T100000\nRRULE:FREQ=DAILY;COUNT=3";
    let body = json!({ "title": "Run", "start_time": "2024-03-30T10:00:00+01:00", "end_time": "2024-03-30T11:00:00+01:00", "recurrence_rule": text });
    assert_eq!(ada.made("/v1/schedules", body).await["recurrence_rule"], text);
    let shown = async |zone: &str| {
        let list = ada
            .read(&format!(
                "/v1/schedules?start_date=2024-03-01&end_date=2024-04-30&timezone={zone}"
            ))
            .await;
        list.as_array()
            .unwrap()
            .iter()
            .map(|item| item["start_time"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        shown("Europe/Berlin").await,
        [
            "2024-03-30T10:00:00+0100",
            "2024-03-31T10:00:00+0200",
            "2024-04-01T10:00:00+0200"
        ]
    );
    assert_eq!(
        shown("UTC").await,
        [
            "2024-03-30T09:00:00+0000",
            "2024-03-31T08:00:00+0000",
            "2024-04-01T08:00:00+0000"
        ]
    );
}

#[tokio::test]
async fn rule_that_matches_nothing_logs_nothing() {
    let process = Process::with([("LOG_LEVEL", "debug")]).await;
    let ada = sign_up(&process.address, "ada").await;
    create_recurring(&ada, "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", None).await;
    for _ in 0..5 {
        assert!(starts(&ada, "2024-01-01", "2024-02-28").await.is_empty());
    }
    let log = process.log();
    let about_rules = log
        .lines()
        .filter(|line| line.contains("recurr") || line.contains("rule"));
    assert_eq!(about_rules.count(), 0, "{log}");
}
