//! Paged lists: nothing is missing or repeated while entries are added and deleted, and no foreign entries appear.

use crate::support::{
    Client, TestServer, User, create,
    oidc_users::{OidcServer, befriend, share},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::timers::{Body, Command, NewTimer, SyncPage, SyncScope, TimerCommand};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

/// Entries that exist throughout a walk.
const ENTRIES: usize = 30;

/// A page of a list, and the path of the next one.
async fn page(user: &User, path: &str) -> (Vec<Value>, Option<String>) {
    let response = user.request(Method::GET, path).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let next = response.headers().get(header::LINK).map(|link| {
        let link = link.to_str().unwrap();
        let path = link
            .strip_prefix('<')
            .and_then(|link| link.strip_suffix(">; rel=\"next\""));
        path.unwrap_or_else(|| panic!("{link}")).to_owned()
    });
    (response.json().await.unwrap(), next)
}

/// The entries of all pages of seven; `between` runs after each page.
async fn walk(user: &User, path: &str, mut between: impl AsyncFnMut(usize, &[Value])) -> Vec<Value> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let (mut listed, mut next) = (Vec::new(), Some(format!("{path}{separator}limit=7")));
    let mut pages = 0;
    while let Some(path) = next {
        let (mut entries, following) = page(user, &path).await;
        assert!(
            entries.len() <= 7 && (following.is_none() || entries.len() == 7),
            "{path}: {}",
            entries.len()
        );
        listed.append(&mut entries);
        between(pages, &listed).await;
        pages += 1;
        next = following;
    }
    listed
}

/// The ids of entries, or the entries themselves if they are ids.
fn ids(entries: &[Value]) -> Vec<String> {
    let id = |entry: &Value| {
        let id = ["friendship_id", "id"].iter().find_map(|name| entry.get(name));
        id.unwrap_or(entry).as_str().unwrap().to_owned()
    };
    entries.iter().map(id).collect()
}

/// Asserts that each of `stayed` was listed once, in this order.
fn assert_listed_once(listed: &[Value], stayed: &[String]) {
    let mut listed = ids(listed);
    listed.retain(|id| stayed.contains(id));
    assert_eq!(listed, stayed);
}

async fn timers(client: &mut Client, count: usize, new: &NewTimer) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let create = TimerCommand::Create {
            new: new.clone(),
            tag_ids: vec![],
        };
        ids.push(client.change(create.into()).await.id.to_string());
    }
    ids.reverse();
    ids
}

fn one_minute() -> NewTimer {
    NewTimer {
        allocated_seconds: 60,
        ..NewTimer::default()
    }
}

#[tokio::test]
async fn pages_of_timers_list_each_once_in_order_during_changes() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    befriend(&ada, &eve).await;
    let mut shared = timers(&mut eve.connect().live().await, 12, &one_minute()).await;
    for id in &shared {
        share(&eve, "timer", id, json!({ "level": "friends" })).await;
    }
    let mut device = ada.connect().live().await;
    let mut own = timers(&mut device, ENTRIES + 10, &one_minute()).await;
    // One timer is deleted after each page: some were listed before, some were not.
    let deleted: Vec<String> = (0..10).map(|place| own.remove(place * 3)).collect();
    let listed = walk(&ada, "/v1/timers?scope=all", async |pages, _| {
        if let Some(id) = deleted.get(pages) {
            ada.delete(&format!("/v1/timers/{id}")).await;
            assert!(matches!(device.next().await.body, Body::TimerDeleted { .. }));
        }
        device.change(create("new")).await;
    })
    .await;
    own.append(&mut shared);
    assert_listed_once(&listed, &own);
}

#[tokio::test]
async fn pages_of_a_schedules_and_a_todos_timers_list_each_once() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let group = ada
        .made("/v1/tags/groups", json!({ "name": "Work", "color": "#fff" }))
        .await["id"]
        .clone();
    let todo = ada
        .made("/v1/todos", json!({ "title": "Write", "tag_group_id": group }))
        .await["id"]
        .clone();
    let schedule =
        json!({ "title": "Focus", "start_time": "2024-01-01T10:00:00Z", "end_time": "2024-01-01T11:00:00Z" });
    let schedule = ada.made("/v1/schedules", schedule).await["id"].clone();
    let mut device = ada.connect().live().await;
    for (kind, id) in [("schedules", &schedule), ("todos", &todo)] {
        let linked = NewTimer {
            schedule_id: serde_json::from_value(id.clone()).ok().filter(|_| kind == "schedules"),
            todo_id: serde_json::from_value(id.clone()).ok().filter(|_| kind == "todos"),
            ..one_minute()
        };
        let stayed = timers(&mut device, ENTRIES, &linked).await;
        let path = format!("/v1/{kind}/{}/timers", id.as_str().unwrap());
        let listed = walk(&ada, &path, async |_, _| drop(timers(&mut device, 2, &linked).await)).await;
        assert_listed_once(&listed, &stayed);
    }
}

