//! Changes of recurring schedules: their exceptions, their moved occurrences, "this and following" (contract, REST 7.6).

use crate::support::{
    TestServer, User,
    oidc_users::{befriend, share},
    refusal,
};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// A schedule that recurs from Monday, 2024-01-01, at 10:00; its path.
async fn create(user: &User, rule: &str) -> String {
    let new = json!({ "title": "Stand-up", "start_time": "2024-01-01T10:00:00Z", "end_time": "2024-01-01T10:30:00Z",
                      "recurrence_rule": rule });
    path_of(&user.made("/v1/schedules", new).await)
}

fn path_of(schedule: &Value) -> String {
    format!("/v1/schedules/{}", schedule["id"].as_str().unwrap())
}

fn at(path: &str, start: &str) -> String {
    format!("{path}?instance_start={start}")
}

async fn listed(user: &User, query: &str) -> Vec<Value> {
    let list = user.read(&format!("/v1/schedules?{query}")).await;
    list.as_array().unwrap().clone()
}

/// The starts of January and February 2024.
async fn starts(user: &User) -> Vec<String> {
    let list = listed(user, "start_date=2024-01-01&end_date=2024-02-29").await;
    list.iter().map(start).collect()
}

fn start(item: &Value) -> String {
    item["start_time"].as_str().unwrap()[5..16].to_owned()
}

async fn patched(user: &User, path: &str, changes: Value) -> Value {
    let (status, answer) = user.patch(path, changes).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

#[tokio::test]
async fn exceptions_stay_with_their_occurrences_when_the_series_changes() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let path = create(&ada, "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=6").await;
    ada.delete(&at(&path, "2024-01-03T10:00:00Z")).await;
    patched(&ada, &at(&path, "2024-01-08T10:00:00Z"), json!({ "title": "Planning" })).await;
    let moved = json!({ "start_time": "2024-01-12T08:00:00Z", "end_time": "2024-01-12T09:00:00Z" });
    patched(&ada, &at(&path, "2024-01-10T10:00:00Z"), moved).await;
    let (before, other) = (
        [
            "01-01T10:00",
            "01-08T10:00",
            "01-12T08:00",
            "01-15T10:00",
            "01-17T10:00",
        ],
        "01-12T08:00",
    );
    assert_eq!(starts(&ada).await, before);

    let later = json!({ "start_time": "2024-01-01T14:00:00Z", "end_time": "2024-01-01T14:30:00Z" });
    let answer = patched(&ada, &path, later).await;
    assert_eq!(answer["dropped_exceptions"], json!([]));
    let all = ["01-01T14:00", "01-08T14:00", other, "01-15T14:00", "01-17T14:00"];
    assert_eq!(starts(&ada).await, all, "another time of the day");
    let list = listed(&ada, "start_date=2024-01-08&end_date=2024-01-08T23:59:59").await;
    assert_eq!((list.len(), &list[0]["title"]), (1, &json!("Planning")));

    patched(
        &ada,
        &path,
        json!({ "recurrence_rule": "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=6" }),
    )
    .await;
    let all = ["01-02T14:00", "01-09T14:00", other, "01-16T14:00", "01-18T14:00"];
    assert_eq!(starts(&ada).await, all, "other days of the week");

    let answer = patched(
        &ada,
        &path,
        json!({ "recurrence_rule": "FREQ=WEEKLY;BYDAY=TU;COUNT=3" }),
    )
    .await;
    let dropped = answer["dropped_exceptions"].as_array().unwrap();
    assert_eq!(dropped.len(), 2, "{answer}");
    assert_eq!(
        (&dropped[0]["original_start"], &dropped[0]["removed"]),
        (&json!("2024-01-04T14:00:00+0000"), &json!(true))
    );
    assert_eq!(dropped[1]["start_time"], "2024-01-12T08:00:00+0000");
    assert_eq!(starts(&ada).await, ["01-02T14:00", "01-09T14:00", "01-16T14:00"]);
    let answer = patched(&ada, &path, json!({ "recurrence_rule": null })).await;
    assert_eq!(
        answer["dropped_exceptions"].as_array().unwrap().len(),
        1,
        "it recurs no more"
    );
    assert_eq!(
        ada.read(&path).await.get("dropped_exceptions"),
        None,
        "only the change says it"
    );
}

