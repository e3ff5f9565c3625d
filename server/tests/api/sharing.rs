//! Visibility of timers over real connections: every level, every reader, every way of access.

use crate::support::{
    Client, User, act, create,
    oidc_users::{OidcServer, Relations, befriend, got, listed, settle, share, watching},
};
use protocol::timers::{Action, Body, Command, Timer};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// The results of all ways of access of a reader: GET, lists, PATCH and DELETE, live events.
async fn access_of(
    reader: &User,
    live: &mut Client,
    owner: &mut Client,
    witness: &mut Client,
    timer: &Timer,
) -> String {
    let path = format!("/v1/timers/{}", timer.id);
    let get = got(reader, &path).await;
    let mine = get == "own";
    let list = listed(
        reader,
        "/v1/timers?status=paused&status=running&",
        &timer.id.to_string(),
    )
    .await;
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
    let received = live_access(live, timer).await;
    format!("{get} {list} {change} {received}")
}

/// After a pause and a resume that were delivered to all readers: in which form a `shared=true` connection got them.
async fn live_access(live: &mut Client, timer: &Timer) -> &'static str {
    live.send_with_id(Some("end"), Command::Ping).await;
    let (mut own, mut shared) = (0, 0);
    loop {
        let message = live.next().await;
        match message.body {
            Body::Timer { .. } => own += 1,
            Body::SharedTimer { timer: changed, .. } => {
                assert_eq!((changed.id, message.seq), (timer.id, None));
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

#[tokio::test]
async fn every_reader_gets_the_access_of_each_level_by_every_route() {
    let oidc = OidcServer::start().await;
    let Relations { owner, readers } = Relations::of(&oidc).await;
    let witness = oidc.person("witness").await;
    befriend(&owner, &witness).await;
    let (mut device, mut witness) = (owner.connect().live().await, witness.connect().live().await);
    let timer = device.change(create("Write")).await;
    assert!(matches!(witness.next().await.body, Body::FriendActivity { .. }));
    let id = timer.id.to_string();

    // GET, list, PATCH and DELETE, live
    let (own, yes, no) = ("own own own own", "yes yes 404 yes", "403 no 404 no");
    for (level, setting) in Relations::settings().into_iter().enumerate() {
        share(&owner, "timer", &id, setting.clone()).await;
        let others = readers
            .iter()
            .map(|(reader, allowed)| (reader, if allowed[level] { yes } else { no }));
        for (reader, expected) in std::iter::once((&owner, own)).chain(others) {
            let mut live = watching(reader).live().await;
            let access = access_of(reader, &mut live, &mut device, &mut witness, &timer).await;
            assert_eq!(access, expected, "{} {setting}", reader.grant.user.id);
            live.leave().await;
        }
    }
    let (_, mine) = owner.get(&format!("/v1/timers/{id}")).await;
    assert_eq!(mine["visibility_level"], "public", "the level is visible to the owner");
    assert_eq!(owner.delete(&format!("/v1/timers/{id}")).await.0, StatusCode::OK);
    for (reader, _) in &readers {
        assert_eq!(reader.get(&format!("/v1/timers/{id}")).await.0, StatusCode::NOT_FOUND);
        assert_eq!(reader.read("/v1/timers?scope=shared").await, json!([]));
    }
}

#[tokio::test]
async fn shared_timers_are_filtered_like_own_ones() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let mut device = ada.connect().live().await;
    let mut ids = Vec::new();
    for title in ["one", "two", "three"] {
        let timer = device.change(create(title)).await;
        share(&ada, "timer", &timer.id.to_string(), json!({ "level": "public" })).await;
        ids.push(timer.id);
    }
    device.change(act(Action::Stop, ids[1])).await;
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
    assert_eq!(active["id"], json!(own.id), "the active timer is the caller's own");
}