#[tokio::test]
async fn pages_of_tags_and_groups_list_each_once_by_name() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let group = async |name: &str| {
        ada.made("/v1/tags/groups", json!({ "name": name, "color": "#fff" }))
            .await["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let home = group("0 home").await;
    let tag = async |name: &str| {
        let tag = json!({ "name": name, "color": "#fff", "group_id": home });
        ada.made("/v1/tags", tag).await["id"].as_str().unwrap().to_owned()
    };
    // Ordered by bytes: upper case before lower case, non-ASCII last.
    let names: Vec<String> = (0..ENTRIES / 3)
        .flat_map(|number| ["é", "B", "a"].map(|letter| format!("{letter}{number:02}")))
        .collect();
    let mut sorted = names.clone();
    sorted.sort();
    for path in ["/v1/tags", "/v1/tags/groups"] {
        let make = async |name: &str| match path {
            "/v1/tags" => tag(name).await,
            _ => group(name).await,
        };
        let mut by_name = std::collections::BTreeMap::new();
        for name in &names {
            by_name.insert(name.clone(), make(name).await);
        }
        let deleted = [make("B00b").await, make("é99").await, make("a05b").await];
        let listed = walk(&ada, path, async |pages, _| {
            if let Some(id) = deleted.get(pages) {
                ada.delete(&format!("{path}/{id}")).await;
            }
            make(&format!("A new {pages}")).await;
            make(&format!("z new {pages}")).await;
        })
        .await;
        let stayed: Vec<String> = sorted.iter().map(|name| by_name[name].clone()).collect();
        assert_listed_once(&listed, &stayed);
        if path == "/v1/tags/groups" {
            let tags = listed.iter().find(|group| group["name"] == "0 home").unwrap()["tags"].clone();
            assert!(tags.as_array().unwrap().len() >= ENTRIES, "a group contains its tags");
        }
    }
}

#[tokio::test]
async fn pages_of_todos_list_each_once_in_contract_order_with_ancestors() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let group = async |user: &User| {
        user.made("/v1/tags/groups", json!({ "name": "Work", "color": "#fff" }))
            .await["id"]
            .clone()
    };
    let (work, hers) = (group(&ada).await, group(&eve).await);
    let tag = json!({ "name": "deep", "color": "#fff", "group_id": work });
    let tag = ada.made("/v1/tags", tag).await["id"].clone();
    let statuses = ["UNSCHEDULED", "SCHEDULED", "DONE", "CANCELLED"];
    let mut parent = Value::Null;
    for number in 0..ENTRIES {
        let mut todo = json!({ "title": format!("{number}"), "tag_group_id": work, "parent_id": parent,
                               "status": statuses[number * 7 % 4] });
        if number % 3 == 0 {
            todo["deadline"] = json!(format!("2030-01-{:02}T10:00:00Z", ENTRIES - number));
        }
        // Every second todo matches the filter; the others are ancestors of a match.
        if number % 2 == 1 {
            todo["tag_ids"] = json!([tag]);
        }
        parent = ada.made("/v1/todos", todo).await["id"].clone();
    }
    for number in 0..9 {
        let todo = json!({ "title": format!("shared {number}"), "tag_group_id": hers });
        let id = eve.made("/v1/todos", todo).await["id"].clone();
        share(&eve, "todo", id.as_str().unwrap(), json!({ "level": "public" })).await;
    }
    let filter = format!("tag_ids={}", tag.as_str().unwrap());
    for path in ["/v1/todos?scope=all".to_owned(), format!("/v1/todos?{filter}")] {
        let whole = page(&ada, &path).await;
        assert!(whole.1.is_none() && whole.0.len() >= ENTRIES);
        let stayed = ids(&whole.0);
        let mut extra = Vec::new();
        let listed = walk(&ada, &path, async |pages, _| {
            let todo = json!({ "title": "new", "tag_group_id": work, "tag_ids": [tag], "status": statuses[pages % 4] });
            extra.push(ada.made("/v1/todos", todo).await["id"].as_str().unwrap().to_owned());
            if pages % 2 == 1 {
                ada.delete(&format!("/v1/todos/{}", extra.remove(0))).await;
            }
        })
        .await;
        assert_listed_once(&listed, &stayed);
        let reasons = |entries: &[Value]| {
            let mut entries = entries.to_vec();
            entries.retain(|todo| stayed.contains(&todo["id"].as_str().unwrap().to_owned()));
            entries
                .iter()
                .map(|todo| todo["include_reason"].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(reasons(&listed), reasons(&whole.0));
        for id in extra {
            ada.delete(&format!("/v1/todos/{id}")).await;
        }
    }
}

#[tokio::test]
async fn pages_of_friends_and_requests_list_each_once() {
    let oidc = OidcServer::start().await;
    let ada = oidc.person("ada").await;
    let code = ada.read("/v1/users/me").await["friend_code"].clone();
    let ask = async |name: String| {
        let friend = oidc.person(&name).await;
        let request = friend
            .made("/v1/friends/requests", json!({ "friend_code": code }))
            .await;
        request["id"].as_str().unwrap().to_owned()
    };
    let answer = async |id: &str, verb: &str| {
        let (status, body) = ada.post(&format!("/v1/friends/requests/{id}/{verb}"), json!({})).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    };
    let mut stayed = Vec::new();
    for number in 0..ENTRIES {
        stayed.insert(0, ask(format!("p{number}")).await);
    }
    let listed = walk(&ada, "/v1/friends/requests/received", async |pages, _| {
        let id = ask(format!("q{pages}")).await;
        if pages % 2 == 1 {
            answer(&id, "reject").await;
        }
    })
    .await;
    assert_listed_once(&listed, &stayed);
    for id in &stayed {
        answer(id, "accept").await;
    }
    stayed.sort();
    for path in ["/v1/friends", "/v1/friends/ids"] {
        let whole = ids(&page(&ada, path).await.0);
        let listed = walk(&ada, path, async |pages, _| {
            let id = ask(format!("r{}{pages}", path.len())).await;
            answer(&id, "accept").await;
        })
        .await;
        assert_listed_once(&listed, &whole);
        let mut friends = whole;
        friends.sort();
        assert!(path == "/v1/friends/ids" || friends == stayed);
    }
    // The sent requests of one user.
    let mut sent = Vec::new();
    for number in 0..ENTRIES {
        let other = oidc.person(&format!("s{number}")).await;
        let code = other.read("/v1/users/me").await["friend_code"].clone();
        let request = ada.made("/v1/friends/requests", json!({ "friend_code": code })).await;
        sent.insert(0, request["id"].as_str().unwrap().to_owned());
    }
    let listed = walk(&ada, "/v1/friends/requests/sent", async |_, _| {}).await;
    assert_eq!(ids(&listed), sent);
}

#[tokio::test]
async fn list_without_a_limit_returns_the_newest_1000_and_a_link_to_the_rest() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let all = timers(&mut ada.connect().live().await, 1_005, &one_minute()).await;
    let (entries, next) = page(&ada, "/v1/timers?timezone=%2B09:00").await;
    assert_eq!(ids(&entries), all[..1_000]);
    let next = next.unwrap();
    assert!(next.starts_with("/v1/timers?timezone=%2B09:00&cursor="), "{next}");
    let (entries, next) = page(&ada, &next).await;
    assert_eq!((ids(&entries), next), (all[1_000..].to_vec(), None));
    assert!(
        entries[0]["created_at"].as_str().unwrap().ends_with("+0900"),
        "the link keeps the query"
    );
    // The socket pages as well, in the first sync too.
    let mut device = ada.connect().open().await.unwrap();
    device.next_json().await;
    let first = device.next_json().await;
    assert_eq!(first["from_user"], ada.grant.user.id.as_str());
    let payload = &first["payload"];
    assert_eq!((&payload["count"], &payload["has_more"]), (&json!(1_000), &json!(true)));
    let rest = Command::Sync {
        scope: SyncScope::Active,
        page: SyncPage {
            limit: None,
            cursor: Some(payload["cursor"].as_str().unwrap().to_owned()),
        },
    };
    let answer = device.ask(rest).await;
    assert_eq!(answer.from_user.as_ref(), Some(&ada.grant.user.id));
    let Body::Sync { timers, next: None } = answer.body else {
        panic!("expected the last page, got {answer:?}")
    };
    assert_eq!(
        timers.iter().map(|timer| timer.id.to_string()).collect::<Vec<_>>(),
        all[1_000..]
    );
}

#[tokio::test]
async fn pages_are_bounded_in_bytes() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let large = NewTimer {
        description: Some("\u{1F30D}".repeat(14_000)),
        ..one_minute()
    };
    let all = timers(&mut ada.connect().live().await, 80, &large).await;
    let (mut listed, mut next) = (Vec::new(), Some("/v1/timers?include_schedule=true".to_owned()));
    while let Some(path) = next {
        let (mut entries, following) = page(&ada, &path).await;
        let bytes: usize = entries.iter().map(|entry| entry.to_string().len()).sum();
        assert!(bytes <= 2 * 1024 * 1024, "{bytes}");
        listed.append(&mut entries);
        next = following;
    }
    assert_eq!(ids(&listed), all);
    let (mut listed, mut cursor) = (Vec::new(), None);
    let mut device = ada.connect().live().await;
    loop {
        let command = Command::Sync {
            scope: SyncScope::All,
            page: SyncPage { limit: None, cursor },
        };
        device.send(command).await;
        let text = device.next_text().await;
        assert!(text.len() <= 1_200_000, "{}", text.len());
        let payload = serde_json::from_str::<Value>(&text).unwrap()["payload"].clone();
        let timers = payload["timers"].as_array().unwrap();
        assert_eq!(
            (payload["count"].as_u64().unwrap() as usize, timers.is_empty()),
            (timers.len(), false)
        );
        listed.extend(ids(timers));
        cursor = payload["cursor"].as_str().map(str::to_owned);
        assert_eq!(payload["has_more"], cursor.is_some());
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(listed, all);
}

#[tokio::test]
async fn client_that_missed_too_many_bytes_gets_a_first_page_of_the_timers() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut device = ada.connect().open().await.unwrap();
    let connected = device.next_json().await;
    let since = format!("since={}:0", connected["payload"]["epoch"].as_str().unwrap());
    device.next().await;
    let large = NewTimer {
        description: Some("x".repeat(20_000)),
        ..one_minute()
    };
    let all = timers(&mut device, 220, &large).await;
    let mut returned = ada.connect().query(&since).open().await.unwrap();
    returned.next().await;
    let Body::Sync { timers, next: Some(_) } = returned.next().await.body else {
        panic!("expected a first page")
    };
    assert!(timers.len() >= 40, "{}", timers.len());
    assert_eq!(timers[0].id.to_string(), all[0]);
}