#[tokio::test]
async fn exceptions_move_with_a_series_that_takes_its_days_from_its_start() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let path = create(
        &ada,
        "FREQ=DAILY;COUNT=5\nEXDATE:20240104T100000Z\nRDATE:20240120T100000Z",
    )
    .await;
    for day in ["02", "03"] {
        ada.delete(&at(&path, &format!("2024-01-{day}T10:00:00Z"))).await;
    }
    assert_eq!(starts(&ada).await, ["01-01T10:00", "01-05T10:00", "01-20T10:00"]);
    let next_day = json!({ "start_time": "2024-01-02T11:00:00Z", "end_time": "2024-01-02T11:30:00Z" });
    let answer = patched(&ada, &path, next_day).await;
    assert_eq!(answer["dropped_exceptions"], json!([]));
    assert_eq!(
        answer["recurrence_rule"], "RRULE:FREQ=DAILY;COUNT=5\nRDATE:20240121T110000Z\nEXDATE:20240105T110000Z",
        "the dates in the text move as well"
    );
    assert_eq!(starts(&ada).await, ["01-02T11:00", "01-06T11:00", "01-21T11:00"]);
}

#[tokio::test]
async fn a_moved_occurrence_is_named_by_its_original_and_by_its_shown_start() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let path = create(&ada, "FREQ=DAILY;COUNT=3").await;
    let moved = json!({ "start_time": "2024-01-20T08:00:00Z", "end_time": "2024-01-20T09:00:00Z" });
    let answer = patched(&ada, &at(&path, "2024-01-02T10:00:00Z"), moved).await;
    assert_eq!(answer["original_start"], "2024-01-02T10:00:00+0000");
    let list = listed(&ada, "start_date=2024-01-20&end_date=2024-01-21&timezone=Asia/Seoul").await;
    assert_eq!(list[0]["original_start"], "2024-01-02T19:00:00+0900");
    for (name, title) in [("2024-01-20T08:00:30Z", "Shown"), ("2024-01-02T10:00:00Z", "Original")] {
        let answer = patched(&ada, &at(&path, name), json!({ "title": title })).await;
        assert_eq!(
            (&answer["title"], start(&answer)),
            (&json!(title), "01-20T08:00".to_owned())
        );
    }
    assert_eq!(ada.delete(&at(&path, "2024-01-20T08:00:00Z")).await.0, 200);
    assert_eq!(starts(&ada).await, ["01-01T10:00", "01-03T10:00"]);
    patched(&ada, &at(&path, "2024-01-20T08:00:00Z"), json!({})).await;
    assert_eq!(
        starts(&ada).await,
        ["01-01T10:00", "01-03T10:00", "01-20T08:00"],
        "restored"
    );

    for nothing in ["2024-01-01T12:00:00Z", "2024-01-04T10:00:00Z", "2023-12-31T10:00:00Z"] {
        for answer in [
            ada.patch(&at(&path, nothing), json!({ "title": "x" })).await,
            ada.delete(&at(&path, nothing)).await,
            ada.delete(&format!("{}&following=true", at(&path, nothing))).await,
        ] {
            assert_eq!(refusal(answer), (404, "OccurrenceNotFoundError".into()), "{nothing}");
        }
    }
    assert_eq!(starts(&ada).await.len(), 3);
}

#[tokio::test]
async fn an_occurrence_that_was_moved_out_of_the_series_is_found_by_its_date() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    befriend(&ada, &eve).await;
    let path = create(&ada, "FREQ=DAILY;UNTIL=20240105T100000Z").await;
    share(
        &ada,
        "schedule",
        path.rsplit('/').next().unwrap(),
        json!({ "level": "friends" }),
    )
    .await;
    for (original, new) in [("2024-01-02", "2023-06-01"), ("2024-01-05", "2025-03-01")] {
        let times = json!({ "start_time": format!("{new}T10:00:00Z"), "end_time": format!("{new}T11:00:00Z") });
        patched(&ada, &at(&path, &format!("{original}T10:00:00Z")), times).await;
        for (reader, scope) in [(&ada, "mine"), (&eve, "shared")] {
            let query = format!("scope={scope}&start_date={new}&end_date={new}T23:00:00Z");
            let list = listed(reader, &query).await;
            assert_eq!(list.len(), 1, "{new} {scope}");
            assert_eq!(list[0]["original_start"], format!("{original}T10:00:00+0000"));
        }
    }
    patched(&ada, &path, json!({ "description": "Changed" })).await;
    let list = listed(&ada, "start_date=2023-06-01&end_date=2023-06-02").await;
    assert_eq!(list.len(), 1, "also after a change of the series");
}

