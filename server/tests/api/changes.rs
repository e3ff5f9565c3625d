//! `data.changed`: what a page has to read again, on connections that asked for it.

use crate::support::{
    Client, Connect, TestServer, User, act, answer, create,
    oidc_users::{OidcServer, befriend, share},
};
use protocol::timers::{
    Action, Body, Command,
    DataKind::{self, Friends, Notifications, Preferences, Schedules, Sharing, Tags, Timers, Todos},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// A connection that asked for hints.
pub fn told(user: &User) -> Connect {
    user.connect().query("changes=true")
}

/// The kinds of the next hint. Messages about timers are skipped.
pub async fn next_kinds(client: &mut Client) -> Vec<DataKind> {
    loop {
        let message = client.next().await;
        assert_eq!(
            message.from_user.filter(|_| message.seq.is_none()),
            None,
            "{:?}",
            message.body
        );
        match message.body {
            Body::DataChanged { kinds } => return kinds,
            Body::Timer { .. } | Body::TimerDeleted { .. } => {}
            other => panic!("expected a hint, got {other:?}"),
        }
    }
}

/// Asserts that the next hint has these kinds, and that no other one follows.
async fn expect(client: &mut Client, kinds: &[DataKind], why: &str) {
    assert_eq!(next_kinds(client).await, kinds, "{why}");
    client.is_silent().await;
}

async fn done(user: &User, method: Method, path: &str) -> Value {
    let (status, body) = answer(user.request(method, path)).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

async fn changed(user: &User, path: &str, changes: Value) {
    let (status, body) = user.patch(path, changes).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

#[tokio::test]
async fn each_change_of_a_users_own_data_names_its_kinds_once() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (mut page, mut plain) = (told(&ada).live().await, ada.connect().live().await);

    let group = ada
        .made("/v1/tags/groups", json!({ "name": "G", "color": "#abcdef" }))
        .await;
    expect(&mut page, &[Tags], "a new group").await;
    let group_path = format!("/v1/tags/groups/{}", id(&group));
    changed(&ada, &group_path, json!({ "name": "Group" })).await;
    expect(&mut page, &[Tags], "a renamed group").await;
    let new = json!({ "name": "T", "color": "#abcdef", "group_id": group["id"] });
    let tag = ada.made("/v1/tags", new.clone()).await;
    expect(&mut page, &[Tags], "a new tag").await;
    changed(&ada, &format!("/v1/tags/{}", id(&tag)), json!({ "name": "Tag" })).await;
    expect(
        &mut page,
        &[Todos, Tags, Schedules, Timers],
        "all that may show a renamed tag",
    )
    .await;

    let new = json!({ "title": "Write", "tag_group_id": group["id"] });
    let todo = ada.made("/v1/todos", new).await;
    expect(&mut page, &[Todos], "a new todo").await;
    let todo_path = format!("/v1/todos/{}", id(&todo));
    changed(&ada, &todo_path, json!({ "title": "Read", "tag_ids": [tag["id"]] })).await;
    expect(&mut page, &[Todos], "a changed todo").await;
    changed(&ada, &todo_path, json!({ "deadline": "2026-03-01T10:00:00Z" })).await;
    expect(&mut page, &[Todos, Schedules], "a deadline, which makes a schedule").await;
    changed(&ada, &todo_path, json!({ "tag_ids": [] })).await;
    expect(&mut page, &[Todos, Schedules], "tags, which the schedule gets as well").await;

    let times = json!({ "title": "Walk", "start_time": "2026-03-02T10:00:00Z", "end_time": "2026-03-02T11:00:00Z",
                        "recurrence_rule": "FREQ=DAILY;COUNT=5" });
    let schedule = ada.made("/v1/schedules", times).await;
    expect(&mut page, &[Schedules], "a new schedule").await;
    let schedule_path = format!("/v1/schedules/{}", id(&schedule));
    changed(&ada, &schedule_path, json!({ "title": "Run" })).await;
    expect(&mut page, &[Schedules], "a changed schedule").await;
    let occurrence = format!("{schedule_path}?instance_start=2026-03-03T10:00:00Z");
    changed(&ada, &occurrence, json!({ "title": "Swim" })).await;
    expect(&mut page, &[Schedules], "a changed occurrence").await;
    done(&ada, Method::DELETE, &occurrence).await;
    expect(&mut page, &[Schedules], "a removed occurrence").await;
    let later = format!("{schedule_path}?instance_start=2026-03-05T10:00:00Z&following=true");
    changed(&ada, &later, json!({ "title": "Row" })).await;
    expect(&mut page, &[Schedules], "a divided series").await;
    ada.made(&format!("{schedule_path}/todo?tag_group_id={}", id(&group)), json!({}))
        .await;
    expect(&mut page, &[Todos, Schedules], "a todo of a schedule").await;
    done(&ada, Method::DELETE, &schedule_path).await;
    expect(&mut page, &[Todos, Schedules], "a deleted schedule").await;

    share(&ada, "todo", id(&todo), json!({ "level": "public" })).await;
    expect(&mut page, &[Todos, Sharing], "the visibility of a todo").await;
    done(&ada, Method::DELETE, &todo_path).await;
    expect(&mut page, &[Todos, Schedules], "a deleted todo with its schedule").await;
    done(&ada, Method::DELETE, &format!("/v1/tags/{}", id(&tag))).await;
    expect(&mut page, &[Todos, Tags, Schedules], "a deleted tag").await;

    changed(&ada, "/v1/users/me", json!({ "friend_activity": "nothing" })).await;
    expect(&mut page, &[Preferences], "a setting").await;
    done(&ada, Method::POST, "/v1/users/me/friend-code").await;
    expect(&mut page, &[Preferences], "a new friend code").await;
    plain.is_silent().await;
}

#[tokio::test]
async fn changes_that_change_nothing_or_are_refused_send_no_hint() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let group = ada
        .made("/v1/tags/groups", json!({ "name": "G", "color": "#abcdef" }))
        .await;
    let new = json!({ "title": "Write", "tag_group_id": group["id"] });
    let todo = ada.made("/v1/todos", new).await;
    let times = json!({ "title": "Walk", "start_time": "2026-03-02T10:00:00Z", "end_time": "2026-03-02T11:00:00Z" });
    let schedule = ada.made("/v1/schedules", times.clone()).await;
    let mut page = told(&ada).live().await;
    changed(&ada, &format!("/v1/schedules/{}", id(&schedule)), times).await;
    changed(&ada, &format!("/v1/todos/{}", id(&todo)), json!({ "title": "Write" })).await;
    changed(&ada, &format!("/v1/tags/groups/{}", id(&group)), json!({})).await;
    let refused = ada
        .post("/v1/todos", json!({ "title": "X", "tag_group_id": todo["id"] }))
        .await;
    assert_eq!(refused.0, StatusCode::NOT_FOUND);
    done(&ada, Method::DELETE, &format!("/v1/visibility/todo/{}", id(&todo))).await;
    page.is_silent().await;
}

#[tokio::test]
async fn hints_are_opt_in_and_the_same_in_both_dialects() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    for (query, asks) in [
        ("changes=true", true),
        ("changes=YES", true),
        ("changes=1&dialect=camel", true),
        ("changes=false", false),
        ("changes=perhaps", false),
        ("changes=", false),
        ("shared=true", false),
    ] {
        let mut page = ada.connect().query(query).open().await.unwrap();
        for _ in ["connected", "sync"] {
            page.next_json().await;
        }
        ada.made("/v1/tags/groups", json!({ "name": "G", "color": "#abcdef" }))
            .await;
        if asks {
            let hint = page.next_json().await;
            let members: Vec<&String> = hint.as_object().unwrap().keys().collect();
            assert_eq!(members, ["payload", "timestamp", "type"], "{query}");
            assert_eq!(
                (&hint["type"], &hint["payload"]),
                (&json!("data.changed"), &json!({ "kinds": ["tags"] })),
                "{query}"
            );
        }
        // The answer is the next message: no hint was sent.
        page.send(Command::Ping).await;
        assert_eq!(page.next_json().await["type"], "pong", "{query}");
    }
}

