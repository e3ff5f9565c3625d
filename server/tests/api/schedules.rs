//! Schedules of their owner (contract, REST 7, without recurrence).

use crate::support::{TestServer, User, create, refusal, titles};
use protocol::timers::{Body, TimerAction};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const UNKNOWN: &str = "019a0000-0000-7000-8000-000000000000";
const DAY: &str = "start_date=2024-01-01T00:00:00Z&end_date=2024-01-01T23:59:59Z";

/// Creates a group and a tag in it; returns their ids.
pub async fn tag(user: &User, name: &str) -> (String, String) {
    let group = user
        .made("/v1/tags/groups", json!({ "name": name, "color": "#fff" }))
        .await["id"]
        .clone();
    let tag = json!({ "name": name, "color": "#fff", "group_id": group });
    let tag = user.made("/v1/tags", tag).await["id"].as_str().unwrap().to_owned();
    (group.as_str().unwrap().to_owned(), tag)
}

fn new_schedule(title: &str, start: &str, end: &str) -> Value {
    json!({ "title": title, "start_time": format!("2024-01-01T{start}:00Z"), "end_time": format!("2024-01-01T{end}:00Z") })
}

fn path(made: &Value) -> String {
    format!("/v1/schedules/{}", made["id"].as_str().unwrap())
}

#[tokio::test]
async fn schedule_is_created_read_changed_and_deleted() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (group, tea) = tag(&ada, "tea").await;
    let mut body = new_schedule("Break", "10:00", "11:00");
    body["tag_ids"] = json!([tea, tea]);
    body["state"] = Value::Null;
    body["tag_group_id"] = json!(group);
    body["duration"] = json!(7);
    let made = ada.made("/v1/schedules?timezone=Asia/Seoul", body).await;
    assert_eq!(made.as_object().unwrap().len(), 16, "{made}");
    assert_eq!(
        (&made["start_time"], &made["end_time"]),
        (&json!("2024-01-01T19:00:00+0900"), &json!("2024-01-01T20:00:00+0900"))
    );
    assert_eq!(
        (&made["state"], &made["tags"][0]["name"]),
        (&json!("PLANNED"), &json!("tea"))
    );
    assert_eq!(made["tags"].as_array().unwrap().len(), 1, "12.4: duplicates count once");
    assert!(
        made["tags"][0]["created_at"].as_str().unwrap().ends_with("+0900"),
        "12.6: the timezone applies at every depth"
    );
    for name in [
        "description",
        "recurrence_rule",
        "recurrence_end",
        "parent_id",
        "source_todo_id",
        "visibility_level",
    ] {
        assert_eq!(made[name], Value::Null, "{name}");
    }
    let path = path(&made);
    assert_eq!(ada.read(&format!("{path}?timezone=Asia/Seoul")).await, made);

    let (_, patched) = ada
        .patch(&path, json!({ "title": null, "description": "Tea", "tag_ids": null, "tag_group_id": null, "state": "CONFIRMED", "owner_id": "eve" }))
        .await;
    assert_eq!(
        (&patched["title"], &patched["description"]),
        (&json!("Break"), &json!("Tea"))
    );
    assert_eq!((&patched["tags"], &patched["tag_group_id"]), (&json!([]), &Value::Null));
    assert_eq!(
        (&patched["state"], &patched["owner_id"]),
        (&json!("CONFIRMED"), &json!(ada.grant.user.id))
    );
    assert_eq!(ada.patch(&path, json!({})).await.1, patched);
    assert_eq!(ada.read(&path).await, patched);
    assert_eq!(ada.delete(&path).await, (StatusCode::OK, json!({ "ok": true })));
    for answer in [
        ada.get(&path).await,
        ada.delete(&path).await,
        ada.patch(&path, json!({})).await,
    ] {
        assert_eq!(answer.1["message"], "Schedule not found");
        assert_eq!(refusal(answer), (404, "ScheduleNotFoundError".into()));
    }
}

