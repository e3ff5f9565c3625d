//! Todos, their tree, and the schedules of their deadlines (contract, REST 8).

use crate::{
    schedules::tag,
    support::{TestServer, User, create, refusal, titles},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const UNKNOWN: &str = "019a0000-0000-7000-8000-000000000000";

async fn todo(user: &User, group: &str, title: &str, more: Value) -> Value {
    let mut body = json!({ "title": title, "tag_group_id": group });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    user.made("/v1/todos", body).await
}

fn path(todo: &Value) -> String {
    format!("/v1/todos/{}", todo["id"].as_str().unwrap())
}

async fn all_schedules(user: &User) -> usize {
    let list = user
        .read("/v1/schedules?start_date=2000-01-01&end_date=2100-01-01")
        .await;
    list.as_array().unwrap().len()
}

#[tokio::test]
async fn deadline_creates_moves_and_removes_its_schedule() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (group, tea) = tag(&ada, "tea").await;
    let made = todo(
        &ada,
        &group,
        "Write",
        json!({ "description": "All", "tag_ids": [tea], "status": null, "duration": 5 }),
    )
    .await;
    assert_eq!(made.as_object().unwrap().len(), 14, "{made}");
    assert_eq!(
        (&made["status"], &made["include_reason"]),
        (&json!("UNSCHEDULED"), &json!("MATCH"))
    );
    assert_eq!((&made["schedules"], &made["deadline"]), (&json!([]), &Value::Null));
    let path = path(&made);
    let (_, due) = ada
        .patch(
            &path,
            json!({ "deadline": "2024-01-05T10:00:00Z", "title": "Rewrite", "tag_ids": [] }),
        )
        .await;
    assert_eq!(
        (&due["title"], &due["tags"], &due["status"]),
        (&json!("Rewrite"), &json!([]), &json!("UNSCHEDULED"))
    );
    let schedule = due["schedules"][0].clone();
    assert_eq!(
        (&schedule["title"], &schedule["tags"][0]["id"]),
        (&json!("Write"), &json!(tea)),
        "title and tags from before the patch"
    );
    assert_eq!(
        (&schedule["start_time"], &schedule["end_time"]),
        (&json!("2024-01-05T10:00:00+0000"), &json!("2024-01-05T11:00:00+0000"))
    );
    assert_eq!(
        (&schedule["source_todo_id"], &schedule["state"]),
        (&made["id"], &json!("PLANNED"))
    );

    let earlier = json!({ "title": "Prepare", "start_time": "2024-01-02T08:00:00Z", "end_time": "2024-01-02T09:00:00Z", "source_todo_id": made["id"] });
    let earlier = ada.made("/v1/schedules", earlier).await;
    let (_, moved) = ada
        .patch(&path, json!({ "deadline": "2024-01-08T10:00:00Z", "tag_ids": [tea] }))
        .await;
    let shown: Vec<_> = moved["schedules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (&item["id"], &item["start_time"], &item["tags"][0]["id"]))
        .collect();
    let expected = [
        (&earlier["id"], &json!("2024-01-02T08:00:00+0000"), &json!(tea)),
        (&schedule["id"], &json!("2024-01-08T10:00:00+0000"), &json!(tea)),
    ];
    assert_eq!(
        shown, expected,
        "12.10: the deadline's own schedule moves; schedules are ordered by start; tags apply to all"
    );
    ada.patch(
        &path,
        json!({ "title": "New", "status": "DONE", "deadline": "2024-01-08T10:00:00Z" }),
    )
    .await;
    assert_eq!(
        ada.read(&path).await["schedules"][1]["title"],
        "Write",
        "linked schedules keep their titles"
    );
    let (_, free) = ada.patch(&path, json!({ "deadline": null })).await;
    assert_eq!((&free["schedules"], all_schedules(&ada).await), (&json!([]), 0));
    let with = todo(
        &ada,
        &group,
        "At once",
        json!({ "deadline": "2024-02-01", "tag_ids": [tea] }),
    )
    .await;
    assert_eq!(with["schedules"][0]["tags"][0]["name"], "tea");
    assert_eq!(with["schedules"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn deadline_moves_the_first_schedule_if_it_has_none_of_its_own() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (group, _) = tag(&ada, "tea").await;
    let body = json!({ "title": "Meet", "start_time": "2024-01-05T10:00:00Z", "end_time": "2024-01-05T12:00:00Z", "create_todo_options": { "tag_group_id": group } });
    let schedule = ada.made("/v1/schedules", body).await;
    let path = format!("/v1/todos/{}", schedule["source_todo_id"].as_str().unwrap());
    let (_, moved) = ada.patch(&path, json!({ "deadline": "2024-01-06T10:00:00Z" })).await;
    assert_eq!(
        (&moved["schedules"][0]["id"], &moved["schedules"][0]["end_time"]),
        (&schedule["id"], &json!("2024-01-06T11:00:00+0000"))
    );
}

#[tokio::test]
async fn rules_of_the_todo_tree_are_checked_in_order() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let (home, _) = tag(&ada, "home").await;
    let (work, _) = tag(&ada, "work").await;
    let (eves, _) = tag(&eve, "eve").await;
    let foreign = todo(&eve, &eves, "Eve's", json!({})).await;
    let root = todo(&ada, &home, "root", json!({})).await;
    let child = todo(&ada, &home, "child", json!({ "parent_id": root["id"] })).await;
    let leaf = todo(&ada, &home, "leaf", json!({ "parent_id": child["id"] })).await;
    let other = todo(&ada, &work, "other", json!({})).await;
    for (parent, kind, text) in [
        (&root["id"], "TodoSelfReferenceError", "own parent"),
        (&json!(UNKNOWN), "TodoInvalidParentError", "parent"),
        (&foreign["id"], "TodoInvalidParentError", "parent"),
        (&other["id"], "TodoParentGroupMismatchError", "group"),
        (&leaf["id"], "TodoCycleError", "cycle"),
    ] {
        let (status, body) = ada
            .patch(&path(&root), json!({ "parent_id": parent, "title": "X" }))
            .await;
        assert!(
            body["message"].as_str().unwrap().to_lowercase().contains(text),
            "{body}"
        );
        assert_eq!(refusal((status, body)), (400, kind.into()));
    }
    let new = json!({ "title": "X", "tag_group_id": work, "parent_id": root["id"], "deadline": "2024-01-01" });
    assert_eq!(
        refusal(ada.post("/v1/todos", new).await).1,
        "TodoParentGroupMismatchError"
    );
    assert_eq!(all_schedules(&ada).await, 0, "refused requests store nothing");
    assert_eq!(ada.read(&path(&root)).await["title"], "root");
    let (status, moved) = ada
        .patch(&path(&leaf), json!({ "parent_id": other["id"], "tag_group_id": work }))
        .await;
    assert_eq!(
        (status.as_u16(), &moved["parent_id"]),
        (200, &other["id"]),
        "the parent is checked against the new group"
    );
    assert_eq!(
        ada.patch(&path(&other), json!({ "tag_group_id": home })).await.0,
        200,
        "a change of the group alone is not checked"
    );
    assert_eq!(
        ada.patch(&path(&leaf), json!({ "parent_id": null })).await.1["parent_id"],
        Value::Null
    );

    ada.delete(&path(&root)).await;
    assert_eq!(
        ada.read(&path(&child)).await["parent_id"],
        Value::Null,
        "children become roots"
    );
    assert_eq!(refusal(ada.get(&path(&root)).await), (404, "TodoNotFoundError".into()));
    for answer in [
        eve.patch(&path(&child), json!({})).await,
        eve.delete(&path(&child)).await,
    ] {
        assert_eq!(answer.1["message"], "Todo not found");
        assert_eq!(refusal(answer), (404, "TodoNotFoundError".into()));
    }
    assert_eq!(refusal(eve.get(&path(&child)).await), (403, "AccessDeniedError".into()));
    let new = json!({ "title": "X", "tag_group_id": home });
    assert_eq!(
        refusal(eve.post("/v1/todos", new).await),
        (404, "TagGroupNotFoundError".into())
    );
}

#[tokio::test]
async fn lists_are_ordered_filtered_and_include_ancestors() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (home, tea) = tag(&ada, "tea").await;
    let (work, call) = tag(&ada, "call").await;
    let root = todo(&ada, &home, "root", json!({})).await;
    let middle = todo(
        &ada,
        &home,
        "middle",
        json!({ "parent_id": root["id"], "deadline": "2024-01-02" }),
    )
    .await;
    todo(
        &ada,
        &home,
        "leaf",
        json!({ "parent_id": middle["id"], "tag_ids": [call, tea], "status": "DONE" }),
    )
    .await;
    todo(
        &ada,
        &home,
        "soon",
        json!({ "deadline": "2024-01-01", "tag_ids": [tea] }),
    )
    .await;
    todo(&ada, &work, "busy", json!({ "status": "SCHEDULED" })).await;
    let list = async |query: String| ada.read(&format!("/v1/todos?{query}")).await;
    assert_eq!(
        titles(&list(String::new()).await),
        ["soon", "middle", "root", "busy", "leaf"]
    );
    let found = list(format!("tag_ids={tea}&tag_ids={call}")).await;
    let shown: Vec<_> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|todo| {
            (
                todo["title"].as_str().unwrap(),
                todo["include_reason"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(shown, [("middle", "ANCESTOR"), ("root", "ANCESTOR"), ("leaf", "MATCH")]);
    let names: Vec<_> = found[2]["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["call", "tea"], "ordered by name");
    assert_eq!(titles(&list(format!("group_ids={work}")).await), ["busy"]);
    assert_eq!(
        titles(&list(format!("group_ids={work}&group_ids={home}&tag_ids={tea}")).await),
        ["soon", "middle", "root", "leaf"]
    );
    ada.patch(&path(&middle), json!({ "tag_group_id": work })).await;
    assert_eq!(
        titles(&list(format!("group_ids={home}&tag_ids={call}")).await),
        ["root", "leaf"],
        "only ancestors in that group"
    );
    assert_eq!(list(format!("tag_ids={UNKNOWN}")).await, json!([]));
    assert_eq!(list("scope=shared".into()).await, json!([]));
    assert_eq!(ada.get("/v1/todos?scope=theirs").await.0, 422);

    let stats = ada.read("/v1/todos/stats").await;
    assert_eq!((&stats["group_id"], &stats["total_count"]), (&Value::Null, &json!(5)));
    let count = |stats: &Value, name: &str| {
        let found = stats["by_tag"]
            .as_array()
            .unwrap()
            .iter()
            .find(|tag| tag["tag_name"] == name);
        found.map(|tag| tag["count"].as_i64().unwrap())
    };
    assert_eq!((count(&stats, "tea"), count(&stats, "call")), (Some(2), Some(1)));
    let stats = ada.read(&format!("/v1/todos/stats?group_id={home}")).await;
    assert_eq!((&stats["group_id"], &stats["total_count"]), (&json!(home), &json!(3)));
    assert_eq!(
        (count(&stats, "tea"), count(&stats, "call")),
        (Some(2), None),
        "only tags of that group"
    );
    assert_eq!(
        ada.read(&format!("/v1/todos/stats?group_id={UNKNOWN}")).await["total_count"],
        0
    );
    assert_eq!(ada.get("/v1/todos/stats?group_id=7").await.0, 422);
}

#[tokio::test]
async fn group_is_deleted_with_its_todos_and_their_schedules_but_not_the_timers() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (home, tea) = tag(&ada, "tea").await;
    let (work, _) = tag(&ada, "call").await;
    let mut phone = ada.connect().live().await;
    let due = todo(
        &ada,
        &home,
        "due",
        json!({ "deadline": "2024-01-02", "tag_ids": [tea] }),
    )
    .await;
    let kept = todo(&ada, &work, "kept", json!({ "tag_ids": [tea] })).await;
    let named = json!({ "title": "Named", "start_time": "2024-01-05T10:00:00Z", "end_time": "2024-01-05T12:00:00Z", "tag_group_id": home, "tag_ids": [tea] });
    let named = ada.made("/v1/schedules", named).await;
    let timer = phone.change(create("Work")).await;
    let timer_path = format!("/v1/timers/{}", timer.id);
    let links = json!({ "todo_id": due["id"], "schedule_id": due["schedules"][0]["id"], "tag_ids": [tea] });
    assert_eq!(ada.patch(&timer_path, links).await.0, 200);
    phone.next_timer().await;
    let active = ada
        .read(&format!("{}/timers/active?include_todo=true", path(&due)))
        .await;
    assert_eq!((&active["id"], &active["todo"]["id"]), (&json!(timer.id), &due["id"]));
    assert_eq!(titles(&ada.read(&format!("{}/timers", path(&due))).await), ["Work"]);

    // 12.1: deleting the last tag deletes its group and the group's todos, in one transaction.
    assert_eq!(ada.delete(&format!("/v1/tags/{tea}")).await.0, 200);
    assert_eq!(refusal(ada.get(&format!("/v1/tags/groups/{home}")).await).0, 404);
    assert_eq!(refusal(ada.get(&path(&due)).await).0, 404);
    let free = phone.next_timer().await;
    assert_eq!((free.id, free.todo_id, free.schedule_id), (timer.id, None, None));
    phone.is_silent().await;
    assert_eq!(ada.read(&path(&kept)).await["tags"], json!([]));
    let named = ada
        .read(&format!("/v1/schedules/{}", named["id"].as_str().unwrap()))
        .await;
    assert_eq!((&named["tag_group_id"], &named["tags"]), (&Value::Null, &json!([])));
    assert_eq!(all_schedules(&ada).await, 1);
}

#[tokio::test]
async fn invalid_members_are_all_reported_at_once() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (group, _) = tag(&ada, "tea").await;
    for (body, expected) in [
        (json!({}), vec!["title", "tag_group_id"]),
        (
            json!({ "title": null, "tag_group_id": null }),
            vec!["title", "tag_group_id"],
        ),
        (
            json!({ "title": "\0", "tag_group_id": "7", "deadline": "soon", "status": "open", "tag_ids": 3, "parent_id": [] }),
            vec!["title", "tag_group_id", "tag_ids", "deadline", "parent_id", "status"],
        ),
    ] {
        let (status, answer) = ada.post("/v1/todos", body).await;
        let places = answer["detail"].as_array().unwrap().iter();
        let places: BTreeSet<&str> = places.map(|issue| issue["loc"][1].as_str().unwrap()).collect();
        assert_eq!((status.as_u16(), places), (422, BTreeSet::from_iter(expected)));
    }
    let mut new = json!({ "title": "x", "tag_group_id": group, "tag_ids": [UNKNOWN] });
    assert_eq!(
        refusal(ada.post("/v1/todos", new.clone()).await),
        (404, "TagNotFoundError".into())
    );
    new["tag_ids"] = json!(null);
    assert_eq!(
        refusal(ada.post("/v1/todos?timezone=x", new).await),
        (400, "InvalidTimezoneError".into())
    );
    assert_eq!(ada.read("/v1/todos").await, json!([]), "refused requests store nothing");
}