#[tokio::test]
async fn both_users_are_told_of_requests_and_friendships_but_not_of_a_block() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let (mut one, mut other) = (told(&ada).live().await, told(&eve).live().await);
    let code = eve.read("/v1/users/me").await["friend_code"].clone();
    for (user, verb) in [(&ada, None), (&eve, Some("reject")), (&eve, Some("accept"))] {
        let request = ada.made("/v1/friends/requests", json!({ "friend_code": code })).await;
        expect(&mut one, &[Friends], "a request").await;
        expect(&mut other, &[Friends, Notifications], "a request").await;
        let path = format!("/v1/friends/requests/{}", id(&request));
        match verb {
            Some(verb) => done(user, Method::POST, &format!("{path}/{verb}")).await,
            None => done(user, Method::DELETE, &path).await,
        };
        let (to_her, to_other) = match verb {
            Some("accept") => (
                &[Friends, Sharing, Notifications][..],
                &[Friends, Sharing, Notifications][..],
            ),
            _ => (&[Friends][..], &[Friends, Notifications][..]),
        };
        expect(&mut one, to_her, "the answer").await;
        expect(&mut other, to_other, "the answer").await;
    }
    changed(&ada, "/v1/users/me", json!({ "friend_activity": "running" })).await;
    expect(&mut one, &[Preferences], "her setting").await;
    expect(&mut other, &[Friends], "what a friend shows").await;
    let friendship = eve.read("/v1/friends").await[0]["friendship_id"].clone();
    done(
        &eve,
        Method::DELETE,
        &format!("/v1/friends/{}", friendship.as_str().unwrap()),
    )
    .await;
    for page in [&mut one, &mut other] {
        expect(page, &[Friends, Sharing, Notifications], "an ended friendship").await;
    }

    let (ended, again) = (&[Friends, Sharing, Notifications], &[Friends, Sharing]);
    for (method, kinds, why) in [
        (Method::POST, &ended[..], "a block"),
        (Method::DELETE, &again[..], "its end"),
    ] {
        done(&ada, method, "/v1/friends/block/eve").await;
        expect(&mut one, kinds, why).await;
        other.is_silent().await;
    }
    befriend(&eve, &ada).await;
    assert_eq!(next_kinds(&mut one).await, [Friends, Notifications]);
    assert_eq!(next_kinds(&mut other).await, [Friends]);
    for page in [&mut one, &mut other] {
        expect(page, &[Friends, Sharing, Notifications], "friends again").await;
    }
    done(&ada, Method::POST, "/v1/friends/block/eve").await;
    expect(&mut other, ended, "to the other user it is an ended friendship").await;
}

