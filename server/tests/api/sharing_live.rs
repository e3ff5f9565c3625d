//! Live events of other users' timers: activity of friends, and changes of shared timers.

use crate::support::{
    Client, User, act, answer, create,
    oidc_users::{OidcServer, befriend, settle, share, watching},
};
use protocol::{
    id::TimerId,
    timers::{Action, Body, TimerAction},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// The timers that a friend's device gets as cancelled next, in the order of their ids.
async fn cancelled(friend: &mut Client, count: usize) -> Vec<TimerId> {
    let mut timers = Vec::new();
    for _ in 0..count {
        match friend.next().await.body {
            Body::FriendActivity {
                action: TimerAction::Cancel,
                timer_id,
                ..
            } => timers.push(timer_id),
            other => panic!("expected a cancelled timer, got {other:?}"),
        }
    }
    timers.sort_unstable();
    timers
}

/// The next message that is not about what a friend did.
async fn next_shared(client: &mut Client) -> Body {
    loop {
        match client.next().await.body {
            Body::FriendActivity { .. } => {}
            other => return other,
        }
    }
}

async fn post(user: &User, path: &str) {
    let (status, body) = answer(user.request(Method::POST, path)).await;
    assert_eq!(status, StatusCode::OK, "{body}");
}

#[tokio::test]
async fn friend_activity_follows_the_users_setting_and_the_friendship() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let stranger = oidc.person("stranger").await;
    let friendship = befriend(&ada, &eve).await;
    let (mut device, mut friend) = (ada.connect().live().await, eve.connect().live().await);
    let mut camel = eve.connect().query("dialect=camel").open().await.unwrap();
    for _ in ["connected", "timer.synced"] {
        camel.next_json().await;
    }
    let mut other = stranger.connect().live().await;

    let timer = device.change(create("Write")).await;
    let activity = |action: &str| json!({ "friend_id": "ada", "display_name": "ADA", "action": action, "timer_id": timer.id, "timer_title": "Write" });
    let first = friend.next_json().await;
    assert_eq!(
        (&first["type"], &first["payload"]),
        (&json!("timer.friend_activity"), &activity("start"))
    );
    assert_eq!(
        (&first["from_user"], &first["seq"]),
        (&json!("ada"), &Value::Null),
        "activities have no seq"
    );
    let first = camel.next_json().await;
    assert_eq!(
        first["payload"],
        json!({ "friendId": "ada", "displayName": "ADA", "action": "start",
                                         "timerId": timer.id, "timerTitle": "Write" })
    );
    for (action, name) in [
        (Action::Pause, "pause"),
        (Action::Resume, "resume"),
        (Action::Stop, "stop"),
    ] {
        device.change(act(action, timer.id)).await;
        assert_eq!(friend.next_json().await["payload"], activity(name));
    }
    ada.patch(&format!("/v1/timers/{}", timer.id), json!({ "title": "Read" }))
        .await;
    assert!(matches!(device.next().await.body, Body::Timer { .. }));

    ada.patch("/v1/users/me", json!({ "friend_activity": "running" })).await;
    let timer = device.change(create("Secret")).await;
    let received = friend.next_json().await;
    let expected = json!({ "friend_id": "ada", "display_name": "ADA", "action": "start", "timer_id": timer.id });
    assert_eq!(
        received["payload"], expected,
        "the activity has no title and does not report the PATCH"
    );
    ada.patch("/v1/users/me", json!({ "friend_activity": "titles" })).await;

    // The witness receives every activity, last of all: then it was delivered to all others.
    let witness = oidc.person("witness").await;
    befriend(&ada, &witness).await;
    let mut witness = witness.connect().live().await;
    eve.delete(&format!("/v1/friends/{friendship}")).await;
    assert_eq!(cancelled(&mut friend, 1).await, [timer.id], "it is no longer shown");
    let secret = timer.id;
    let timer = device.change(create("Alone")).await;
    assert!(matches!(witness.next().await.body, Body::FriendActivity { .. }));
    friend.is_silent().await;
    befriend(&eve, &ada).await;
    settle(&mut witness, &mut device, &timer).await;
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
    assert_eq!(cancelled(&mut friend, 2).await, [secret, timer.id]);
    settle(&mut witness, &mut device, &timer).await;
    friend.is_silent().await;
    ada.delete("/v1/friends/block/eve").await;
    befriend(&eve, &ada).await;
    ada.patch("/v1/users/me", json!({ "friend_activity": "nothing" })).await;
    device.change(act(Action::Cancel, timer.id)).await;
    friend.is_silent().await;
    witness.is_silent().await;
    other.is_silent().await;
}

