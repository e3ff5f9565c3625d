//! The visibility of entities, as set by their owner.

use crate::support::{
    User, answer, create,
    oidc_users::{OidcServer, befriend, share},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const UNKNOWN: &str = "019a0000-0000-7000-8000-000000000000";

async fn put(user: &User, path: &str, setting: Value) -> (StatusCode, Value) {
    answer(user.request(Method::PUT, path).json(&setting)).await
}

async fn timer(user: &User) -> String {
    user.connect().live().await.change(create("Write")).await.id.to_string()
}

#[tokio::test]
async fn visibility_is_replaced_as_a_whole_and_can_be_deleted() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    befriend(&ada, &eve).await;
    let id = timer(&ada).await;
    let path = format!("/v1/visibility/timer/{id}");
    let unset = ada.get(&path).await;
    assert_eq!(
        (unset.0, &unset.1["error_type"]),
        (StatusCode::NOT_FOUND, &json!("VisibilityNotFoundError"))
    );
    let lists = json!({ "allowed_user_ids": ["eve", "eve"], "allowed_emails": ["B@x.test", "a@x.test"],
                        "allowed_domains": ["X.test"] });
    let mut first = Value::Null;
    for (level, users, emails, domains) in [
        ("selected", json!(["eve"]), json!([]), json!([])),
        (
            "allowed_emails",
            json!([]),
            json!(["B@x.test", "a@x.test"]),
            json!(["X.test"]),
        ),
        ("public", json!([]), json!([]), json!([])),
        ("selected", json!(["eve"]), json!([]), json!([])),
        ("friends", json!([]), json!([]), json!([])),
        ("private", json!([]), json!([]), json!([])),
    ] {
        let mut setting = lists.clone();
        setting["level"] = json!(level);
        let (status, set) = put(&ada, &path, setting).await;
        assert_eq!(status, StatusCode::OK, "{set}");
        assert_eq!(
            ada.read(&path).await,
            json!({
                "id": set["id"], "resource_type": "timer", "resource_id": id, "owner_id": "ada", "level": level,
                "allowed_user_ids": users, "allowed_emails": emails, "allowed_domains": domains,
                "created_at": set["created_at"], "updated_at": set["updated_at"],
            })
        );
        if first.is_null() {
            first = set["id"].clone();
        }
        assert_eq!(set["id"], first, "the record is the same");
        assert_eq!(ada.read(&format!("/v1/timers/{id}")).await["visibility_level"], level);
    }
    share(&ada, "timer", &id, json!({ "level": "selected" })).await;
    share(
        &ada,
        "timer",
        &id,
        json!({ "level": "selected", "allowed_user_ids": null }),
    )
    .await;
    for _ in 0..2 {
        assert_eq!(ada.delete(&path).await, (StatusCode::OK, json!({ "ok": true })));
    }
    assert_eq!(ada.get(&path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(
        ada.read(&format!("/v1/timers/{id}")).await["visibility_level"],
        Value::Null
    );
}

#[tokio::test]
async fn existence_is_checked_first_then_the_owner_then_the_list() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let id = timer(&ada).await;
    let all = async |user: &User, path: &str| {
        [
            user.get(path).await,
            put(user, path, json!({ "level": "public" })).await,
            user.delete(path).await,
        ]
    };
    for (kind, id, error) in [
        ("timer", UNKNOWN, "TimerNotFoundError"),
        ("schedule", UNKNOWN, "ScheduleNotFoundError"),
        ("todo", id.as_str(), "TodoNotFoundError"),
    ] {
        for (status, body) in all(&eve, &format!("/v1/visibility/{kind}/{id}")).await {
            assert_eq!((status, &body["error_type"]), (StatusCode::NOT_FOUND, &json!(error)));
            assert!(body["message"].as_str().unwrap().to_lowercase().contains("not found"));
        }
    }
    let path = format!("/v1/visibility/timer/{id}");
    for (status, body) in all(&eve, &path).await {
        assert_eq!(
            (status, &body["error_type"]),
            (StatusCode::FORBIDDEN, &json!("AccessDeniedError"))
        );
    }
    let stranger = put(&ada, &path, json!({ "level": "selected", "allowed_user_ids": ["eve"] })).await;
    assert_eq!(
        (stranger.0, &stranger.1["error_type"]),
        (StatusCode::BAD_REQUEST, &json!("CannotShareWithNonFriendError"))
    );
    assert_eq!(ada.get(&path).await.0, StatusCode::NOT_FOUND, "nothing was stored");

    let long = "x".repeat(321);
    for (path, body) in [
        ("/v1/visibility/tag/1", json!({ "level": "public" })),
        ("/v1/visibility/timer/%FF", json!({ "level": "public" })),
        (path.as_str(), json!({})),
        (&path, json!({ "level": null })),
        (&path, json!({ "level": "all" })),
        (&path, json!({ "level": "selected", "allowed_user_ids": "eve" })),
        (&path, json!({ "level": "allowed_emails", "allowed_emails": [1] })),
        (&path, json!({ "level": "allowed_emails", "allowed_emails": ["\0"] })),
        (&path, json!({ "level": "allowed_emails", "allowed_domains": [long] })),
        (
            &path,
            json!({ "level": "allowed_emails", "allowed_domains": vec!["x"; 1_001] }),
        ),
    ] {
        let (status, answer) = put(&ada, path, body.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {answer}");
    }
    let thousand: Vec<String> = (0..1_000).map(|n| format!("{n}@x.test")).collect();
    let (status, set) = put(
        &ada,
        &path,
        json!({ "level": "allowed_emails", "allowed_emails": thousand }),
    )
    .await;
    assert_eq!((status, &set["allowed_emails"]), (StatusCode::OK, &json!(thousand)));
}

#[tokio::test]
async fn ended_friendship_removes_the_users_from_each_others_lists() {
    let oidc = OidcServer::start().await;
    let (ada, eve, bob) = (
        oidc.person("ada").await,
        oidc.person("eve").await,
        oidc.person("bob").await,
    );
    let (mine, theirs) = (timer(&ada).await, timer(&eve).await);
    let friendship = befriend(&ada, &eve).await;
    befriend(&bob, &ada).await;
    let to = |users: Value| json!({ "level": "selected", "allowed_user_ids": users });
    share(&ada, "timer", &mine, to(json!(["eve", "bob"]))).await;
    share(&eve, "timer", &theirs, to(json!(["ada"]))).await;
    let listed = async |user: &User, id: &str| {
        user.read(&format!("/v1/visibility/timer/{id}")).await["allowed_user_ids"].clone()
    };
    eve.delete(&format!("/v1/friends/{friendship}")).await;
    assert_eq!(listed(&ada, &mine).await, json!(["bob"]));
    assert_eq!(listed(&eve, &theirs).await, json!([]));
    befriend(&eve, &ada).await;
    assert_eq!(
        eve.get(&format!("/v1/timers/{mine}")).await.0,
        StatusCode::FORBIDDEN,
        "a new friendship does not restore the list entry"
    );
    answer(bob.request(Method::POST, "/v1/friends/block/ada")).await;
    assert_eq!(listed(&ada, &mine).await, json!([]));
}