#[tokio::test]
async fn cursor_of_another_user_lists_none_of_their_entries() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let private = timers(&mut ada.connect().live().await, 9, &one_minute()).await;
    let own = timers(&mut eve.connect().live().await, 3, &one_minute()).await;
    let (_, next) = page(&ada, "/v1/timers?limit=4").await;
    let cursor = next.unwrap().rsplit_once('=').unwrap().1.to_owned();
    let end = URL_SAFE_NO_PAD.encode(json!({ "s": [i64::MAX, private[0]] }).to_string());
    let start = URL_SAFE_NO_PAD.encode(json!({ "m": [i64::MAX, private[0]] }).to_string());
    for scope in ["mine", "shared", "all"] {
        for cursor in [&cursor, &start, &end] {
            let (entries, _) = page(&eve, &format!("/v1/timers?scope={scope}&cursor={cursor}")).await;
            assert!(ids(&entries).iter().all(|id| own.contains(id)), "{entries:?}");
        }
    }
    let (entries, _) = page(&eve, &format!("/v1/timers?cursor={start}")).await;
    assert_eq!(ids(&entries), own);
}

#[tokio::test]
async fn malformed_limits_and_cursors_are_refused() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let of_tags = URL_SAFE_NO_PAD.encode(json!(["a\0", "019a0000-0000-7000-8000-000000000000"]).to_string());
    let lists = [
        "/v1/timers",
        "/v1/todos",
        "/v1/tags",
        "/v1/tags/groups",
        "/v1/friends",
        "/v1/friends/ids",
        "/v1/friends/requests/received",
        "/v1/friends/requests/sent",
    ];
    for path in lists {
        let long = "x".repeat(8_000);
        for query in [
            "limit=0",
            "limit=1001",
            "limit=x",
            "limit=-1",
            "limit=",
            "cursor=",
            "cursor=x",
            "cursor=%00",
        ]
        .into_iter()
        .map(str::to_owned)
        .chain([format!("cursor={of_tags}"), format!("cursor={long}")])
        {
            let (status, body) = ada.get(&format!("{path}?{query}")).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}?{query}: {body}");
            let name = query.split('=').next().unwrap();
            assert_eq!(body["detail"][0]["loc"], json!(["query", name]), "{path}?{query}");
            assert!(body.to_string().len() < 1_000);
        }
        let (status, body) = ada.get(&format!("{path}?limit=1000&cursor=x&limit=1")).await;
        assert_eq!((status.as_u16(), body["detail"].as_array().unwrap().len()), (422, 1));
    }
    let mut device = ada.connect().live().await;
    for payload in [
        json!({ "limit": 0 }),
        json!({ "limit": 1_001 }),
        json!({ "limit": "7" }),
        json!({ "cursor": "x" }),
        json!({ "cursor": 7 }),
    ] {
        let text = json!({ "type": "timer.sync", "payload": payload, "id": "s" }).to_string();
        assert!(device.offer(text).await);
        let answer = device.next_json().await;
        assert_eq!(
            (&answer["type"], &answer["reply_to"]),
            (&json!("error"), &json!("s")),
            "{answer}"
        );
        assert_eq!(answer["payload"]["code"], "INVALID_MESSAGE");
    }
    let mut camel = ada.connect().query("dialect=camel").open().await.unwrap();
    camel.next_json().await;
    let synced = camel.next_json().await;
    assert_eq!(synced["type"], "timer.synced");
    assert_eq!(synced["fromUser"], ada.grant.user.id.as_str());
    assert_eq!(synced["payload"], json!({ "timers": [], "count": 0, "hasMore": false }));
}