#[tokio::test]
async fn the_sender_of_a_request_by_address_gets_the_same_hint_whether_it_exists_or_not() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let (mut one, mut other) = (told(&ada).live().await, told(&eve).live().await);
    for (email, exists) in [
        ("nobody@mail.test", false),
        ("eve@mail.test", true),
        ("eve@mail.test", false),
    ] {
        let (status, _) = ada.post("/v1/friends/requests", json!({ "email": email })).await;
        assert_eq!(status, StatusCode::ACCEPTED);
        expect(&mut one, &[Friends], email).await;
        if exists {
            assert_eq!(next_kinds(&mut other).await, [Friends, Notifications]);
        }
        other.is_silent().await;
    }
}

#[tokio::test]
async fn readers_are_told_when_something_shared_with_them_changes() {
    let oidc = OidcServer::start().await;
    let (ada, friend) = (oidc.person("ada").await, oidc.person("friend").await);
    let (mailed, stranger) = (oidc.person("mailed").await, oidc.person("stranger").await);
    befriend(&ada, &friend).await;
    let group = ada
        .made("/v1/tags/groups", json!({ "name": "G", "color": "#abcdef" }))
        .await;
    let new = json!({ "title": "Write", "tag_group_id": group["id"] });
    let todo = ada.made("/v1/todos", new).await;
    let times = json!({ "title": "Walk", "start_time": "2026-03-02T10:00:00Z", "end_time": "2026-03-02T11:00:00Z" });
    let schedule = ada.made("/v1/schedules", times).await;
    let mut friend = told(&friend).live().await;
    let mut mailed = told(&mailed).live().await;
    let mut stranger = told(&stranger).live().await;

    let emails = json!({ "level": "allowed_emails", "allowed_emails": ["mailed@mail.test"], "allowed_domains": [] });
    for (kind, path, one) in [("todo", "todos", &todo), ("schedule", "schedules", &schedule)] {
        let path = format!("/v1/{path}/{}", id(one));
        // Nobody reads it yet.
        changed(&ada, &path, json!({ "title": "Alone" })).await;
        share(&ada, kind, id(one), json!({ "level": "friends" })).await;
        expect(&mut friend, &[Sharing], "shared").await;
        changed(&ada, &path, json!({ "title": "Read" })).await;
        expect(&mut friend, &[Sharing], "changed").await;
        mailed.is_silent().await;
        share(&ada, kind, id(one), emails.clone()).await;
        expect(&mut friend, &[Sharing], "no longer shared").await;
        assert_eq!(next_kinds(&mut mailed).await, [Notifications], "shared with an address");
        expect(&mut mailed, &[Sharing], "shared with an address").await;
        share(
            &ada,
            kind,
            id(one),
            json!({ "level": "allowed_emails", "allowed_domains": ["mail.test"] }),
        )
        .await;
        for page in [&mut friend, &mut mailed, &mut stranger] {
            assert_eq!(next_kinds(page).await, [Sharing], "shared with a domain");
        }
        // By address as well as by domain, since the setting before was by address.
        assert_eq!(next_kinds(&mut mailed).await, [Sharing]);
        share(&ada, kind, id(one), json!({ "level": "public" })).await;
        for page in [&mut friend, &mut mailed, &mut stranger] {
            assert_eq!(next_kinds(page).await, [Sharing], "by the domain of before");
        }
        assert_eq!(next_kinds(&mut friend).await, [Sharing], "as a friend");
        done(&ada, Method::DELETE, &path).await;
        expect(&mut friend, &[Sharing], "deleted").await;
        for page in [&mut mailed, &mut stranger] {
            page.is_silent().await;
        }
    }
}

/// The next hint to a friend, who also receives what the owner does.
async fn next_of_friend(client: &mut Client) -> Vec<DataKind> {
    loop {
        match client.next().await.body {
            Body::DataChanged { kinds } => return kinds,
            Body::FriendActivity { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn readers_of_a_timer_are_told_and_its_owner_of_its_visibility() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    befriend(&ada, &eve).await;
    let (mut page, mut friend) = (told(&ada).live().await, told(&eve).live().await);
    let timer = page.change(create("Write")).await;
    share(&ada, "timer", &timer.id.to_string(), json!({ "level": "friends" })).await;
    expect(&mut page, &[Timers, Sharing], "her own setting").await;
    assert_eq!(next_of_friend(&mut friend).await, [Sharing]);
    page.change(act(Action::Pause, timer.id)).await;
    assert_eq!(next_of_friend(&mut friend).await, [Sharing]);
    done(&ada, Method::DELETE, &format!("/v1/timers/{}", timer.id)).await;
    assert_eq!(next_of_friend(&mut friend).await, [Sharing]);
    assert!(matches!(page.next().await.body, Body::TimerDeleted { .. }));
    page.is_silent().await;
}
