//! Ids that clients choose for what they create: a request that is sent again creates nothing.

use crate::{
    changes::{next_kinds, told},
    support::{TestServer, User},
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

/// Where each kind is created, and a body that needs the group. A second one with another id would be refused for a tag's
/// name.
fn kinds(group: &str) -> [(&'static str, Value); 4] {
    [
        ("/v1/tags/groups", json!({ "name": "made", "color": "#abcdef" })),
        (
            "/v1/tags",
            json!({ "name": "made", "color": "#abcdef", "group_id": group }),
        ),
        (
            "/v1/todos",
            json!({ "title": "made", "tag_group_id": group, "deadline": "2026-03-01T10:00:00Z" }),
        ),
        (
            "/v1/schedules",
            json!({ "title": "made", "start_time": "2026-03-02T10:00:00Z", "end_time": "2026-03-02T11:00:00Z",
                    "create_todo_options": { "tag_group_id": group } }),
        ),
    ]
}

fn with_id(body: &Value, id: Uuid) -> Value {
    let mut body = body.clone();
    body["id"] = json!(id);
    body
}

async fn group_of(user: &User) -> String {
    let group = user
        .made("/v1/tags/groups", json!({ "name": "group", "color": "#abcdef" }))
        .await;
    group["id"].as_str().unwrap().to_owned()
}

/// Everything that a user has.
async fn all(user: &User) -> Vec<Value> {
    let mut all = Vec::new();
    for path in [
        "/v1/tags/groups",
        "/v1/tags",
        "/v1/todos",
        "/v1/schedules?start_date=2020-01-01&end_date=2030-01-01",
    ] {
        all.push(user.read(path).await);
    }
    all
}

#[tokio::test]
async fn a_create_that_is_sent_again_answers_with_the_resource_as_it_is_now() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let group = group_of(&ada).await;
    for (path, body) in kinds(&group) {
        let (id, mut page) = (Uuid::new_v4(), told(&ada).live().await);
        let made = ada.made(path, with_id(&body, id)).await;
        assert_eq!(made["id"], json!(id), "{path}");
        next_kinds(&mut page).await;
        assert_eq!(ada.made(path, with_id(&body, id)).await, made, "{path}");
        page.is_silent().await;
        let (status, changed) = ada
            .patch(&format!("{path}/{id}"), json!({ "description": "changed meanwhile" }))
            .await;
        assert_eq!(status, StatusCode::OK, "{changed}");
        assert!(!next_kinds(&mut page).await.is_empty());
        let before = all(&ada).await;
        assert_eq!(ada.made(path, with_id(&body, id)).await, changed, "{path}");
        assert_eq!(all(&ada).await, before, "{path}");
        page.is_silent().await;
    }
}

#[tokio::test]
async fn two_equal_creates_at_once_create_one() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let group = group_of(&ada).await;
    for (path, body) in kinds(&group) {
        let body = with_id(&body, Uuid::now_v7());
        let (one, other) = tokio::join!(ada.made(path, body.clone()), ada.made(path, body.clone()));
        assert_eq!(one, other, "{path}");
    }
    let [groups, tags, todos, schedules] = <[Value; 4]>::try_from(all(&ada).await).unwrap();
    let counts = [groups, tags, todos, schedules].map(|list| list.as_array().unwrap().len());
    assert_eq!(
        counts,
        [2, 1, 2, 2],
        "a group before; a todo of the schedule, and a schedule of the deadline"
    );
}

#[tokio::test]
async fn an_id_of_another_user_is_taken_and_one_of_another_kind_or_of_a_deleted_resource_is_not() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let (of_ada, of_eve) = (group_of(&ada).await, group_of(&eve).await);
    let id = Uuid::new_v4();
    for ((path, ada_s), (_, eve_s)) in kinds(&of_ada).into_iter().zip(kinds(&of_eve)) {
        ada.made(path, with_id(&ada_s, id)).await;
        let before = all(&eve).await;
        let (status, body) = eve.post(path, with_id(&eve_s, id)).await;
        assert_eq!(
            (status, &body["error_type"]),
            (StatusCode::CONFLICT, &json!("IdTakenError")),
            "{path}: {body}"
        );
        assert_eq!(all(&eve).await, before, "{path}: nothing is stored");
        assert_eq!(ada.read(&format!("{path}/{id}")).await["id"], json!(id));
    }
    for (path, _) in kinds(&of_ada).into_iter().rev() {
        assert_eq!(ada.delete(&format!("{path}/{id}")).await.0, StatusCode::OK, "{path}");
        let eve_s = kinds(&of_eve).into_iter().find(|(other, _)| *other == path).unwrap().1;
        eve.made(path, with_id(&eve_s, id)).await;
    }
}

#[tokio::test]
async fn a_create_that_is_sent_again_is_not_counted_against_quotas() {
    let server = TestServer::with([("QUOTA_TODOS", "1"), ("QUOTA_TAGS", "2"), ("QUOTA_SCHEDULES", "1")]).await;
    let ada = server.user("ada").await;
    let group = group_of(&ada).await;
    for (path, body) in [
        (
            "/v1/tags",
            json!({ "name": "made", "color": "#abcdef", "group_id": group }),
        ),
        ("/v1/todos", json!({ "title": "made", "tag_group_id": group })),
        (
            "/v1/schedules",
            json!({ "title": "made", "start_time": "2026-03-02T10:00:00Z", "end_time": "2026-03-02T11:00:00Z" }),
        ),
    ] {
        let id = Uuid::now_v7();
        let made = ada.made(path, with_id(&body, id)).await;
        assert_eq!(ada.made(path, with_id(&body, id)).await, made, "{path}");
        let mut other = with_id(&body, Uuid::now_v7());
        other["name"] = json!("another");
        let (status, refused) = ada.post(path, other).await;
        assert_eq!(
            (status, &refused["error_type"]),
            (StatusCode::CONFLICT, &json!("QuotaExceededError")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_id_that_is_no_uuid_is_refused_and_null_counts_as_absent() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let group = group_of(&ada).await;
    for (path, body) in kinds(&group) {
        let mut body = body;
        for wrong in [json!("x"), json!(1), json!([])] {
            body["id"] = wrong;
            assert_eq!(ada.post(path, body.clone()).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        }
        body["id"] = Value::Null;
        ada.made(path, body).await;
    }
}
