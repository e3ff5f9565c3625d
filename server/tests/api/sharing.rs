//! Who may see a timer, over real connections: every level, every reader, every way of looking.

use crate::support::{
    Client, Connect, User, act, answer, create,
    people::{Cast, People, befriend, share},
};
use protocol::{
    timer::{Action, Timer},
    wire::{Body, Command, TimerAction},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// What a reader gets: GET, the list of what is shared, PATCH, DELETE, a link's object, live.
async fn looks(reader: &User, live: &mut Client, owner: &mut Client, witness: &mut Client, timer: &Timer) -> String {
    let path = format!("/v1/timers/{}", timer.id);
    let (status, body) = reader.get(&path).await;
    let mine = body["owner_id"] == reader.grant.user.id.as_str();
    let get = match status.as_u16() {
        200 if mine && body["is_shared"] == false => "own",
        200 if body["is_shared"] == true && body["visibility_level"].is_null() => "yes",
        403 if body["error_type"] == "AccessDeniedError" => "403",
        _ => panic!("{status} {body}"),
    };
    let listed = async |scope: &str| {
        let list = reader
            .read(&format!("/v1/timers?scope={scope}&status=paused&status=running"))
            .await;
        let list = list.as_array().unwrap().clone();
        list.into_iter().find(|one| one["id"] == json!(timer.id))
    };
    let (shared, all) = (listed("shared").await, listed("all").await);
    let list = match (shared, all) {
        (None, None) => "no",
        (None, Some(one)) if one["is_shared"] == false => "own",
        (Some(one), Some(same)) if one == same && one["is_shared"] == true => "yes",
        other => panic!("{other:?}"),
    };
    let change = if mine { "own" } else { "404" };
    if !mine {
        for (status, body) in [
            reader.patch(&path, json!({ "title": "X" })).await,
            reader.delete(&path).await,
        ] {
            assert_eq!(
                (status.as_u16(), &body["error_type"]),
                (404, &json!("TimerNotFoundError"))
            );
        }
    }
    settle(witness, owner, timer).await;
    let heard = hears(live, timer).await;
    format!("{get} {list} {change} {heard}")
}

/// After a pause and a resume that all have heard of: as whose a connection with `shared=true` got them.
async fn hears(live: &mut Client, timer: &Timer) -> &'static str {
    live.send_with_id(Some("end"), Command::Ping).await;
    let (mut own, mut shared) = (0, 0);
    loop {
        let message = live.next().await;
        match message.body {
            Body::Timer { .. } => own += 1,
            Body::SharedTimer { timer: seen, .. } => {
                assert_eq!((seen.id, message.seq), (timer.id, None));
                shared += 1;
            }
            Body::Pong => break,
            _ => {}
        }
    }
    match (own, shared) {
        (2, 0) => "own",
        (0, 2) => "yes",
        (0, 0) => "no",
        other => panic!("{other:?}"),
    }
}

/// A connection that hears of the owner's changes last of all: then all others have heard.
async fn settle(witness: &mut Client, owner: &mut Client, timer: &Timer) {
    for action in [Action::Pause, Action::Resume] {
        owner.change(act(action, timer.id)).await;
        loop {
            if let Body::FriendActivity { timer_id, .. } = witness.next().await.body {
                assert_eq!(timer_id, timer.id);
                break;
            }
        }
    }
}

async fn post(user: &User, path: &str) {
    let (status, body) = answer(user.request(Method::POST, path)).await;
    assert_eq!(status, StatusCode::OK, "{body}");
}

fn watching(user: &User) -> Connect {
    user.connect().query("shared=true")
}

