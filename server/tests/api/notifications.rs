//! `/v1/notifications`: what makes them, who gets them, reading and switching them off.

use crate::{
    changes::{next_kinds, told},
    support::{
        User, answer,
        oidc_users::{OidcServer, befriend, share},
    },
};
use protocol::timers::DataKind;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const PATH: &str = "/v1/notifications";

/// The unread ones: kind, what they are about, and what they say.
async fn unread(user: &User) -> Vec<(String, String, String)> {
    let list = user.read("/v1/notifications?unread=true").await;
    let text = |one: &Value, member: &str| one[member].as_str().unwrap().to_owned();
    let each = list.as_array().unwrap().iter();
    each.map(|one| (text(one, "kind"), text(one, "entity_type"), text(one, "message")))
        .collect()
}

fn one(kind: &str, entity: &str, message: &str) -> (String, String, String) {
    (kind.to_owned(), entity.to_owned(), message.to_owned())
}

async fn done(user: &User, method: Method, path: &str) -> Value {
    let (status, body) = answer(user.request(method, path)).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

async fn ask(user: &User, other: &User) -> String {
    let code = other.read("/v1/users/me").await["friend_code"].clone();
    let request = user.made("/v1/friends/requests", json!({ "friend_code": code })).await;
    request["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_request_is_told_until_it_is_answered_and_its_acceptance_to_who_asked() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let mut page = told(&eve).live().await;
    let asked = one("friend_request", "user", "ADA sent you a friend request.");

    let id = ask(&ada, &eve).await;
    assert_eq!(
        next_kinds(&mut page).await,
        [DataKind::Friends, DataKind::Notifications]
    );
    assert_eq!(unread(&eve).await, std::slice::from_ref(&asked));
    assert_eq!(unread(&ada).await, []);
    done(&ada, Method::DELETE, &format!("/v1/friends/requests/{id}")).await;
    assert_eq!(unread(&eve).await, [], "a cancelled request is not told any more");
    assert_eq!(eve.read(PATH).await, json!([]));

    let id = ask(&ada, &eve).await;
    done(&eve, Method::POST, &format!("/v1/friends/requests/{id}/reject")).await;
    assert_eq!(unread(&eve).await, [], "an answered request is read");
    assert_eq!(unread(&ada).await, [], "a rejection is told nobody");

    let (status, _) = ada
        .post("/v1/friends/requests", json!({ "email": "eve@mail.test" }))
        .await;
    assert_eq!(status, StatusCode::ACCEPTED);
    assert_eq!(unread(&eve).await, [asked], "by address as by code");
    let list = eve.read(PATH).await;
    assert_eq!(list.as_array().unwrap().len(), 2, "the rejected one is kept, read");
    assert_eq!((&list[0]["by"], &list[0]["by_name"]), (&json!("ada"), &json!("ADA")));
    assert_eq!(
        (&list[0]["link"], &list[0]["level"]),
        (&json!("/friends"), &json!("info"))
    );
    assert_eq!(
        (&list[0]["read_at"], list[1]["read_at"].is_string()),
        (&Value::Null, true)
    );
    let request = eve.read("/v1/friends/requests/received").await[0]["id"].clone();
    let accept = format!("/v1/friends/requests/{}/accept", request.as_str().unwrap());
    done(&eve, Method::POST, &accept).await;
    assert_eq!(unread(&eve).await, []);
    let accepted = one("friend_accepted", "user", "EVE accepted your friend request.");
    assert_eq!(unread(&ada).await, [accepted]);
}

#[tokio::test]
async fn those_who_are_listed_are_told_what_is_shared_with_them_once() {
    let oidc = OidcServer::start().await;
    let (ada, eve, ben) = (
        oidc.person("ada").await,
        oidc.person("eve").await,
        oidc.person("ben").await,
    );
    let (mailed, blocker) = (oidc.person("mailed").await, oidc.person("blocker").await);
    for friend in [&eve, &ben] {
        befriend(&ada, friend).await;
        done(friend, Method::POST, "/v1/notifications/read-all").await;
    }
    done(&blocker, Method::POST, "/v1/friends/block/ada").await;
    let times = json!({ "title": "Walk", "start_time": "2026-03-02T10:00:00Z", "end_time": "2026-03-02T11:00:00Z" });
    let schedule = ada.made("/v1/schedules", times).await;
    let id = schedule["id"].as_str().unwrap();
    let walk = one("shared", "schedule", "ADA shared a schedule with you.");
    let listed = |users: Value| json!({ "level": "selected", "allowed_user_ids": users });

    share(&ada, "schedule", id, json!({ "level": "friends" })).await;
    assert_eq!(
        (unread(&eve).await, unread(&ben).await),
        (vec![], vec![]),
        "all friends: nobody is named"
    );
    share(&ada, "schedule", id, listed(json!(["eve"]))).await;
    assert_eq!(unread(&eve).await, [], "she could see it before");
    share(&ada, "schedule", id, listed(json!(["eve", "ben"]))).await;
    assert_eq!((unread(&eve).await, unread(&ben).await), (vec![], vec![walk.clone()]));
    for _ in 0..2 {
        share(&ada, "schedule", id, listed(json!(["ben", "eve"]))).await;
    }
    assert_eq!(unread(&ben).await.len(), 1, "once");
    share(&ada, "schedule", id, listed(json!(["eve"]))).await;
    assert_eq!(unread(&ben).await, [], "he does not see it any more");

    let emails = json!([
        "Mailed@mail.test",
        "blocker@mail.test",
        "ada@mail.test",
        "nobody@mail.test"
    ]);
    let setting = json!({ "level": "allowed_emails", "allowed_emails": emails, "allowed_domains": [] });
    share(&ada, "schedule", id, setting).await;
    assert_eq!(unread(&mailed).await, [walk]);
    for other in [&blocker, &ada] {
        let about_it = unread(other).await.into_iter().filter(|(kind, ..)| kind == "shared");
        assert_eq!(about_it.count(), 0);
    }
    assert_eq!(mailed.read(PATH).await[0]["entity_id"], schedule["id"]);
    done(&ada, Method::DELETE, &format!("/v1/visibility/schedule/{id}")).await;
    assert_eq!(unread(&mailed).await, []);

    let todo = {
        let group = ada
            .made("/v1/tags/groups", json!({ "name": "G", "color": "#abcdef" }))
            .await;
        let new = json!({ "title": "Write", "tag_group_id": group["id"] });
        ada.made("/v1/todos", new).await
    };
    share(&ada, "todo", todo["id"].as_str().unwrap(), listed(json!(["eve"]))).await;
    assert_eq!(
        unread(&eve).await,
        [one("shared", "task", "ADA shared a todo with you.")]
    );
    let friendship = eve.read("/v1/friends").await[0]["friendship_id"].clone();
    done(
        &ada,
        Method::DELETE,
        &format!("/v1/friends/{}", friendship.as_str().unwrap()),
    )
    .await;
    assert_eq!(unread(&eve).await, [], "friends no more");
}

#[tokio::test]
async fn what_is_read_on_one_device_is_read_on_all_and_only_by_its_user() {
    let oidc = OidcServer::start().await;
    let (ada, eve, ben) = (
        oidc.person("ada").await,
        oidc.person("eve").await,
        oidc.person("ben").await,
    );
    for user in [&ada, &ben] {
        ask(user, &eve).await;
    }
    let mut page = told(&eve).live().await;
    let list = eve.read(PATH).await;
    let newest = list[0]["id"].as_str().unwrap();
    assert_eq!(list[0]["by"], "ben", "newest first");
    let read = format!("{PATH}/{newest}/read");
    let (status, body) = answer(ada.request(Method::POST, &read)).await;
    assert_eq!(
        (status, &body["error_type"]),
        (StatusCode::NOT_FOUND, &json!("NotificationNotFoundError"))
    );
    assert_eq!(unread(&eve).await.len(), 2, "it is not hers");
    let first = done(&eve, Method::POST, &read).await;
    assert_eq!(next_kinds(&mut page).await, [DataKind::Notifications]);
    assert_eq!(done(&eve, Method::POST, &read).await, first, "again: the same");
    page.is_silent().await;
    assert_eq!(unread(&eve).await.len(), 1);
    done(&eve, Method::POST, "/v1/notifications/read-all").await;
    assert_eq!(next_kinds(&mut page).await, [DataKind::Notifications]);
    assert_eq!(unread(&eve).await, []);
    done(&eve, Method::POST, "/v1/notifications/read-all").await;
    page.is_silent().await;

    let before = eve.read(&format!("{PATH}?before={newest}")).await;
    assert_eq!(before.as_array().unwrap().len(), 1);
    assert_eq!(before[0]["by"], "ada");
    let one = eve.read(&format!("{PATH}?limit=1")).await;
    assert_eq!(one.as_array().unwrap().len(), 1);
    for query in ["before=x", "unread=perhaps", "limit=0"] {
        let (status, body) = eve.get(&format!("{PATH}?{query}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {body}");
    }
}

#[tokio::test]
async fn each_kind_can_be_switched_off() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let settings = "/v1/notifications/settings";
    let all = json!({ "friend_request": true, "friend_accepted": true, "shared": true });
    assert_eq!(eve.read(settings).await, all);
    let put = async |body: Value| answer(eve.request(Method::PUT, settings).json(&body)).await;
    let off = json!({ "friend_request": false, "friend_accepted": true, "shared": true });
    assert_eq!(
        put(json!({ "friend_request": false })).await,
        (StatusCode::OK, off.clone())
    );
    assert_eq!(eve.read(settings).await, off);
    assert_eq!(ada.read(settings).await, all);
    let (status, body) = put(json!({ "shared": "no" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    let id = ask(&ada, &eve).await;
    assert_eq!(unread(&eve).await, []);
    done(&ada, Method::DELETE, &format!("/v1/friends/requests/{id}")).await;
    assert_eq!(put(json!({ "friend_request": true })).await.1, all);
    ask(&ada, &eve).await;
    assert_eq!(unread(&eve).await.len(), 1);
}
