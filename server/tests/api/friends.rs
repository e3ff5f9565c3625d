//! Friend requests, friendships, blocks, and the user's own profile.

use crate::support::{
    TestServer, User, answer,
    oidc_users::{OidcServer, befriend},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const UNKNOWN: &str = "019a0000-0000-7000-8000-000000000000";

fn refused(answer: &(StatusCode, Value)) -> (u16, &str) {
    (answer.0.as_u16(), answer.1["error_type"].as_str().unwrap_or_default())
}

async fn code(user: &User) -> Value {
    user.read("/v1/users/me").await["friend_code"].clone()
}

async fn ask(one: &User, other: &User) -> (StatusCode, Value) {
    let code = code(other).await;
    one.post("/v1/friends/requests", json!({ "friend_code": code })).await
}

async fn post(user: &User, path: &str) -> (StatusCode, Value) {
    answer(user.request(Method::POST, path)).await
}

#[tokio::test]
async fn profile_shows_the_user_and_friend_activity_can_be_set() {
    let oidc = OidcServer::start().await;
    let ada = oidc.with("ada", json!({ "picture": "https://a.test/a.png" })).await;
    let me = ada.read("/v1/users/me").await;
    let code = me["friend_code"].as_str().unwrap();
    assert_eq!(code.len(), 43);
    let expected = json!({ "id": "ada", "display_name": "ADA", "avatar_url": "https://a.test/a.png",
                           "friend_code": code, "friend_activity": "titles" });
    assert_eq!(me, expected, "no other members, such as the e-mail address");
    for shown in ["running", "nothing", "titles"] {
        let (status, now) = ada.patch("/v1/users/me", json!({ "friend_activity": shown })).await;
        assert_eq!((status, &now["friend_activity"]), (StatusCode::OK, &json!(shown)));
        assert_eq!(ada.read("/v1/users/me").await["friend_activity"], shown);
    }
    ada.patch("/v1/users/me", json!({ "friend_activity": "running" })).await;
    for changes in [
        json!({}),
        json!({ "friend_activity": null, "id": "eve", "friend_code": "x" }),
    ] {
        let (_, now) = ada.patch("/v1/users/me", changes).await;
        assert_eq!((&now["id"], &now["friend_code"]), (&json!("ada"), &json!(code)));
        assert_eq!(now["friend_activity"], "running");
    }
    for wrong in [json!("all"), json!(1), json!([])] {
        let (status, _) = ada.patch("/v1/users/me", json!({ "friend_activity": wrong })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn a_chosen_name_is_seen_by_friends_and_replaces_the_one_in_tokens() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    befriend(&ada, &eve).await;
    let (status, me) = ada
        .patch("/v1/users/me", json!({ "display_name": "  Ada Lovelace " }))
        .await;
    assert_eq!((status, &me["display_name"]), (StatusCode::OK, &json!("Ada Lovelace")));
    let friends = eve.read("/v1/friends").await;
    assert_eq!(friends[0]["display_name"], "Ada Lovelace");
    // A later token with another picture and name updates the picture only.
    let again = oidc
        .with("ada", json!({ "name": "ada.l", "picture": "https://a.test/b.png" }))
        .await;
    let me = again.read("/v1/users/me").await;
    assert_eq!(
        (&me["display_name"], &me["avatar_url"]),
        (&json!("Ada Lovelace"), &json!("https://a.test/b.png"))
    );
    for wrong in [json!(""), json!(" \n"), json!("x\0"), json!("x".repeat(501)), json!(1)] {
        let (status, _) = ada.patch("/v1/users/me", json!({ "display_name": wrong })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(ada.read("/v1/users/me").await["display_name"], "Ada Lovelace");
}

#[tokio::test]
async fn a_renewed_friend_code_replaces_the_old_one_and_keeps_requests_and_friends() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let (friend, stranger) = (oidc.person("friend").await, oidc.person("stranger").await);
    befriend(&friend, &ada).await;
    let request = ask(&eve, &ada).await.1;
    let old = code(&ada).await;
    let (status, me) = post(&ada, "/v1/users/me/friend-code").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(me, ada.read("/v1/users/me").await);
    assert_eq!(me["friend_code"].as_str().unwrap().len(), 43);
    assert_ne!(me["friend_code"], old);
    let by_old = stranger
        .post("/v1/friends/requests", json!({ "friend_code": old }))
        .await;
    assert_eq!(refused(&by_old), (404, "FriendCodeNotFoundError"));
    assert_eq!(ask(&stranger, &ada).await.0, StatusCode::CREATED, "by the new code");
    assert_eq!(ada.read("/v1/friends/ids").await, json!(["friend"]));
    let accept = format!("/v1/friends/requests/{}/accept", request["id"].as_str().unwrap());
    assert_eq!(post(&ada, &accept).await.0, StatusCode::OK);
    let again = post(&ada, "/v1/users/me/friend-code").await.1;
    assert_ne!(again["friend_code"], me["friend_code"]);
}

#[tokio::test]
async fn friend_code_renewals_count_against_the_rate_limit() {
    let server = TestServer::with([("RATE_LIMIT_DEFAULT_REQUESTS", "2")]).await;
    let ada = server.user("ada").await;
    for expected in [200, 200, 429] {
        assert_eq!(post(&ada, "/v1/users/me/friend-code").await.0, expected);
    }
}

#[tokio::test]
async fn accepted_request_makes_friends_and_either_friend_can_end_the_friendship() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    assert_eq!(ada.read("/v1/friends").await, json!([]));
    let (status, request) = ask(&ada, &eve).await;
    assert_eq!(status, StatusCode::CREATED);
    let id = request["id"].as_str().unwrap();
    let at = request["created_at"].as_str().unwrap();
    assert!(at.ends_with("+0000"), "{at}");
    let expected = json!({ "id": id, "requester_id": "ada", "addressee_id": "eve", "status": "pending",
                           "blocked_by": null, "created_at": at, "updated_at": at });
    assert_eq!(request, expected);
    let listed = json!([{ "id": id, "requester_id": "ada", "addressee_id": "eve", "requester_display_name": "ADA",
                          "requester_avatar_url": null, "created_at": at }]);
    assert_eq!(eve.read("/v1/friends/requests/received").await, listed);
    assert_eq!(ada.read("/v1/friends/requests/sent").await, listed);
    assert_eq!(ada.read("/v1/friends/requests/received").await, json!([]));
    assert_eq!(
        ada.read("/v1/friends/check/eve").await,
        json!(false),
        "a pending request is not a friendship"
    );

    let (status, accepted) = post(&eve, &format!("/v1/friends/requests/{id}/accept")).await;
    assert_eq!((status, &accepted["status"]), (StatusCode::OK, &json!("accepted")));
    for (user, other) in [(&ada, "eve"), (&eve, "ada")] {
        let friends = user.read("/v1/friends").await;
        assert_eq!(friends[0]["user_id"], other);
        assert_eq!(friends[0]["friendship_id"], id);
        assert_eq!(friends[0]["display_name"], other.to_uppercase());
        assert_eq!(friends[0]["avatar_url"], Value::Null);
        assert_eq!(friends[0]["since"], accepted["updated_at"]);
        assert_eq!(user.read("/v1/friends/ids").await, json!([other]));
        assert_eq!(user.read(&format!("/v1/friends/check/{other}")).await, json!(true));
        assert_eq!(user.read("/v1/friends/requests/sent").await, json!([]));
        assert_eq!(user.read("/v1/friends/requests/received").await, json!([]));
    }
    assert_eq!(ada.read("/v1/friends/check/nobody").await, json!(false));

    let mallory = oidc.person("mallory").await;
    let path = format!("/v1/friends/{id}");
    assert_eq!(refused(&mallory.delete(&path).await), (403, "NotFriendsError"));
    let removed = json!({ "ok": true, "message": "Friend removed" });
    assert_eq!(eve.delete(&path).await, (StatusCode::OK, removed));
    assert_eq!(refused(&ada.delete(&path).await), (404, "FriendshipNotFoundError"));
    assert_eq!(ada.read("/v1/friends/ids").await, json!([]));
}

#[tokio::test]
async fn request_is_decided_once_and_only_by_its_sender_or_recipient() {
    let oidc = OidcServer::start().await;
    let (ada, eve, mallory) = (
        oidc.person("ada").await,
        oidc.person("eve").await,
        oidc.person("mallory").await,
    );
    let decide = async |user: &User, id: &str, how: &str| match how {
        "cancel" => user.delete(&format!("/v1/friends/requests/{id}")).await,
        _ => post(user, &format!("/v1/friends/requests/{id}/{how}")).await,
    };
    for how in ["accept", "reject", "cancel"] {
        assert_eq!(
            refused(&decide(&ada, UNKNOWN, how).await),
            (404, "FriendshipNotFoundError"),
            "{how}"
        );
        assert_eq!(
            decide(&ada, "1", how).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{how}"
        );
    }
    let id = ask(&ada, &eve).await.1["id"].as_str().unwrap().to_owned();
    for (user, how) in [
        (&ada, "accept"),
        (&ada, "reject"),
        (&eve, "cancel"),
        (&mallory, "accept"),
        (&mallory, "reject"),
        (&mallory, "cancel"),
    ] {
        assert_eq!(
            refused(&decide(user, &id, how).await),
            (403, "NotFriendRequestRecipientError"),
            "{how}"
        );
    }
    let done = |message: &str| (StatusCode::OK, json!({ "ok": true, "message": message }));
    assert_eq!(decide(&eve, &id, "reject").await, done("Friend request rejected"));
    let id = ask(&eve, &ada).await.1["id"].as_str().unwrap().to_owned();
    assert_eq!(decide(&eve, &id, "cancel").await, done("Friend request cancelled"));
    let id = befriend(&ada, &eve).await;
    for (user, how) in [(&eve, "accept"), (&eve, "reject"), (&ada, "cancel")] {
        assert_eq!(
            refused(&decide(user, &id, how).await),
            (400, "FriendRequestNotPendingError"),
            "{how}"
        );
    }
    assert_eq!(ada.read("/v1/friends/check/eve").await, json!(true));
}

#[tokio::test]
async fn request_by_friend_code_reports_refusals_and_by_email_does_not() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let by_email = async |user: &User, email: &str| user.post("/v1/friends/requests", json!({ "email": email })).await;
    let done = (StatusCode::ACCEPTED, json!({ "ok": true }));

    let unknown = ada.post("/v1/friends/requests", json!({ "friend_code": "x" })).await;
    assert_eq!(refused(&unknown), (404, "FriendCodeNotFoundError"));
    assert_eq!(refused(&ask(&ada, &ada).await), (400, "CannotFriendSelfError"));
    for email in ["nobody@mail.test", "ada@mail.test"] {
        assert_eq!(by_email(&ada, email).await, done);
    }
    assert_eq!(ada.read("/v1/friends/requests/sent").await, json!([]));

    for email in [" EVE@Mail.test ", "eve@mail.test"] {
        assert_eq!(by_email(&ada, email).await, done, "first or repeated");
    }
    assert_eq!(by_email(&eve, "ada@mail.test").await, done);
    let sent = ada.read("/v1/friends/requests/sent").await;
    assert_eq!(sent.as_array().unwrap().len(), 1);
    assert_eq!(
        eve.read("/v1/friends/requests/received").await,
        sent,
        "the first request is kept"
    );
    assert_eq!(eve.read("/v1/friends/requests/sent").await, json!([]));
    for (one, other) in [(&ada, &eve), (&eve, &ada)] {
        assert_eq!(
            refused(&ask(one, other).await),
            (409, "FriendRequestAlreadyExistsError")
        );
    }
    post(
        &eve,
        &format!("/v1/friends/requests/{}/accept", sent[0]["id"].as_str().unwrap()),
    )
    .await;
    for (one, other) in [(&ada, &eve), (&eve, &ada)] {
        assert_eq!(refused(&ask(one, other).await), (409, "AlreadyFriendsError"));
    }
    post(&eve, "/v1/friends/block/ada").await;
    for (one, other) in [(&ada, &eve), (&eve, &ada)] {
        assert_eq!(refused(&ask(one, other).await), (403, "UserBlockedError"));
    }
    assert_eq!(by_email(&ada, "eve@mail.test").await, done);

    let hidden = oidc
        .with(
            "hidden",
            json!({ "email": "hidden@mail.test", "email_verified": false }),
        )
        .await;
    assert_eq!(by_email(&ada, "hidden@mail.test").await, done);
    assert_eq!(
        hidden.read("/v1/friends/requests/received").await,
        json!([]),
        "the address is not verified"
    );

    for body in [
        json!({}),
        json!({ "email": null }),
        json!({ "friend_code": null }),
        json!({ "email": "a@b", "friend_code": "x" }),
        json!({ "email": "a@b", "friend_code": null }),
        json!({ "email": null, "friend_code": "x" }),
        json!({ "email": "a b@c" }),
        json!({ "email": "a" }),
        json!({ "email": 1 }),
        json!({ "friend_code": "  " }),
        json!({ "friend_code": {} }),
        json!({ "friend_code": "x\0" }),
        json!([]),
    ] {
        let (status, answer) = ada.post("/v1/friends/requests", body.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {answer}");
    }
}

#[tokio::test]
async fn block_is_visible_to_and_lifted_by_the_blocking_user_only() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    assert_eq!(post(&ada, "/v1/friends/block/ada").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused(&ada.delete("/v1/friends/block/eve").await),
        (404, "FriendshipNotFoundError")
    );
    let request = ask(&eve, &ada).await.1;
    let (status, block) = post(&ada, "/v1/friends/block/eve").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        [&block["id"], &block["status"], &block["blocked_by"]],
        [&request["id"], &json!("blocked"), &json!("ada")]
    );
    let sent = format!("/v1/friends/requests/{}", request["id"].as_str().unwrap());
    assert_eq!(
        refused(&eve.delete(&sent).await),
        (404, "FriendshipNotFoundError"),
        "as after a rejected request"
    );
    assert_eq!(eve.read("/v1/friends/requests/sent").await, json!([]));
    assert_eq!(post(&ada, "/v1/friends/block/eve").await.1, block, "the same record");
    assert_eq!(
        refused(&eve.delete("/v1/friends/block/ada").await),
        (404, "FriendshipNotFoundError"),
        "as without any block"
    );
    let path = format!("/v1/friends/{}", block["id"].as_str().unwrap());
    for user in [&ada, &eve] {
        assert_eq!(
            refused(&user.delete(&path).await),
            (404, "FriendshipNotFoundError"),
            "a block is not a friendship"
        );
        assert_eq!(user.read("/v1/friends").await, json!([]));
        assert_eq!(user.read("/v1/friends/requests/received").await, json!([]));
    }
    let accept = format!("/v1/friends/requests/{}/accept", block["id"].as_str().unwrap());
    assert_eq!(refused(&post(&ada, &accept).await), (404, "FriendshipNotFoundError"));
    let (status, lifted) = ada.delete("/v1/friends/block/eve").await;
    assert_eq!((status, &lifted["ok"]), (StatusCode::OK, &json!(true)));
    befriend(&eve, &ada).await;

    let (status, block) = post(&ada, "/v1/friends/block/nobody%20%C3%A9").await;
    assert_eq!(
        (status, &block["addressee_id"]),
        (StatusCode::OK, &json!("nobody é")),
        "the blocked user need not exist"
    );
    let long = "x".repeat(256);
    for bad in ["%00", "%FF", &long] {
        let (status, _) = post(&ada, &format!("/v1/friends/block/{bad}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
}

#[tokio::test]
async fn friend_routes_require_a_token() {
    let server = TestServer::start().await;
    for (method, path) in [
        (Method::GET, "/v1/users/me"),
        (Method::PATCH, "/v1/users/me"),
        (Method::POST, "/v1/users/me/friend-code"),
        (Method::GET, "/v1/friends"),
        (Method::GET, "/v1/friends/ids"),
        (Method::GET, "/v1/friends/check/x"),
        (Method::DELETE, "/v1/friends/x"),
        (Method::POST, "/v1/friends/requests"),
        (Method::GET, "/v1/friends/requests/sent"),
        (Method::GET, "/v1/friends/requests/received"),
        (Method::POST, "/v1/friends/requests/x/accept"),
        (Method::POST, "/v1/friends/block/x"),
        (Method::GET, "/v1/visibility/x/x"),
        (Method::PUT, "/v1/visibility/x/x"),
        (Method::DELETE, "/v1/visibility/x/x"),
    ] {
        let status = answer(server.request(method.clone(), path)).await.0;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
}