#[tokio::test]
async fn each_reader_sees_what_is_meant_for_them_however_they_look() {
    let people = People::start().await;
    let Cast { owner, readers } = Cast::of(&people).await;
    let witness = people.person("witness").await;
    befriend(&owner, &witness).await;
    let (mut hand, mut witness) = (owner.connect().live().await, witness.connect().live().await);
    let timer = hand.change(create("Write")).await;
    assert!(matches!(witness.next().await.body, Body::FriendActivity { .. }));
    let id = timer.id.to_string();

    // GET, list, PATCH and DELETE, live
    let (own, yes, no) = ("own own own own", "yes yes 404 yes", "403 no 404 no");
    for (level, setting) in Cast::settings().into_iter().enumerate() {
        share(&owner, "timer", &id, setting.clone()).await;
        let others = readers
            .iter()
            .map(|(reader, may)| (reader, if may[level] { yes } else { no }));
        for (reader, expected) in std::iter::once((&owner, own)).chain(others) {
            let mut live = watching(reader).live().await;
            let seen = looks(reader, &mut live, &mut hand, &mut witness, &timer).await;
            assert_eq!(seen, expected, "{} {setting}", reader.grant.user.id);
            live.leave().await;
        }
    }
    let (_, mine) = owner.get(&format!("/v1/timers/{id}")).await;
    assert_eq!(mine["visibility_level"], "public", "for the owner alone");
    assert_eq!(owner.delete(&format!("/v1/timers/{id}")).await.0, StatusCode::OK);
    for (reader, _) in &readers {
        assert_eq!(reader.get(&format!("/v1/timers/{id}")).await.0, StatusCode::NOT_FOUND);
        assert_eq!(reader.read("/v1/timers?scope=shared").await, json!([]));
    }
}

#[tokio::test]
async fn what_is_shared_is_filtered_as_what_is_mine() {
    let people = People::start().await;
    let (ada, eve) = (people.person("ada").await, people.person("eve").await);
    let mut hand = ada.connect().live().await;
    let mut ids = Vec::new();
    for title in ["one", "two", "three"] {
        let timer = hand.change(create(title)).await;
        share(&ada, "timer", &timer.id.to_string(), json!({ "level": "public" })).await;
        ids.push(timer.id);
    }
    hand.change(act(Action::Stop, ids[1])).await;
    let own = eve.connect().live().await.change(create("mine")).await;
    let listed = async |query: &str| {
        let list = eve.read(&format!("/v1/timers?{query}")).await;
        let title = |one: &Value| one["title"].as_str().unwrap().to_owned();
        list.as_array().unwrap().iter().map(title).collect::<Vec<_>>().join(" ")
    };
    for (query, expected) in [
        ("scope=mine", "mine"),
        ("scope=shared", "three two one"),
        ("scope=all", "mine three two one"),
        ("scope=all&status=completed", "two"),
        ("scope=shared&status=RUNNING", "three one"),
        ("scope=shared&status=x", ""),
        ("scope=shared&type=independent", "three two one"),
        ("scope=shared&type=schedule", ""),
        ("scope=shared&type=todo", ""),
        ("scope=shared&start_date=2100-01-01", ""),
        ("scope=shared&end_date=2100-01-01", "three two one"),
        ("scope=shared&end_date=2000-01-01", ""),
    ] {
        assert_eq!(listed(query).await, expected, "{query}");
    }
    let active = eve.read("/v1/timers/active").await;
    assert_eq!(active["id"], json!(own.id), "the caller's own");
}

#[tokio::test]
async fn tags_are_shown_as_asked_for_and_replaced_whole() {
    let people = People::start().await;
    let (ada, eve) = (people.person("ada").await, people.person("eve").await);
    let group = ada
        .made("/v1/tags/groups", json!({ "name": "G", "color": "#fff" }))
        .await["id"]
        .clone();
    let mut tags = Vec::new();
    for name in ["b", "a", "C"] {
        let tag = ada
            .made("/v1/tags", json!({ "name": name, "color": "#000", "group_id": group }))
            .await;
        tags.push(tag["id"].clone());
    }
    let foreign = eve
        .made("/v1/tags/groups", json!({ "name": "G", "color": "#fff" }))
        .await["id"]
        .clone();
    let foreign = eve
        .made("/v1/tags", json!({ "name": "x", "color": "#000", "group_id": foreign }))
        .await["id"]
        .clone();
    let mut hand = ada.connect().live().await;
    let timer = hand.change(create("Write")).await;
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
        hand.next().await.body,
        Body::Timer {
            action: TimerAction::Sync,
            ..
        }
    ));
    for (mode, expected) in [("none", 0), ("timer_only", 3), ("inherit_from_schedule", 3)] {
        let shown = ada.read(&format!("{path}?tag_include_mode={mode}")).await;
        assert_eq!(names(&shown).len(), expected, "{mode}");
    }
    assert!(names(&ada.read(&path).await).is_empty(), "none is the default");
    ada.patch(&path, json!({ "tag_ids": tags })).await;
    hand.is_silent().await;
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
        "nothing was changed"
    );
    share(&ada, "timer", &timer.id.to_string(), json!({ "level": "public" })).await;
    assert_eq!(names(&eve.read(&own).await), ["C", "a", "b"]);
    let (_, emptied) = ada.patch(&own, json!({ "tag_ids": null })).await;
    assert!(names(&emptied).is_empty());
}