#[tokio::test]
async fn window_lists_overlapping_schedules_that_match_the_filters() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (home, tea) = tag(&ada, "tea").await;
    let (work, call) = tag(&ada, "call").await;
    for (title, start, end, tags) in [
        ("noon", "12:00", "13:00", json!([tea])),
        ("early", "08:00", "09:00", json!([tea, call])),
        ("plain", "09:00", "10:00", json!([])),
    ] {
        let mut body = new_schedule(title, start, end);
        body["tag_ids"] = tags;
        ada.made("/v1/schedules", body).await;
    }
    let list = async |query: String| ada.read(&format!("/v1/schedules?{query}")).await;
    assert_eq!(titles(&list(DAY.into()).await), ["early", "plain", "noon"]);
    for (window, expected) in [
        (
            "start_date=2024-01-01T09:00:00Z&end_date=2024-01-01T09:00:00Z",
            vec!["early", "plain"],
        ),
        (
            "start_date=2024-01-01T18:00:01%2B09:00&end_date=2024-01-01T20:59:59%2B0900",
            vec!["plain"],
        ),
        ("start_date=2024-01-01T13:00:01&end_date=2024-01-02", vec![]),
    ] {
        assert_eq!(titles(&list(window.into()).await), expected, "{window}");
    }
    for (filter, expected) in [
        (format!("tag_ids={tea}"), vec!["early", "noon"]),
        (format!("tag_ids={tea}&tag_ids={call}&tag_ids={tea}"), vec!["early"]),
        (format!("group_ids={work}"), vec!["early"]),
        (format!("group_ids={work}&group_ids={home}"), vec!["early", "noon"]),
        (format!("group_ids={work}&tag_ids={tea}"), vec!["early"]),
        (format!("tag_ids={UNKNOWN}"), vec![]),
        (format!("group_ids={UNKNOWN}"), vec![]),
        ("scope=shared".into(), vec![]),
        ("scope=all".into(), vec!["early", "plain", "noon"]),
    ] {
        assert_eq!(titles(&list(format!("{DAY}&{filter}")).await), expected, "{filter}");
    }
    for query in ["", "start_date=2024-01-01", "start_date=x&end_date=2024-01-01"] {
        assert_eq!(ada.get(&format!("/v1/schedules?{query}")).await.0, 422, "{query}");
    }
    assert_eq!(
        ada.get(&format!("/v1/schedules?{DAY}&tag_ids=7")).await.1["detail"][0]["loc"],
        json!(["query", "tag_ids", 0])
    );
    assert_eq!(
        refusal(ada.get(&format!("/v1/schedules?{DAY}&timezone=Z")).await).1,
        "InvalidTimezoneError"
    );
}