#[tokio::test]
async fn a_change_of_this_and_following_occurrences_makes_a_series_of_them() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    befriend(&ada, &eve).await;
    let path = create(&ada, "FREQ=DAILY;COUNT=6").await;
    share(
        &ada,
        "schedule",
        path.rsplit('/').next().unwrap(),
        json!({ "level": "friends" }),
    )
    .await;
    ada.delete(&at(&path, "2024-01-02T10:00:00Z")).await;
    ada.delete(&at(&path, "2024-01-05T10:00:00Z")).await;
    let changes = json!({ "title": "Later", "start_time": "2024-01-04T15:00:00Z", "end_time": "2024-01-04T15:30:00Z" });
    let new = patched(
        &ada,
        &format!("{}&following=true", at(&path, "2024-01-04T10:00:00Z")),
        changes,
    )
    .await;
    assert_ne!(path_of(&new), path);
    assert_eq!(
        (&new["title"], &new["recurrence_rule"], &new["dropped_exceptions"]),
        (&json!("Later"), &json!("FREQ=DAILY;COUNT=3"), &json!([]))
    );
    let all = ["01-01T10:00", "01-03T10:00", "01-04T15:00", "01-06T15:00"];
    assert_eq!(
        starts(&ada).await,
        all,
        "the removed occurrences of both parts stay removed"
    );
    let old = ada.read(&path).await;
    assert_eq!(
        (&old["title"], &old["recurrence_rule"]),
        (&json!("Stand-up"), &json!("FREQ=DAILY;COUNT=3"))
    );
    assert_eq!(
        eve.get(&path_of(&new)).await.0,
        200,
        "who saw the series sees both parts"
    );

    let whole = format!("{}&following=true", at(&path, "2024-01-01T10:00:00Z"));
    let same = patched(&ada, &whole, json!({ "title": "Whole" })).await;
    assert_eq!(path_of(&same), path, "from the first one on: the series itself");
    let answer = ada
        .patch(&format!("{path}?following=true"), json!({ "title": "x" }))
        .await;
    assert_eq!(answer.0, 422, "from which one on?");
}

#[tokio::test]
async fn a_series_ends_before_an_occurrence_that_is_deleted_with_the_following_ones() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    for (rule, ends) in [
        ("FREQ=DAILY", "FREQ=DAILY;COUNT=2"),
        ("FREQ=DAILY;COUNT=9", "FREQ=DAILY;COUNT=2"),
        ("FREQ=DAILY;UNTIL=20240201T000000Z", "FREQ=DAILY;COUNT=2"),
        ("RRULE:FREQ=DAILY\nRDATE:20240301T100000Z", "RRULE:FREQ=DAILY;COUNT=2"),
    ] {
        let path = create(&ada, rule).await;
        patched(
            &ada,
            &at(&path, "2024-01-04T10:00:00Z"),
            json!({ "title": "Gone as well" }),
        )
        .await;
        assert_eq!(
            ada.delete(&format!("{}&following=true", at(&path, "2024-01-03T10:00:00Z")))
                .await
                .0,
            200
        );
        assert_eq!(starts(&ada).await, ["01-01T10:00", "01-02T10:00"], "{rule}");
        assert_eq!(ada.read(&path).await["recurrence_rule"], ends);
        assert_eq!(
            ada.delete(&format!("{}&following=true", at(&path, "2024-01-01T10:00:00Z")))
                .await
                .0,
            200
        );
        assert_eq!(ada.get(&path).await.0, 404, "nothing is left");
    }
}