#[tokio::test]
async fn friends_hear_what_is_done_as_far_as_the_user_says_and_while_they_are_friends() {
    let people = People::start().await;
    let (ada, eve) = (people.person("ada").await, people.person("eve").await);
    let stranger = people.person("stranger").await;
    let friendship = befriend(&ada, &eve).await;
    let (mut hand, mut friend) = (ada.connect().live().await, eve.connect().live().await);
    let mut camel = eve.connect().query("dialect=camel").open().await.unwrap();
    for _ in ["connected", "timer.synced"] {
        camel.next_json().await;
    }
    let mut other = stranger.connect().live().await;

    let timer = hand.change(create("Write")).await;
    let said = |action: &str| json!({ "friend_id": "ada", "display_name": "ADA", "action": action, "timer_id": timer.id, "timer_title": "Write" });
    let first = friend.next_json().await;
    assert_eq!(
        (&first["type"], &first["payload"]),
        (&json!("timer.friend_activity"), &said("start"))
    );
    assert_eq!(
        (&first["from_user"], &first["seq"]),
        (&json!("ada"), &Value::Null),
        "no event of the log"
    );
    let first = camel.next_json().await;
    assert_eq!(
        first["payload"],
        json!({ "friendId": "ada", "displayName": "ADA", "action": "start",
                                         "timerId": timer.id, "timerTitle": "Write" })
    );
    for (action, word) in [
        (Action::Pause, "pause"),
        (Action::Resume, "resume"),
        (Action::Stop, "stop"),
    ] {
        hand.change(act(action, timer.id)).await;
        assert_eq!(friend.next_json().await["payload"], said(word));
    }
    ada.patch(&format!("/v1/timers/{}", timer.id), json!({ "title": "Read" }))
        .await;
    assert!(matches!(hand.next().await.body, Body::Timer { .. }));

    ada.patch("/v1/users/me", json!({ "friend_activity": "running" })).await;
    let timer = hand.change(create("Secret")).await;
    let heard = friend.next_json().await;
    let expected = json!({ "friend_id": "ada", "display_name": "ADA", "action": "start", "timer_id": timer.id });
    assert_eq!(
        heard["payload"], expected,
        "without the title, and nothing of what REST changed"
    );
    ada.patch("/v1/users/me", json!({ "friend_activity": "titles" })).await;

    // A witness who is told of everything says when everybody has been told.
    let witness = people.person("witness").await;
    befriend(&ada, &witness).await;
    let mut witness = witness.connect().live().await;
    eve.delete(&format!("/v1/friends/{friendship}")).await;
    let timer = hand.change(create("Alone")).await;
    assert!(matches!(witness.next().await.body, Body::FriendActivity { .. }));
    friend.is_silent().await;
    befriend(&eve, &ada).await;
    settle(&mut witness, &mut hand, &timer).await;
    assert!(matches!(
        friend.next().await.body,
        Body::FriendActivity {
            action: TimerAction::Pause,
            ..
        }
    ));
    assert!(matches!(
        friend.next().await.body,
        Body::FriendActivity {
            action: TimerAction::Resume,
            ..
        }
    ));
    post(&ada, "/v1/friends/block/eve").await;
    settle(&mut witness, &mut hand, &timer).await;
    friend.is_silent().await;
    ada.delete("/v1/friends/block/eve").await;
    befriend(&eve, &ada).await;
    ada.patch("/v1/users/me", json!({ "friend_activity": "nothing" })).await;
    hand.change(act(Action::Cancel, timer.id)).await;
    friend.is_silent().await;
    witness.is_silent().await;
    other.is_silent().await;
}