#[tokio::test]
async fn refused_requests_store_nothing() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let (group, tea) = tag(&eve, "tea").await;
    let todo = eve
        .made("/v1/todos", json!({ "title": "Eve's", "tag_group_id": group }))
        .await["id"]
        .clone();
    let (own_group, own_tag) = tag(&ada, "mine").await;
    let fine = new_schedule("Break", "10:00", "11:00");
    let made = ada.made("/v1/schedules", fine.clone()).await;
    let path = path(&made);
    for unknown in [json!(UNKNOWN), json!(tea)] {
        let foreign = json!({ "tag_ids": [own_tag, unknown] });
        assert_eq!(
            refusal(ada.patch(&path, foreign.clone()).await),
            (404, "TagNotFoundError".into())
        );
        let mut new = fine.clone();
        new["tag_ids"] = foreign["tag_ids"].clone();
        assert_eq!(refusal(ada.post("/v1/schedules", new).await).1, "TagNotFoundError");
    }
    for (member, value, kind) in [
        ("tag_group_id", json!(group), "TagGroupNotFoundError"),
        ("source_todo_id", todo, "TodoNotFoundError"),
        (
            "create_todo_options",
            json!({ "tag_group_id": group }),
            "TagGroupNotFoundError",
        ),
    ] {
        let mut new = fine.clone();
        new[member] = value.clone();
        assert_eq!(refusal(ada.post("/v1/schedules", new).await), (404, kind.into()));
        if member != "create_todo_options" {
            assert_eq!(
                refusal(ada.patch(&path, json!({ "title": "X", member: value })).await),
                (404, kind.into())
            );
        }
    }
    // The last of several steps fails: the todo is not created, either.
    let mut new = fine.clone();
    new["create_todo_options"] = json!({ "tag_group_id": own_group });
    new["recurrence_rule"] = json!("never");
    assert_eq!(
        refusal(ada.post("/v1/schedules", new.clone()).await),
        (400, "InvalidRecurrenceRuleError".into())
    );
    new["recurrence_rule"] = Value::Null;
    assert_eq!(
        refusal(ada.post("/v1/schedules?timezone=Mars", new).await),
        (400, "InvalidTimezoneError".into())
    );
    for times in [
        json!({ "end_time": "2024-01-01T10:00:00Z" }),
        json!({ "start_time": "2024-01-01T11:00:00Z" }),
        json!({ "start_time": "2024-01-02T11:00:00Z", "end_time": "2024-01-02T11:00:00Z" }),
    ] {
        let (status, body) = ada.patch(&path, times).await;
        assert_eq!(
            (status.as_u16(), &body["detail"][0]["loc"]),
            (422, &json!(["body", "end_time"])),
            "12.4"
        );
    }
    assert_eq!(
        ada.post("/v1/schedules", new_schedule("Equal", "10:00", "10:00"))
            .await
            .0,
        422
    );
    assert_eq!(
        ada.post("/v1/schedules", new_schedule("a\0b", "10:00", "11:00"))
            .await
            .0,
        422
    );
    let (_, body) = ada
        .post("/v1/schedules", json!({ "title": null, "state": "planned" }))
        .await;
    let places = body["detail"].as_array().unwrap().iter();
    let places: BTreeSet<&str> = places.map(|issue| issue["loc"][1].as_str().unwrap()).collect();
    assert_eq!(places, BTreeSet::from(["end_time", "start_time", "state", "title"]));

    assert_eq!(ada.read(&path).await, made);
    assert_eq!(
        ada.read("/v1/schedules?start_date=2000-01-01&end_date=2100-01-01")
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(ada.read("/v1/todos").await, json!([]));
    assert_eq!(refusal(eve.get(&path).await), (403, "AccessDeniedError".into()));
    for answer in [eve.patch(&path, json!({})).await, eve.delete(&path).await] {
        assert_eq!(refusal(answer), (404, "ScheduleNotFoundError".into()));
    }
    assert_eq!(refusal(ada.get(&format!("/v1/schedules/{UNKNOWN}")).await).0, 404);
}