#[tokio::test]
async fn shared_timer_events_are_sent_on_request_and_follow_the_visibility_at_once() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let witness = oidc.person("witness").await;
    befriend(&ada, &witness).await;
    let (mut device, mut witness) = (ada.connect().live().await, witness.connect().live().await);
    let timer = device.change(create("Write")).await;
    assert!(matches!(witness.next().await.body, Body::FriendActivity { .. }));
    let id = timer.id.to_string();
    share(&ada, "timer", &id, json!({ "level": "public" })).await;
    settle(&mut witness, &mut device, &timer).await;
    let (mut watching_shared, mut plain) = (watching(&eve).live().await, eve.connect().live().await);
    settle(&mut witness, &mut device, &timer).await;
    for action in ["pause", "resume"] {
        let message = watching_shared.next_json().await;
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
    assert!(matches!(device.next().await.body, Body::Timer { .. }));
    let changed = watching_shared.next_json().await;
    assert_eq!(changed["payload"]["timer"]["title"], "Read");
    ada.delete(&format!("/v1/visibility/timer/{id}")).await;
    assert_eq!(
        watching_shared.next().await.body,
        Body::TimerDeleted { timer_id: timer.id }
    );
    settle(&mut witness, &mut device, &timer).await;
    watching_shared.is_silent().await;
    share(&ada, "timer", &id, json!({ "level": "public" })).await;
    let shown = watching_shared.next_json().await;
    assert_eq!(
        (&shown["payload"]["action"], &shown["payload"]["timer"]["id"]),
        (&json!("sync"), &json!(id))
    );
    post(&eve, "/v1/friends/block/ada").await;
    assert_eq!(
        watching_shared.next().await.body,
        Body::TimerDeleted { timer_id: timer.id }
    );
    settle(&mut witness, &mut device, &timer).await;
    watching_shared.is_silent().await;
}

#[tokio::test]
async fn a_narrower_visibility_is_published_to_those_who_lose_the_timer_alone() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let stranger = oidc.person("stranger").await;
    befriend(&ada, &eve).await;
    let mut device = ada.connect().live().await;
    let timer = device.change(create("Write")).await;
    let id = timer.id.to_string();
    let (mut friend, mut other) = (watching(&eve).live().await, watching(&stranger).live().await);
    share(&ada, "timer", &id, json!({ "level": "public" })).await;
    for client in [&mut friend, &mut other] {
        assert!(matches!(next_shared(client).await, Body::SharedTimer { timer: shared, .. } if shared.id == timer.id));
    }
    share(&ada, "timer", &id, json!({ "level": "friends" })).await;
    assert_eq!(next_shared(&mut other).await, Body::TimerDeleted { timer_id: timer.id });
    assert!(matches!(next_shared(&mut friend).await, Body::SharedTimer { .. }));
    device.change(act(Action::Pause, timer.id)).await;
    assert!(matches!(next_shared(&mut friend).await, Body::SharedTimer { .. }));
    other.is_silent().await;
}

#[tokio::test]
async fn deletion_is_published_to_readers_and_friends() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let (friend, stranger) = (oidc.person("friend").await, oidc.person("stranger").await);
    befriend(&ada, &friend).await;
    let (mut device, mut friend) = (ada.connect().live().await, friend.connect().live().await);
    let (runs, done) = (
        device.change(create("Write")).await,
        device.change(create("Read")).await,
    );
    device.change(act(Action::Stop, done.id)).await;
    for done in ["start", "start", "stop"] {
        assert_eq!(friend.next_json().await["payload"]["action"], done);
    }
    for timer in [&runs, &done] {
        let setting = json!({ "level": "allowed_emails", "allowed_emails": ["eve@mail.test"] });
        share(&ada, "timer", &timer.id.to_string(), setting).await;
    }
    let (mut watching_shared, mut plain) = (watching(&eve).live().await, eve.connect().live().await);
    let mut other = watching(&stranger).live().await;

    for timer in [&done, &runs] {
        assert_eq!(ada.delete(&format!("/v1/timers/{}", timer.id)).await.0, StatusCode::OK);
        let deleted = watching_shared.next_json().await;
        assert_eq!(
            (
                &deleted["type"],
                &deleted["payload"],
                &deleted["from_user"],
                &deleted["seq"]
            ),
            (
                &json!("timer.deleted"),
                &json!({ "timer_id": timer.id }),
                &json!("ada"),
                &Value::Null
            )
        );
    }
    // A deleted running timer is reported to friends as cancelled; a completed one is not reported.
    let received = friend.next_json().await;
    assert_eq!(
        (&received["payload"]["action"], &received["payload"]["timer_id"]),
        (&json!("cancel"), &json!(runs.id))
    );
    for client in [&mut friend, &mut plain, &mut other] {
        client.is_silent().await;
    }
}