#[tokio::test]
async fn error_answers_are_bounded_in_size() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let group = ada
        .made("/v1/tags/groups", json!({ "name": "Work", "color": "#fff" }))
        .await["id"]
        .clone();
    let todo = json!({ "title": "Write", "tag_group_id": group });
    let todo = ada.made("/v1/todos", todo).await["id"].as_str().unwrap().to_owned();
    let id = "019a0000-0000-7000-8000-000000000000";
    let ratios = |count: usize| {
        let ratios: serde_json::Map<String, Value> =
            (0..count).map(|number| (number.to_string(), json!(0.5))).collect();
        json!({ "goal_ratios": ratios })
    };
    let group = format!("/v1/tags/groups/{}", group.as_str().unwrap());
    assert_eq!(ada.patch(&group, ratios(100)).await.0, StatusCode::OK);
    for (path, body) in [
        (&format!("/v1/todos/{todo}"), json!({ "tag_ids": vec![0; 50_000] })),
        (&format!("/v1/todos/{todo}"), json!({ "tag_ids": vec![id; 1_001] })),
        (&format!("/v1/todos/{todo}"), json!({ "tag_ids": vec![0; 1_000] })),
        (
            &format!("/v1/todos/{todo}"),
            json!({ "title": vec!["x"; 40_000], "tag_ids": { "x": "y".repeat(90_000) } }),
        ),
        (&group, ratios(101)),
        (&group, json!({ "goal_ratios": { "x".repeat(501): 1 } })),
    ] {
        let (status, answer) = ada.patch(path, body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert!(answer.to_string().len() < 10_000, "{}", answer.to_string().len());
        let issues = answer["detail"].as_array().unwrap();
        assert!((1..=51).contains(&issues.len()), "{}", issues.len());
    }
    let (_, answer) = ada
        .patch(&format!("/v1/todos/{todo}"), json!({ "tag_ids": vec![0; 1_000] }))
        .await;
    assert_eq!(answer["detail"][50]["msg"], "950 more values cannot be taken");
    for (path, name) in [("/v1/todos", "tag_ids"), ("/v1/timers", "status")] {
        let query = format!("{name}=x&").repeat(1_001);
        let (status, answer) = ada.get(&format!("{path}?{query}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.to_string().len() < 1_000, "{answer}");
    }
    let many = json!({ "type": "timer.create", "payload": { "allocated_duration": 60, "tag_ids": vec![id; 1_001] } });
    let mut device = ada.connect().live().await;
    assert!(device.offer(many.to_string()).await);
    assert_eq!(device.next_json().await["payload"]["code"], "INVALID_MESSAGE");
}
