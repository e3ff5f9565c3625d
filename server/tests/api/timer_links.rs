//! The linked entities of a timer's JSON: tags, schedule and todo.

use crate::support::{
    User, act, create,
    oidc_users::{OidcServer, share, watching},
};
use protocol::timers::{Action, Body, ServerMessage, TimerAction};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

/// Creates tags of a user in a new group; returns the ids of the group and of the tags.
async fn tags_of(user: &User, names: &[&str]) -> (Value, Vec<Value>) {
    let group = json!({ "name": "G", "color": "#fff" });
    let group = user.made("/v1/tags/groups", group).await["id"].clone();
    let mut tags = Vec::new();
    for name in names {
        let tag = json!({ "name": name, "color": "#000", "group_id": group });
        tags.push(user.made("/v1/tags", tag).await["id"].clone());
    }
    (group, tags)
}

#[tokio::test]
async fn tags_are_included_on_request_and_replaced_as_a_whole() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let (_, tags) = tags_of(&ada, &["b", "a", "C"]).await;
    let (_, foreign) = tags_of(&eve, &["x"]).await;
    let foreign = &foreign[0];
    let mut device = ada.connect().live().await;
    let timer = device.change(create("Write")).await;
    let path = format!("/v1/timers/{}", timer.id);
    let names = |body: &Value| {
        let tags = body["tags"].as_array().unwrap().iter();
        tags.map(|tag| tag["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let own = format!("{path}?tag_include_mode=timer_only");
    let (status, patched) = ada.patch(&own, json!({ "tag_ids": tags })).await;
    assert_eq!(
        (status, names(&patched)),
        (StatusCode::OK, vec!["C".into(), "a".into(), "b".into()])
    );
    assert!(matches!(
        device.next().await.body,
        Body::Timer {
            action: TimerAction::Sync,
            ..
        }
    ));
    for (mode, expected) in [("none", 0), ("timer_only", 3), ("inherit_from_schedule", 3)] {
        let shown = ada.read(&format!("{path}?tag_include_mode={mode}")).await;
        assert_eq!(names(&shown).len(), expected, "{mode}");
    }
    assert!(names(&ada.read(&path).await).is_empty(), "the default mode is none");
    ada.patch(&path, json!({ "tag_ids": tags })).await;
    device.is_silent().await;
    for wrong in [
        json!([foreign]),
        json!([tags[0], "019a0000-0000-7000-8000-000000000000"]),
    ] {
        let (status, body) = ada.patch(&own, json!({ "tag_ids": wrong, "title": "X" })).await;
        assert_eq!(
            (status.as_u16(), &body["error_type"]),
            (404, &json!("TagNotFoundError"))
        );
    }
    let shown = ada.read(&own).await;
    assert_eq!(
        (names(&shown).len(), &shown["title"]),
        (3, &json!("Write")),
        "the refused patch changed nothing"
    );
    share(&ada, "timer", &timer.id.to_string(), json!({ "level": "public" })).await;
    assert_eq!(names(&eve.read(&own).await), ["C", "a", "b"]);
    let (_, emptied) = ada.patch(&own, json!({ "tag_ids": null })).await;
    assert!(names(&emptied).is_empty());
}

#[tokio::test]
async fn linked_entities_are_included_as_far_as_they_are_shared_themselves() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let (group, tags) = tags_of(&ada, &["own", "schedule", "todo"]).await;
    let [own, of_schedule, of_todo] = &tags[..] else {
        unreachable!()
    };
    let todo = json!({ "title": "T", "tag_group_id": group, "tag_ids": [of_todo] });
    let todo = ada.made("/v1/todos", todo).await["id"].clone();
    let schedule = json!({ "title": "S", "start_time": "2026-01-01T10:00:00Z", "end_time": "2026-01-01T11:00:00Z",
                           "tag_ids": [of_schedule, own] });
    let schedule = ada.made("/v1/schedules", schedule).await["id"].clone();
    let timer = ada.connect().live().await.change(create("Write")).await.id.to_string();
    let includes = "include_schedule=true&include_todo=true&tag_include_mode=inherit_from_schedule";
    let path = format!("/v1/timers/{timer}?{includes}");
    let summary = |body: &Value| {
        let names: Vec<&str> = body["tags"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tag| tag["name"].as_str().unwrap())
            .collect();
        format!(
            "{} {} {}",
            body["schedule"]["title"],
            body["todo"]["title"],
            names.join(" ")
        )
    };
    let (status, patched) = ada
        .patch(
            &path,
            json!({ "todo_id": todo, "schedule_id": schedule, "tag_ids": [own] }),
        )
        .await;
    assert_eq!(
        (status, summary(&patched).as_str()),
        (StatusCode::OK, "\"S\" \"T\" own schedule")
    );
    assert_eq!(patched["schedule"]["id"], schedule);
    let plain = ada.read(&format!("/v1/timers/{timer}")).await;
    assert!(
        plain["schedule"].is_null() && plain["todo"].is_null(),
        "links are not included by default"
    );

    share(&ada, "timer", &timer, json!({ "level": "public" })).await;
    let assert_shown_to_eve = async |expected: &str| {
        for body in [
            eve.read(&path).await,
            eve.read(&format!("/v1/timers?scope=shared&{includes}")).await[0].clone(),
            eve.read(&format!("/v1/timers?scope=all&{includes}")).await[0].clone(),
        ] {
            assert_eq!(summary(&body), expected, "{body}");
        }
    };
    assert_shown_to_eve("null null own").await;
    share(&ada, "todo", todo.as_str().unwrap(), json!({ "level": "public" })).await;
    assert_shown_to_eve("null \"T\" own").await;
    share(
        &ada,
        "schedule",
        schedule.as_str().unwrap(),
        json!({ "level": "public" }),
    )
    .await;
    assert_shown_to_eve("\"S\" \"T\" own schedule").await;
    ada.patch(&path, json!({ "schedule_id": null })).await;
    assert_shown_to_eve("null \"T\" own todo").await;
    ada.delete(&format!("/v1/visibility/todo/{}", todo.as_str().unwrap()))
        .await;
    assert_shown_to_eve("null null own").await;
}

#[tokio::test]
async fn timers_on_the_socket_carry_their_whole_tags() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let (_, tags) = tags_of(&ada, &["b", "a"]).await;
    let whole: Vec<Value> = ada.read("/v1/tags").await.as_array().unwrap().clone();
    let ids = |timer: &Value| {
        let tags = timer["tags"].as_array().expect("tags are always a list").iter();
        tags.map(|tag| tag["id"].clone()).collect::<Vec<_>>()
    };
    let (mut device, mut other) = (ada.connect().live().await, ada.connect().live().await);
    let created = json!({ "type": "timer.create", "payload": { "allocated_duration": 60, "tag_ids": [tags[0], tags[1], tags[0]] } });
    device.send_raw(Message::text(created.to_string())).await;
    let (own, seen) = (device.next_json().await, other.next_json().await);
    let (own, seen) = (&own["payload"]["timer"], &seen["payload"]["timer"]);
    assert_eq!(
        (ids(own), own["is_shared"].clone()),
        (vec![tags[1].clone(), tags[0].clone()], json!(false))
    );
    assert_eq!(own["tags"], seen["tags"]);
    for (tag, rest) in own["tags"].as_array().unwrap().iter().zip(&whole) {
        for member in ["id", "name", "color", "description", "group_id"] {
            assert_eq!(tag[member], rest[member], "as REST gives it");
        }
    }
    let id = own["id"].as_str().unwrap().to_owned();
    let timer_id = id.parse().unwrap();
    let tags_on = |message: ServerMessage| match message.body {
        Body::Timer { timer, .. } => timer.tags.iter().map(|tag| tag.name.clone()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    device.send(act(Action::Pause, timer_id)).await;
    assert_eq!(tags_on(device.next().await), ["a", "b"]);
    assert_eq!(tags_on(other.next().await), ["a", "b"]);
    let mut late = ada.connect().open().await.unwrap();
    let connected = late.next_json().await;
    assert_eq!(
        ids(&late.next_json().await["payload"]["timers"][0]).len(),
        2,
        "in the first sync"
    );

    ada.patch(&format!("/v1/timers/{id}"), json!({ "tag_ids": [tags[0]] }))
        .await;
    assert_eq!(tags_on(device.next().await), ["b"]);
    ada.delete(&format!("/v1/tags/{}", tags[0].as_str().unwrap())).await;
    assert!(
        tags_on(device.next().await).is_empty(),
        "a deleted tag is removed from its timers"
    );
    let since = format!(
        "since={}:{}",
        connected["payload"]["epoch"].as_str().unwrap(),
        connected["payload"]["seq"]
    );
    let mut recovered = ada.connect().query(&since).open().await.unwrap();
    recovered.next_json().await;
    assert!(
        ids(&recovered.next_json().await["payload"]["timer"]).is_empty(),
        "a log read later has the tags of then"
    );

    // A stranger sees a public timer's tags without what only its owner and friends may know.
    let mut guest = watching(&eve).live().await;
    share(&ada, "timer", &id, json!({ "level": "public" })).await;
    ada.patch(&format!("/v1/timers/{id}"), json!({ "tag_ids": [tags[1]] }))
        .await;
    let shown = loop {
        let shown = guest.next_json().await["payload"]["timer"].clone();
        if !ids(&shown).is_empty() {
            break shown;
        }
    };
    assert_eq!(
        (&shown["is_shared"], &shown["tags"][0]["name"]),
        (&json!(true), &json!("a"))
    );
    assert_eq!(shown["tags"][0]["group_id"], "00000000-0000-0000-0000-000000000000");
}