#[tokio::test]
async fn all_day_schedules_have_the_same_dates_for_every_reader() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let new = json!({ "title": "Holiday", "all_day": true, "start_date": "2024-01-08", "end_date": "2024-01-10" });
    let made = ada.made("/v1/schedules?timezone=Asia/Seoul", new).await;
    assert_eq!(
        [
            &made["all_day"],
            &made["start_time"],
            &made["end_time"],
            &made["start_date"],
            &made["end_date"]
        ],
        [
            &json!(true),
            &json!("2024-01-08T00:00:00+0900"),
            &json!("2024-01-10T00:00:00+0900"),
            &json!("2024-01-08"),
            &json!("2024-01-10")
        ]
    );
    for (zone, day) in [("Asia/Seoul", "%2B09:00"), ("America/New_York", "-05:00"), ("UTC", "Z")] {
        for (date, found) in [
            ("2024-01-07", 0),
            ("2024-01-08", 1),
            ("2024-01-09", 1),
            ("2024-01-10", 0),
        ] {
            let query = format!("start_date={date}T00:00:00{day}&end_date={date}T23:59:59{day}&timezone={zone}");
            assert_eq!(listed(&ada, &query).await.len(), found, "{zone} {date}");
        }
    }
    let path = path_of(&made);
    let recurring = json!({ "recurrence_rule": "FREQ=WEEKLY;UNTIL=20240122" });
    patched(&ada, &format!("{path}?timezone=America/New_York"), recurring).await;
    let query = "start_date=2024-01-01T00:00:00-05:00&end_date=2024-01-31T00:00:00-05:00&timezone=America/New_York";
    let dates = async || {
        let list = listed(&ada, query).await;
        list.iter()
            .map(|item| item["start_date"].as_str().unwrap()[5..].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(dates().await, ["01-08", "01-15", "01-22"]);
    let occurrence = "instance_start=2024-01-15T00:00:00-05:00&timezone=America/New_York";
    let moved = patched(
        &ada,
        &format!("{path}?{occurrence}"),
        json!({ "start_date": "2024-01-16", "end_date": "2024-01-17" }),
    )
    .await;
    assert_eq!(
        [&moved["start_date"], &moved["start_time"], &moved["original_start"]],
        [
            &json!("2024-01-16"),
            &json!("2024-01-16T00:00:00-0500"),
            &json!("2024-01-15T00:00:00-0500")
        ]
    );
    assert_eq!(
        ada.delete(&format!("{path}?instance_start=2024-01-22")).await.0,
        200,
        "a bare date names it as well"
    );
    assert_eq!(dates().await, ["01-08", "01-16"]);
    let timed = json!({ "start_time": "2024-01-16T08:00:00Z" });
    assert_eq!(
        ada.patch(&format!("{path}?{occurrence}"), timed).await.0,
        422,
        "an occurrence lasts whole days as well"
    );

    let timed = json!({ "start_time": "2024-01-08T09:00:00-05:00", "end_time": "2024-01-08T10:00:00-05:00" });
    let changed = patched(&ada, &format!("{path}?timezone=America/New_York"), timed).await;
    assert_eq!(
        [&changed["all_day"], &changed["start_time"]],
        [&Value::Null, &json!("2024-01-08T09:00:00-0500")],
        "a client that knows of no whole days makes it a timed one"
    );
    for (body, member) in [
        (json!({ "title": "x", "all_day": true }), "start_date"),
        (json!({ "title": "x", "start_date": "2024-01-08" }), "all_day"),
        (
            json!({ "title": "x", "all_day": true, "start_date": "2024-01-08", "end_date": "2024-01-08" }),
            "end_date",
        ),
        (
            json!({ "title": "x", "all_day": true, "start_date": "2024-02-30" }),
            "start_date",
        ),
    ] {
        let (status, answer) = ada.post("/v1/schedules", body).await;
        assert_eq!(status, 422, "{answer}");
        assert!(answer.to_string().contains(member), "{answer}");
    }
}

#[tokio::test]
async fn a_rule_that_is_too_large_hides_no_other_schedule_and_large_counts_are_no_problem() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let too_large = create(&ada, "FREQ=SECONDLY").await;
    for rule in [
        "FREQ=DAILY;COUNT=50000",
        "FREQ=HOURLY;INTERVAL=24;COUNT=90000",
        "FREQ=MINUTELY;INTERVAL=1440",
    ] {
        create(&ada, rule).await;
    }
    let (from, until) = ("2054-01-05T00:00:00Z", "2054-01-05T23:59:59Z");
    let response = ada.request(
        reqwest::Method::GET,
        &format!("/v1/schedules?start_date={from}&end_date={until}"),
    );
    let response = response.send().await.unwrap();
    let incomplete = response.headers()["x-lockstep-incomplete"].to_str().unwrap().to_owned();
    assert!(too_large.ends_with(&incomplete), "{incomplete}");
    let list: Value = response.json().await.unwrap();
    assert_eq!(
        list.as_array().unwrap().iter().map(start).collect::<Vec<_>>(),
        ["01-05T10:00"; 3]
    );
}

