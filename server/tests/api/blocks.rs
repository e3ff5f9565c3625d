//! Blocks: each user has their own; one is in force for both users, and the blocked user cannot detect it.

use crate::support::{
    User, answer, create,
    oidc_users::{OidcServer, befriend, got, listed, settle, share, watching},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn block(user: &User, other: &str) -> Value {
    let (status, block) = answer(user.request(Method::POST, &format!("/v1/friends/block/{other}"))).await;
    assert_eq!(status, StatusCode::OK, "{block}");
    block
}

async fn unblock(user: &User, other: &str) -> u16 {
    user.delete(&format!("/v1/friends/block/{other}")).await.0.as_u16()
}

/// Sends a friend request by friend code; returns the status, and the error type or an empty string.
async fn ask(one: &User, other: &User) -> (u16, String) {
    let code = other.read("/v1/users/me").await["friend_code"].clone();
    let (status, body) = one.post("/v1/friends/requests", json!({ "friend_code": code })).await;
    (
        status.as_u16(),
        body["error_type"].as_str().unwrap_or_default().to_owned(),
    )
}

/// Creates a public timer and returns its id.
async fn publish(user: &User) -> String {
    let id = user
        .connect()
        .live()
        .await
        .change(create("Public"))
        .await
        .id
        .to_string();
    share(user, "timer", &id, json!({ "level": "public" })).await;
    id
}

#[tokio::test]
async fn lifting_one_block_leaves_the_block_in_the_other_direction() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let (of_ada, of_eve) = (publish(&ada).await, publish(&eve).await);
    let sees = async |reader: &User, id: &str| {
        let single = got(reader, &format!("/v1/timers/{id}")).await;
        format!("{single} {}", listed(reader, "/v1/timers?", id).await)
    };
    let both = async || [sees(&ada, &of_eve).await, sees(&eve, &of_ada).await];
    let refused = || (403, "UserBlockedError".to_owned());
    assert_eq!(both().await, ["yes yes", "yes yes"]);

    let by_ada = block(&ada, "eve").await;
    let by_eve = block(&eve, "ada").await;
    assert_eq!(
        (&by_ada["blocked_by"], &by_eve["blocked_by"]),
        (&json!("ada"), &json!("eve"))
    );
    assert_eq!(
        (&by_eve["requester_id"], &by_eve["addressee_id"]),
        (&json!("eve"), &json!("ada"))
    );
    assert_ne!(by_ada["id"], by_eve["id"], "two records");
    assert_eq!(block(&eve, "ada").await, by_eve, "again: the same record");

    for _ in ["both", "only that of eve"] {
        assert_eq!(both().await, ["403 no", "403 no"]);
        assert_eq!([ask(&ada, &eve).await, ask(&eve, &ada).await], [refused(), refused()]);
        assert_eq!(
            eve.post("/v1/friends/requests", json!({ "email": "ada@mail.test" }))
                .await
                .0,
            202
        );
        assert_eq!(ada.read("/v1/friends/requests/received").await, json!([]));
        unblock(&ada, "eve").await;
    }
    assert_eq!(unblock(&ada, "eve").await, 404, "lifted already");
    assert_eq!(unblock(&eve, "ada").await, 200);
    assert_eq!(both().await, ["yes yes", "yes yes"]);
    befriend(&ada, &eve).await;
}

#[tokio::test]
async fn mutual_block_suppresses_live_events_until_both_are_lifted() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let witness = oidc.person("witness").await;
    befriend(&ada, &witness).await;
    let (mut device, mut witness) = (ada.connect().live().await, witness.connect().live().await);
    let timer = device.change(create("Write")).await;
    share(&ada, "timer", &timer.id.to_string(), json!({ "level": "public" })).await;
    witness.next().await;
    let mut watching = watching(&eve).live().await;
    block(&ada, "eve").await;
    let hidden = watching.next_json().await;
    assert_eq!(
        (&hidden["type"], &hidden["payload"]),
        (&json!("timer.deleted"), &json!({ "timer_id": timer.id }))
    );
    block(&eve, "ada").await;
    assert_eq!(unblock(&eve, "ada").await, 200);
    settle(&mut witness, &mut device, &timer).await;
    watching.is_silent().await;
    assert_eq!(unblock(&ada, "eve").await, 200);
    settle(&mut witness, &mut device, &timer).await;
    assert_eq!(watching.next_json().await["payload"]["timer"]["id"], json!(timer.id));
}

/// Everything that a user can learn about Ada without a friend code: request, status and body of each.
async fn observe(user: &User, friendship: &str, request: &str) -> Vec<(String, u16, Value)> {
    let mut observed = Vec::new();
    for (method, path) in [
        (Method::GET, "/v1/friends".to_owned()),
        (Method::GET, "/v1/friends/ids".to_owned()),
        (Method::GET, "/v1/friends/check/ada".to_owned()),
        (Method::GET, "/v1/friends/requests/sent".to_owned()),
        (Method::GET, "/v1/friends/requests/received".to_owned()),
        (Method::DELETE, format!("/v1/friends/{friendship}")),
        (Method::POST, format!("/v1/friends/requests/{request}/accept")),
        (Method::POST, format!("/v1/friends/requests/{request}/reject")),
        (Method::DELETE, format!("/v1/friends/requests/{request}")),
        (Method::DELETE, "/v1/friends/block/ada".to_owned()),
    ] {
        let (status, mut body) = answer(user.request(method.clone(), &path)).await;
        for fresh in ["error_id", "timestamp"] {
            body.as_object_mut().map(|members| members.remove(fresh));
        }
        observed.push((format!("{method} {path}"), status.as_u16(), body));
    }
    observed
}

#[tokio::test]
async fn a_blocked_user_sees_what_a_former_friend_sees() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let friendship = befriend(&ada, &eve).await;
    assert_eq!(ada.delete(&format!("/v1/friends/{friendship}")).await.0, StatusCode::OK);
    let as_former_friend = observe(&eve, &friendship, &friendship).await;
    let again = befriend(&ada, &eve).await;
    block(&ada, "eve").await;
    let mut as_blocked = observe(&eve, &again, &again).await;
    for (path, _, body) in &mut as_blocked {
        // The ids of the two friendships differ, and a 404 names its path.
        *path = path.replace(&again, &friendship);
        *body = serde_json::from_str(&body.to_string().replace(&again, &friendship)).unwrap();
    }
    assert_eq!(as_blocked, as_former_friend);
}
