//! Tags and tag groups of their owner, which no other user can access (contract, REST 6).

use crate::support::{TestServer, User, names, refusal};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const UNKNOWN: &str = "019a0000-0000-7000-8000-000000000000";

async fn group(user: &User, name: &str) -> String {
    let made = user
        .made("/v1/tags/groups", json!({ "name": name, "color": "#fff" }))
        .await;
    made["id"].as_str().unwrap().to_owned()
}

async fn tag(user: &User, group: &str, name: &str) -> String {
    let body = json!({ "name": name, "color": "#aBcDeF", "group_id": group });
    user.made("/v1/tags", body).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn group_is_created_read_changed_and_deleted() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let body = json!({ "name": "Work", "color": "#abc", "goal_ratios": { "deep": 0.5, "calls": 2 }, "owner_id": UNKNOWN, "x": 1 });
    let made = ada.made("/v1/tags/groups", body).await;
    let mut keys: Vec<&String> = made.as_object().unwrap().keys().collect();
    keys.sort();
    let expected = [
        "color",
        "created_at",
        "description",
        "goal_ratios",
        "id",
        "name",
        "updated_at",
    ];
    assert_eq!(keys, expected);
    assert_eq!((&made["color"], &made["description"]), (&json!("#ABC"), &Value::Null));
    assert_eq!(made["goal_ratios"], json!({ "deep": 0.5, "calls": 2 }));
    assert!(made["created_at"].as_str().unwrap().ends_with("+0000"));

    let path = format!("/v1/tags/groups/{}", made["id"].as_str().unwrap());
    let (status, patched) = ada
        .patch(
            &path,
            json!({ "name": null, "color": null, "description": "All of it", "goal_ratios": null }),
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    assert!(patched.get("tags").is_none());
    assert_eq!((&patched["name"], &patched["color"]), (&json!("Work"), &json!("#ABC")));
    assert_eq!(
        (&patched["description"], &patched["goal_ratios"]),
        (&json!("All of it"), &Value::Null)
    );
    let mut with_tags = patched.clone();
    with_tags["tags"] = json!([]);
    assert_eq!(ada.read(&path).await, with_tags, "a read after the write returns it");
    assert_eq!(ada.patch(&path, json!({})).await, (StatusCode::OK, patched));
    assert_eq!(ada.delete(&path).await, (StatusCode::OK, json!({ "ok": true })));
    for answer in [
        ada.get(&path).await,
        ada.patch(&path, json!({})).await,
        ada.delete(&path).await,
    ] {
        assert_eq!(refusal(answer), (404, "TagGroupNotFoundError".into()));
    }
}

#[tokio::test]
async fn tags_are_ordered_by_bytes_and_unique_in_a_group() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    for name in ["b", "a", "C", "É", "a"] {
        group(&ada, name).await;
    }
    assert_eq!(names(&ada.read("/v1/tags/groups").await), ["C", "a", "a", "b", "É"]);

    let (home, work) = (group(&ada, "home").await, group(&ada, "work").await);
    let tea = tag(&ada, &home, "tea").await;
    tag(&ada, &home, "Tea").await;
    tag(&ada, &home, "Über").await;
    tag(&ada, &work, "tea").await;
    assert_eq!(names(&ada.read("/v1/tags").await), ["Tea", "tea", "tea", "Über"]);
    let home_group = ada.read(&format!("/v1/tags/groups/{home}")).await;
    assert_eq!(names(&home_group["tags"]), ["Tea", "tea", "Über"]);
    let all = ada.read("/v1/tags/groups").await;
    let listed = all
        .as_array()
        .unwrap()
        .iter()
        .find(|group| group["id"] == *home)
        .unwrap();
    assert_eq!(listed, &home_group);

    let again = json!({ "name": "tea", "color": "#000", "group_id": home });
    let (status, body) = ada.post("/v1/tags", again).await;
    assert_eq!(
        (status.as_u16(), &body["error_type"]),
        (409, &json!("DuplicateTagNameError"))
    );
    assert!(body["message"].as_str().unwrap().contains("tea"));
    let path = format!("/v1/tags/{tea}");
    assert_eq!(
        refusal(ada.patch(&path, json!({ "name": "Tea", "color": "#123" })).await).0,
        409
    );
    assert_eq!(
        ada.read(&path).await["color"],
        "#ABCDEF",
        "a refused patch changes nothing"
    );
    let (status, renamed) = ada
        .patch(
            &path,
            json!({ "name": "coffee", "group_id": work, "description": "Black" }),
        )
        .await;
    assert_eq!(
        (status.as_u16(), &renamed["group_id"]),
        (200, &json!(home)),
        "the group cannot be changed"
    );
    assert_eq!(
        ada.patch(&path, json!({ "color": "#123" })).await.1["name"],
        "coffee",
        "12.4: a patch without a name"
    );
    assert_eq!(
        ada.patch(&path, json!({ "name": "coffee" })).await.0,
        200,
        "a tag may keep its own name"
    );
    tag(&ada, &home, "tea").await;
}