#[tokio::test]
async fn a_series_of_dates_alone_is_divided_as_well() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let path = create(&ada, "RDATE:20240105T100000Z,20240110T100000Z").await;
    let following = |start: &str| format!("{}&following=true", at(&path, start));
    let later = json!({ "start_time": "2024-01-10T12:00:00Z", "end_time": "2024-01-10T12:30:00Z" });
    patched(&ada, &following("2024-01-10T10:00:00Z"), later).await;
    assert_eq!(starts(&ada).await, ["01-01T10:00", "01-05T10:00", "01-10T12:00"]);
    assert_eq!(ada.delete(&following("2024-01-05T10:00:00Z")).await.0, 200);
    assert_eq!(starts(&ada).await, ["01-01T10:00", "01-10T12:00"]);
    assert_eq!(
        ada.read(&path).await["recurrence_rule"],
        Value::Null,
        "one occurrence is no series"
    );
}

#[tokio::test]
async fn a_division_at_an_additional_date_keeps_the_days_of_the_rule() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let path = create(&ada, "FREQ=WEEKLY;COUNT=4\nRDATE:20240110T100000Z").await;
    let later = json!({ "start_time": "2024-01-10T12:00:00Z", "end_time": "2024-01-10T12:30:00Z" });
    patched(
        &ada,
        &format!("{}&following=true", at(&path, "2024-01-10T10:00:00Z")),
        later,
    )
    .await;
    let all = [
        "01-01T10:00",
        "01-08T10:00",
        "01-10T12:00",
        "01-15T12:00",
        "01-22T12:00",
    ];
    assert_eq!(starts(&ada).await, all);
    let earlier = json!({ "start_time": "2024-01-01T08:00:00Z", "end_time": "2024-01-01T08:30:00Z" });
    patched(&ada, &path, earlier).await;
    assert_eq!(
        starts(&ada).await[..2],
        ["01-01T08:00", "01-08T08:00"],
        "the first part can be moved by itself"
    );
}

#[tokio::test]
async fn the_nearest_occurrence_is_meant_and_a_series_stays_while_it_has_one() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let path = create(&ada, "FREQ=MINUTELY;COUNT=4").await;
    for minute in ["00", "01", "02"] {
        assert_eq!(
            ada.delete(&at(&path, &format!("2024-01-01T10:{minute}:00Z"))).await.0,
            200
        );
    }
    assert_eq!(starts(&ada).await, ["01-01T10:03"]);
    ada.delete(&path).await;

    // The rule's own end is later than recurrence_end, and counts.
    let path = create(&ada, "FREQ=DAILY;UNTIL=20240103T100000Z").await;
    patched(&ada, &path, json!({ "recurrence_end": "2024-01-02T00:00:00Z" })).await;
    ada.delete(&at(&path, "2024-01-01T10:00:00Z")).await;
    ada.delete(&at(&path, "2024-01-02T10:00:00Z")).await;
    assert_eq!(starts(&ada).await, ["01-03T10:00"]);
}

#[tokio::test]
async fn whole_days_recur_by_days_and_keep_them_when_they_get_times() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let new =
        |rule: &str| json!({ "title": "Day", "all_day": true, "start_date": "2024-01-01", "recurrence_rule": rule });
    let answer = ada.post("/v1/schedules", new("FREQ=HOURLY")).await;
    assert_eq!(refusal(answer), (400, "InvalidRecurrenceRuleError".into()));
    let made = ada
        .made(
            "/v1/schedules",
            new("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;COUNT=3\nEXDATE;TZID=Asia/Seoul:20240108T000000"),
        )
        .await;
    assert_eq!(
        starts(&ada).await,
        ["01-01T00:00", "01-15T00:00"],
        "hours do not count, nor zones of dates"
    );
    let path = format!("{}?timezone=Asia/Seoul", path_of(&made));
    patched(
        &ada,
        &path,
        json!({ "all_day": false, "recurrence_rule": "FREQ=WEEKLY;BYDAY=MO;COUNT=3" }),
    )
    .await;
    patched(&ada, &path, json!({ "all_day": true })).await;
    let timed = patched(&ada, &path, json!({ "all_day": false })).await;
    assert_eq!(
        timed["recurrence_rule"],
        "DTSTART;TZID=Asia/Seoul:20240101T000000\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3"
    );
    let list = listed(&ada, "start_date=2023-12-31&end_date=2024-02-01&timezone=Asia/Seoul").await;
    assert_eq!(
        list.iter().map(start).collect::<Vec<_>>(),
        ["01-01T00:00", "01-08T00:00", "01-15T00:00"]
    );
}