#[tokio::test]
async fn what_is_shared_is_sent_to_whoever_asked_for_it_and_follows_the_setting_at_once() {
    let people = People::start().await;
    let (ada, eve) = (people.person("ada").await, people.person("eve").await);
    let witness = people.person("witness").await;
    befriend(&ada, &witness).await;
    let (mut hand, mut witness) = (ada.connect().live().await, witness.connect().live().await);
    let timer = hand.change(create("Write")).await;
    assert!(matches!(witness.next().await.body, Body::FriendActivity { .. }));
    let id = timer.id.to_string();
    share(&ada, "timer", &id, json!({ "level": "public" })).await;
    let (mut asked, mut plain) = (watching(&eve).live().await, eve.connect().live().await);
    settle(&mut witness, &mut hand, &timer).await;
    for action in ["pause", "resume"] {
        let message = asked.next_json().await;
        assert_eq!(
            (&message["type"], &message["payload"]["action"]),
            (&json!("timer.updated"), &json!(action))
        );
        assert_eq!(message["payload"]["timer"]["is_shared"], json!(true));
        assert_eq!(
            (&message["payload"]["timer"]["owner_id"], &message["seq"]),
            (&json!("ada"), &Value::Null)
        );
    }
    plain.is_silent().await;
    ada.patch(&format!("/v1/timers/{id}"), json!({ "title": "Read" })).await;
    assert!(matches!(hand.next().await.body, Body::Timer { .. }));
    let changed = asked.next_json().await;
    assert_eq!(changed["payload"]["timer"]["title"], "Read");
    ada.delete(&format!("/v1/visibility/timer/{id}")).await;
    settle(&mut witness, &mut hand, &timer).await;
    asked.is_silent().await;
    share(&ada, "timer", &id, json!({ "level": "public" })).await;
    post(&eve, "/v1/friends/block/ada").await;
    settle(&mut witness, &mut hand, &timer).await;
    asked.is_silent().await;
}

#[tokio::test]
async fn what_a_timer_is_linked_to_shows_as_far_as_it_is_shared_itself() {
    let people = People::start().await;
    let (ada, eve) = (people.person("ada").await, people.person("eve").await);
    let group = ada
        .made("/v1/tags/groups", json!({ "name": "G", "color": "#fff" }))
        .await["id"]
        .clone();
    let tag = async |name: &str| {
        let tag = json!({ "name": name, "color": "#000", "group_id": group });
        ada.made("/v1/tags", tag).await["id"].clone()
    };
    let (own, of_schedule, of_todo) = (tag("own").await, tag("schedule").await, tag("todo").await);
    let todo = json!({ "title": "T", "tag_group_id": group, "tag_ids": [of_todo] });
    let todo = ada.made("/v1/todos", todo).await["id"].clone();
    let schedule = json!({ "title": "S", "start_time": "2026-01-01T10:00:00Z", "end_time": "2026-01-01T11:00:00Z",
                           "tag_ids": [of_schedule, own] });
    let schedule = ada.made("/v1/schedules", schedule).await["id"].clone();
    let timer = ada.connect().live().await.change(create("Write")).await.id.to_string();
    let asked = "include_schedule=true&include_todo=true&tag_include_mode=inherit_from_schedule";
    let path = format!("/v1/timers/{timer}?{asked}");
    let seen = |body: &Value| {
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
        (status, seen(&patched).as_str()),
        (StatusCode::OK, "\"S\" \"T\" own schedule")
    );
    assert_eq!(patched["schedule"]["id"], schedule);
    let plain = ada.read(&format!("/v1/timers/{timer}")).await;
    assert!(plain["schedule"].is_null() && plain["todo"].is_null(), "not asked for");

    share(&ada, "timer", &timer, json!({ "level": "public" })).await;
    let everywhere = async |expected: &str| {
        for body in [
            eve.read(&path).await,
            eve.read(&format!("/v1/timers?scope=shared&{asked}")).await[0].clone(),
            eve.read(&format!("/v1/timers?scope=all&{asked}")).await[0].clone(),
        ] {
            assert_eq!(seen(&body), expected, "{body}");
        }
    };
    everywhere("null null own").await;
    share(&ada, "todo", todo.as_str().unwrap(), json!({ "level": "public" })).await;
    everywhere("null \"T\" own").await;
    share(
        &ada,
        "schedule",
        schedule.as_str().unwrap(),
        json!({ "level": "public" }),
    )
    .await;
    everywhere("\"S\" \"T\" own schedule").await;
    ada.patch(&path, json!({ "schedule_id": null })).await;
    everywhere("null \"T\" own todo").await;
    ada.delete(&format!("/v1/visibility/todo/{}", todo.as_str().unwrap()))
        .await;
    everywhere("null null own").await;
}