#[tokio::test]
async fn group_is_deleted_with_its_last_tag() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (home, empty) = (group(&ada, "home").await, group(&ada, "empty").await);
    let (tea, milk) = (tag(&ada, &home, "tea").await, tag(&ada, &home, "milk").await);
    assert_eq!(
        ada.delete(&format!("/v1/tags/{tea}")).await,
        (StatusCode::OK, json!({ "ok": true }))
    );
    assert_eq!(names(&ada.read("/v1/tags/groups").await), ["empty", "home"]);
    assert_eq!(ada.delete(&format!("/v1/tags/{milk}")).await.0, 200);
    assert_eq!(
        names(&ada.read("/v1/tags/groups").await),
        ["empty"],
        "a group that never had tags stays"
    );
    assert_eq!(refusal(ada.get(&format!("/v1/tags/groups/{home}")).await).0, 404);

    let bread = tag(&ada, &empty, "bread").await;
    assert_eq!(ada.delete(&format!("/v1/tags/groups/{empty}")).await.0, 200);
    let not_found = (404, "TagNotFoundError".to_owned());
    assert_eq!(refusal(ada.get(&format!("/v1/tags/{bread}")).await), not_found);
    assert_eq!(refusal(ada.delete(&format!("/v1/tags/{bread}")).await), not_found);
    assert_eq!(ada.read("/v1/tags").await, json!([]));
}

#[tokio::test]
async fn tags_of_other_users_are_not_found() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let home = group(&ada, "home").await;
    let tea = tag(&ada, &home, "tea").await;
    for path in ["/v1/tags", "/v1/tags/groups"] {
        assert_eq!(eve.read(path).await, json!([]));
    }
    for id in [home.as_str(), UNKNOWN] {
        let path = format!("/v1/tags/groups/{id}");
        let not_found = (404, "TagGroupNotFoundError".to_owned());
        assert_eq!(refusal(eve.get(&path).await), not_found);
        assert_eq!(refusal(eve.patch(&path, json!({ "name": "mine" })).await), not_found);
        assert_eq!(refusal(eve.delete(&path).await), not_found);
        let new = json!({ "name": "mine", "color": "#000", "group_id": id });
        assert_eq!(refusal(eve.post("/v1/tags", new).await), not_found);
    }
    for id in [tea.as_str(), UNKNOWN] {
        let path = format!("/v1/tags/{id}");
        let not_found = (404, "TagNotFoundError".to_owned());
        assert_eq!(refusal(eve.get(&path).await), not_found);
        assert_eq!(refusal(eve.patch(&path, json!({ "name": "mine" })).await), not_found);
        assert_eq!(refusal(eve.delete(&path).await), not_found);
    }
    assert_eq!(names(&ada.read("/v1/tags").await), ["tea"]);
}

#[tokio::test]
async fn invalid_members_are_all_reported_at_once() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let home = group(&ada, "home").await;
    let tea = tag(&ada, &home, "tea").await;
    let places = |(status, body): (StatusCode, Value)| {
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let places = body["detail"].as_array().unwrap().iter();
        let places = places.map(|issue| issue["loc"][1].as_str().unwrap().to_owned());
        Vec::from_iter(BTreeSet::from_iter(places))
    };
    assert_eq!(places(ada.post("/v1/tags/groups", json!({})).await), ["color", "name"]);
    assert_eq!(
        places(ada.post("/v1/tags", json!({})).await),
        ["color", "group_id", "name"]
    );
    let nulls = json!({ "name": null, "color": null, "group_id": null });
    assert_eq!(places(ada.post("/v1/tags", nulls).await), ["color", "group_id", "name"]);
    let wrong = json!({ "name": 1, "color": "abc", "group_id": "1", "description": [] });
    assert_eq!(
        places(ada.post("/v1/tags", wrong).await),
        ["color", "description", "group_id", "name"]
    );
    let wrong =
        json!({ "name": "x".repeat(501), "color": "#12345g", "description": "y".repeat(20_001), "goal_ratios": [] });
    let expected = ["color", "description", "goal_ratios", "name"];
    assert_eq!(
        places(ada.patch(&format!("/v1/tags/groups/{home}"), wrong).await),
        expected
    );
    let wrong = json!({ "name": "a\0b", "description": "\0", "goal_ratios": { "a\0": 1 } });
    let expected = ["description", "goal_ratios", "name"];
    assert_eq!(
        places(ada.patch(&format!("/v1/tags/groups/{home}"), wrong).await),
        expected
    );
    assert_eq!(
        places(ada.patch(&format!("/v1/tags/{tea}"), json!({ "name": "a\0" })).await),
        ["name"]
    );
    assert_eq!(
        places(ada.patch("/v1/tags/7", json!({ "name": 7 })).await),
        ["name", "tag_id"]
    );
    for path in ["/v1/tags/7", "/v1/tags/groups/7"] {
        assert_eq!(
            places(ada.get(path).await),
            [if path.contains("groups") { "group_id" } else { "tag_id" }]
        );
        assert_eq!(ada.delete(path).await.0, 422);
    }
    let long = json!({ "name": "é".repeat(500), "color": "#000", "group_id": home });
    ada.made("/v1/tags", long).await;
    ada.made("/v1/tags", json!({ "name": "", "color": "#000", "group_id": home }))
        .await;
    assert_eq!(ada.read("/v1/tags").await.as_array().unwrap().len(), 3);
}
