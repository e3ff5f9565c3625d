//! This release opens the database of an earlier release without losing data.

mod earlier;

use crate::support::{Client, TestDatabase, TestServer, User, act, answer, names, titles};
use earlier::{
    ADA, CANCELLED, COMPLETED, EPOCH, EVE, EarlierDatabase, FURTHER, GROUP, IDA, MALLORY, PASSWORD, PAUSED, PLAIN,
    RECURRING, REFRESH_TOKEN, RUNNING, SUBTODO, TAG, TODO, ZOE,
};
use protocol::timers::{Action, Body, Command, ServerMessage, SyncScope};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// This release's server on a database of the earlier release.
async fn upgraded() -> (TestServer, EarlierDatabase) {
    let database = Arc::new(TestDatabase::create().await);
    let earlier = EarlierDatabase::create(&database, now()).await;
    let server = TestServer::on(database, UNLIMITED).await;
    (server, earlier)
}

const UNLIMITED: [(&str, &str); 2] = [("RATE_LIMIT_ENABLED", "false"), ("WS_RATE_LIMIT_ENABLED", "false")];

fn now() -> i64 {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// A user, signed in with the password of the earlier release.
async fn signed_in(server: &TestServer, id: &str, name: &str) -> User {
    let body = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
    let (status, grant) = answer(server.request(Method::POST, "/v1/auth/sign-in").json(&body)).await;
    assert_eq!((status, &grant["user"]["id"]), (StatusCode::OK, &json!(id)), "{grant}");
    server.visitor(id, grant["access_token"].as_str().unwrap())
}

fn message(stored: &Value) -> ServerMessage {
    serde_json::from_value(stored.clone()).unwrap()
}

async fn since(user: &User, seq: usize) -> Client {
    let query = format!("since={EPOCH}:{seq}");
    let mut client = user.connect().query(&query).open().await.unwrap();
    let Body::Connected { epoch, .. } = client.next().await.body else {
        panic!("not connected")
    };
    assert_eq!(epoch, EPOCH);
    client
}

#[tokio::test]
async fn accounts_and_sessions_remain_valid() {
    let (server, _) = upgraded().await;
    let cookie = format!("lockstep_refresh={REFRESH_TOKEN}");
    let refresh = server
        .request(Method::POST, "/v1/auth/refresh")
        .header("cookie", cookie);
    let (status, grant) = answer(refresh).await;
    assert_eq!((status, &grant["user"]["id"]), (StatusCode::OK, &json!(ADA)), "{grant}");
    assert_eq!(grant["user"]["email"], "ada@example.com");
    let ada = server.visitor(ADA, grant["access_token"].as_str().unwrap());
    let me = ada.read("/v1/users/me").await;
    assert_eq!(
        (&me["display_name"], &me["friend_code"]),
        (&json!("ADA"), &json!("code-of-ada"))
    );
    signed_in(&server, EVE, "eve").await;
}

#[tokio::test]
async fn timers_keep_their_histories_and_can_be_changed() {
    let (server, earlier) = upgraded().await;
    let ada = signed_in(&server, ADA, "ada").await;
    let mut desk = ada.connect().live().await;
    desk.send(Command::sync(SyncScope::All)).await;
    let Body::Sync { timers, .. } = desk.next().await.body else {
        panic!("not a sync")
    };
    assert_eq!(timers.len(), 4 + FURTHER as usize);
    for timer in timers {
        let stored = earlier.timer(&timer.id.to_string(), i64::MAX);
        let mut timer = serde_json::to_value(&timer).unwrap();
        // Earlier releases did not keep them with the timer.
        timer.as_object_mut().unwrap().remove("tags");
        assert_eq!(timer, stored);
    }
    let read = ada
        .read(&format!("/v1/timers/{CANCELLED}?tag_include_mode=timer_only"))
        .await;
    let actions: Vec<&Value> = read["pause_history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["action"])
        .collect();
    assert_eq!(actions, ["start", "pause", "cancel"]);
    assert_eq!(read["pause_history"][1]["elapsed"], 20);
    let read = ada
        .read(&format!("/v1/timers/{RUNNING}?tag_include_mode=timer_only"))
        .await;
    assert_eq!(names(&read["tags"]), ["deep"]);

    let paused = desk.change(act(Action::Pause, RUNNING.parse().unwrap())).await;
    assert_eq!(paused.history.len(), 4);
    assert_eq!(
        serde_json::to_value(&paused.history[..3]).unwrap(),
        earlier.timer(RUNNING, i64::MAX)["history"]
    );
    let stopped = desk.change(act(Action::Stop, PAUSED.parse().unwrap())).await;
    assert_eq!((stopped.elapsed_millis, stopped.history.len()), (90_000, 3));
    assert_eq!(ada.delete(&format!("/v1/timers/{COMPLETED}")).await.0, StatusCode::OK);

    // Restarted on the same database: no history is left to be moved, and none is moved twice.
    let database = server.database.clone();
    server.stop().await;
    let server = TestServer::on(database, UNLIMITED).await;
    let ada = signed_in(&server, ADA, "ada").await;
    let read = ada.read(&format!("/v1/timers/{RUNNING}")).await;
    assert_eq!(read["pause_history"].as_array().unwrap().len(), 4);
    assert_eq!(
        server
            .database
            .number("SELECT COUNT(*) FROM timers WHERE history <> ''")
            .await,
        0
    );
}

#[tokio::test]
async fn missed_events_and_command_replies_are_kept() {
    let (server, earlier) = upgraded().await;
    let ada = signed_in(&server, ADA, "ada").await;
    let messages = earlier.messages();
    let mut desk = ada.connect().live().await;
    let created = desk.change(crate::support::create("Today")).await;
    for known in [0, 2, 6, 7] {
        let mut phone = since(&ada, known).await;
        for stored in &messages[known..] {
            assert_eq!(without_tags(phone.next().await), message(stored));
        }
        assert_eq!(phone.next_timer().await, created, "later events follow");
        phone.is_silent().await;
    }
    let pause = || act(Action::Pause, RUNNING.parse().unwrap());
    for (id, first) in [
        ("whole", message(&messages[0])),
        ("numbered", message(&messages[2])),
        ("refused", message(&earlier.refusal())),
    ] {
        desk.send_with_id(Some(id), pause()).await;
        let expected = ServerMessage {
            replayed: true,
            reply_to: Some(id.to_owned()),
            ..first
        };
        assert_eq!(without_tags(desk.next().await), expected);
    }
}

/// A message as earlier releases stored it: a log that is read has the tags that its timers have now.
fn without_tags(mut message: ServerMessage) -> ServerMessage {
    if let Some(timer) = message.body.timer_mut() {
        timer.tags.clear();
    }
    message
}

#[tokio::test]
async fn schedules_todos_and_tags_are_kept() {
    let (server, _) = upgraded().await;
    let ada = signed_in(&server, ADA, "ada").await;
    let groups = ada.read("/v1/tags/groups").await;
    assert_eq!(
        (&groups[0]["id"], &groups[0]["goal_ratios"]),
        (&json!(GROUP), &json!({ "deep": 0.7, "shallow": 0.3 }))
    );
    let tags = ada.read("/v1/tags").await;
    assert_eq!((names(&tags), &tags[0]["id"]), (vec!["deep"], &json!(TAG)));
    let todo = ada.read(&format!("/v1/todos/{TODO}")).await;
    assert_eq!((&todo["title"], &todo["status"]), (&json!("Book"), &json!("SCHEDULED")));
    assert_eq!(
        (names(&todo["tags"]), titles(&todo["schedules"])),
        (vec!["deep"], vec!["Book"])
    );
    let subtodo = ada.read(&format!("/v1/todos/{SUBTODO}")).await;
    assert_eq!(
        (&subtodo["parent_id"], &subtodo["description"]),
        (&json!(TODO), &json!("The first"))
    );
    let agenda = ada
        .read("/v1/schedules?start_date=2024-01-01&end_date=2024-02-01")
        .await;
    let occurrences: Vec<(&str, &str)> = agenda
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let start = entry["start_time"].as_str().unwrap();
            (entry["title"].as_str().unwrap(), &start[..16])
        })
        .collect();
    let expected = [
        ("Stand-up", "2024-01-01T10:00"),
        // The second occurrence was removed.
        ("Book", "2024-01-02T10:00"),
        ("Dentist", "2024-01-03T10:00"),
        ("Late stand-up", "2024-01-03T11:00"),
        ("Stand-up", "2024-01-04T10:00"),
        ("Stand-up", "2024-01-05T10:00"),
    ];
    assert_eq!(occurrences, expected);
    let schedule = ada.read(&format!("/v1/schedules/{RECURRING}")).await;
    assert_eq!(
        (&schedule["recurrence_rule"], names(&schedule["tags"])),
        (&json!("FREQ=DAILY"), vec!["deep"])
    );
}