#[tokio::test]
async fn schedule_can_be_turned_into_a_todo_once() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (group, tea) = tag(&ada, "tea").await;
    let mut body = new_schedule("Break", "10:00", "11:00");
    body["tag_ids"] = json!([tea]);
    body["description"] = json!("Green");
    let made = ada.made("/v1/schedules", body.clone()).await;
    let path = path(&made);
    assert_eq!(ada.post(&format!("{path}/todo"), json!({})).await.0, 422);
    assert_eq!(
        refusal(
            ada.post(&format!("{path}/todo?tag_group_id={UNKNOWN}"), json!({}))
                .await
        )
        .1,
        "TagGroupNotFoundError"
    );
    let (status, todo) =
        crate::support::answer(ada.request(Method::POST, &format!("{path}/todo?tag_group_id={group}"))).await;
    assert_eq!(status, 201);
    assert_eq!(
        (&todo["title"], &todo["description"]),
        (&json!("Break"), &json!("Green"))
    );
    assert_eq!(
        (&todo["status"], &todo["deadline"]),
        (&json!("SCHEDULED"), &json!("2024-01-01T10:00:00+0000"))
    );
    assert_eq!(todo["tags"][0]["id"], json!(tea));
    assert_eq!(
        todo["schedules"][0]["id"], made["id"],
        "12.12: the answer contains the new link"
    );
    assert_eq!(ada.read(&path).await["source_todo_id"], todo["id"]);
    let (status, body2) = ada.post(&format!("{path}/todo?tag_group_id={group}"), json!({})).await;
    assert!(body2["message"].as_str().unwrap().contains("already linked"));
    assert_eq!(
        (status.as_u16(), &body2["error_type"]),
        (400, &json!("ScheduleAlreadyLinkedToTodoError"))
    );

    body["create_todo_options"] = json!({ "tag_group_id": group });
    let with_todo = ada.made("/v1/schedules", body).await;
    let todo = ada
        .read(&format!("/v1/todos/{}", with_todo["source_todo_id"].as_str().unwrap()))
        .await;
    assert_eq!(
        (&todo["schedules"][0]["id"], &todo["tags"][0]["id"]),
        (&with_todo["id"], &json!(tea))
    );
    assert_eq!(ada.read("/v1/todos").await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn timers_of_a_deleted_schedule_stay_and_their_unlinking_is_published() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let mut phone = ada.connect().live().await;
    let path = path(&ada.made("/v1/schedules", new_schedule("Break", "10:00", "11:00")).await);
    let id = path.rsplit('/').next().unwrap().to_owned();
    let timers = format!("{path}/timers");
    assert_eq!(ada.read(&timers).await, json!([]));
    assert_eq!(
        refusal(ada.get(&format!("{timers}/active")).await),
        (404, "TimerNotFoundError".into())
    );
    let (first, second) = (phone.change(create("one")).await, phone.change(create("two")).await);
    for timer in [&first, &second] {
        let linked = ada
            .patch(&format!("/v1/timers/{}", timer.id), json!({ "schedule_id": id }))
            .await;
        assert_eq!(linked.1["schedule_id"], json!(id));
        phone.next_timer().await;
    }
    let foreign = eve.connect().live().await.change(create("eve's")).await;
    let refused = eve
        .patch(&format!("/v1/timers/{}", foreign.id), json!({ "schedule_id": id }))
        .await;
    assert_eq!(refusal(refused), (404, "ScheduleNotFoundError".into()));

    assert_eq!(titles(&ada.read(&timers).await), ["two", "one"]);
    let active = ada
        .read(&format!("{timers}/active?include_schedule=true&timezone=Asia/Seoul"))
        .await;
    assert_eq!(
        (&active["title"], &active["schedule"]["id"]),
        (&json!("two"), &json!(id))
    );
    assert!(active["schedule"]["start_time"].as_str().unwrap().ends_with("+0900"));
    assert_eq!(ada.get(&format!("{timers}?include_schedule=maybe")).await.0, 422);
    assert_eq!(refusal(eve.get(&timers).await), (403, "AccessDeniedError".into()));
    assert_eq!(
        refusal(ada.get(&format!("/v1/schedules/{UNKNOWN}/timers")).await),
        (404, "ScheduleNotFoundError".into())
    );

    ada.delete(&path).await;
    let mut seqs = Vec::new();
    for timer in [&first, &second] {
        let event = phone.next().await;
        seqs.push(event.seq.unwrap());
        let Body::Timer {
            timer: now,
            action: TimerAction::Sync,
        } = event.body
        else {
            panic!("{:?}", event.body)
        };
        assert_eq!((now.id, now.schedule_id), (timer.id, None));
        assert_eq!(
            ada.read(&format!("/v1/timers/{}", timer.id)).await["schedule_id"],
            Value::Null
        );
    }
    assert_eq!(seqs[1], seqs[0] + 1, "the events are consecutive");
    phone.is_silent().await;
}