#[tokio::test]
async fn friendships_blocks_and_visibilities_are_kept() {
    let (server, _) = upgraded().await;
    let (ada, eve) = (
        signed_in(&server, ADA, "ada").await,
        signed_in(&server, EVE, "eve").await,
    );
    let (ida, mallory) = (
        signed_in(&server, IDA, "ida").await,
        signed_in(&server, MALLORY, "mallory").await,
    );
    for (friend, are) in [(EVE, true), (ZOE, true), (IDA, false), (MALLORY, false)] {
        let path = format!("/v1/friends/check/{}", friend.replace('|', "%7C"));
        assert_eq!(ada.read(&path).await, json!(are), "{friend}");
    }
    let received = ada.read("/v1/friends/requests/received").await;
    assert_eq!(received[0]["requester_id"], IDA);
    let (timer, todo) = (format!("/v1/timers/{RUNNING}"), format!("/v1/todos/{TODO}"));
    for (reader, path, readable) in [
        (&eve, &timer, true),
        (&eve, &todo, true),
        (&ida, &timer, false),
        (&ida, &todo, false),
        (&mallory, &timer, false),
    ] {
        let (status, body) = reader.get(path).await;
        assert_eq!(status == StatusCode::OK, readable, "{path}: {body}");
    }
    let setting = ada.read(&format!("/v1/visibility/schedule/{PLAIN}")).await;
    assert_eq!(setting["allowed_emails"], json!(["Zoe@Example.com"]));
    assert_eq!(setting["allowed_domains"], json!(["X.test"]));

    let ask = async || {
        mallory
            .post("/v1/friends/requests", json!({ "friend_code": "code-of-ada" }))
            .await
            .0
    };
    assert_ne!(ask().await, StatusCode::CREATED, "a blocked user cannot send a request");
    assert_eq!(
        ada.delete(&format!("/v1/friends/block/{MALLORY}")).await.0,
        StatusCode::OK
    );
    assert_eq!(ask().await, StatusCode::CREATED);
}
