//! The data of the pages of tags, friends and shared things, as the browser reads it.

use crate::support::{TestServer, User, answer, create, oidc_users::befriend, sign_up_as};
use protocol::id::TimerId;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn page(user: &User, path: &str) -> Value {
    let response = user
        .request(Method::GET, &format!("/api/page{path}"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response.json().await.unwrap()
}

async fn made(user: &User, path: &str, body: Value) -> String {
    user.made(path, body).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn tags_page_has_goals_todos_and_what_is_searched_for() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let work = made(&ada, "/v1/tags/groups", json!({ "name": "Work", "color": "#fff" })).await;
    let tag = async |name: &str| {
        made(
            &ada,
            "/v1/tags",
            json!({ "name": name, "color": "#2e7d32", "group_id": work }),
        )
        .await
    };
    let (deep, mail) = (tag("deep").await, tag("mail").await);
    ada.made("/v1/todos", json!({ "title": "First chapter", "tag_group_id": work }))
        .await;
    let goals = json!({ "goal_ratios": { &deep: 0.333, "mail": 0.2, "other": 3, "gone": 0.5 } });
    assert_eq!(
        ada.patch(&format!("/v1/tags/groups/{work}"), goals).await.0,
        StatusCode::OK
    );

    let data = page(&ada, "/tags").await;
    let group = &data["groups"][0];
    assert_eq!(
        (&group["name"], &group["todos"], &group["seconds"]),
        (&json!("Work"), &json!(1), &json!(0))
    );
    let goals: Vec<&Value> = group["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["goal"])
        .collect();
    assert_eq!(
        goals,
        [
            &json!({ "percent": 33, "number": "0.333" }),
            &json!({ "percent": 20, "number": "0.2" })
        ]
    );
    assert_eq!(group["other_goals"], json!([["gone", "0.5"], ["other", "3"]]));

    let found = page(&ada, "/tags?q=MAI").await;
    assert_eq!(found["groups"][0]["tags"][0]["id"], mail);
    assert_eq!(found["groups"][0]["hidden_tags"], 1);
    assert_eq!(
        found["groups"][0]["other_goals"].as_array().unwrap().len(),
        3,
        "those of hidden tags too"
    );
    assert_eq!(page(&ada, "/tags?q=nothing").await["groups"], json!([]));
    assert_eq!(
        page(&ada, "/tags?q=work").await["groups"][0]["tags"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let eve = server.user("eve").await;
    for query in [format!("?group={work}"), "?group=x&after=x&q=%00".into()] {
        assert_eq!(
            page(&eve, &format!("/tags{query}")).await["groups"],
            json!([]),
            "{query}"
        );
    }
}

#[tokio::test]
async fn groups_are_paged() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    for number in 0..45 {
        let name = format!("Group {number:02}");
        ada.made("/v1/tags/groups", json!({ "name": name, "color": "#fff" }))
            .await;
    }
    for query in ["", "q=group&"] {
        let first = page(&ada, &format!("/tags?{query}")).await;
        assert_eq!(first["groups"].as_array().unwrap().len(), 40);
        let next = first["next"].as_str().unwrap();
        let last = page(&ada, &format!("/tags?{query}after={next}")).await;
        let names: Vec<&str> = last["groups"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|group| group["name"].as_str())
            .collect();
        assert_eq!(names, ["Group 40", "Group 41", "Group 42", "Group 43", "Group 44"]);
        assert_eq!(last["next"], Value::Null);
    }
}

#[tokio::test]
async fn friends_page_reveals_no_names_before_an_answer_and_no_blocks_by_others() {
    let server = TestServer::start().await;
    let named = async |name: &str| {
        let account =
            json!({ "email": format!("{name}@example.com"), "password": "correct horse", "display_name": name });
        sign_up_as(&server.address, &account).await
    };
    let (ada, ben, eve) = (named("ada").await, named("ben").await, named("eve").await);
    let code = eve.read("/v1/users/me").await["friend_code"].clone();
    ada.post("/v1/friends/requests", json!({ "friend_code": code })).await;
    befriend(&ada, &ben).await;
    let data = page(&ada, "/friends").await;
    assert_eq!(data["sent"]["items"][0]["name"], Value::Null);
    assert_eq!(data["friends"][0]["user_id"], json!(ben.grant.user.id));
    let link = data["invitation"]["link"].as_str().unwrap();
    let code = data["invitation"]["code"].as_str().unwrap();
    assert!(
        link.starts_with("http://") && link.ends_with(&format!("/friends?code={code}")),
        "{link}"
    );
    assert!(data["invitation"]["picture"]["size"].as_u64().unwrap() >= 21);
    assert_eq!(page(&eve, "/friends").await["received"]["items"][0]["name"], "ada");
    assert_eq!(data["friends"][0]["name"], "ben");

    ben.post(&format!("/v1/friends/block/{}", ada.grant.user.id), json!({}))
        .await;
    let data = page(&ada, "/friends").await;
    assert_eq!((&data["friends"], &data["blocked"]), (&json!([]), &json!([])));
    assert_eq!(
        page(&ben, "/friends").await["blocked"][0]["user_id"],
        json!(ada.grant.user.id)
    );
}

/// The date so many days from today in UTC.
fn clock_day(days: u64) -> String {
    let date = chrono::Utc::now().date_naive() + chrono::Days::new(days);
    date.to_string()
}

async fn share(owner: &User, timer: TimerId, level: &str) {
    let path = format!("/v1/visibility/timer/{timer}");
    let request = owner.request(Method::PUT, &path).json(&json!({ "level": level }));
    assert_eq!(answer(request).await.0, StatusCode::OK);
}

#[tokio::test]
async fn shared_page_lists_what_its_reader_may_see() {
    let server = TestServer::start().await;
    let (ada, ben, eve) = (
        server.user("ada").await,
        server.user("ben").await,
        server.user("eve").await,
    );
    befriend(&ada, &ben).await;
    let mut socket = ben.connect().live().await;
    let id = socket.change(create("Piano")).await.id;
    share(&ben, id, "friends").await;
    let data = page(&ada, "/shared").await;
    assert_eq!(data["people"][0]["timers"][0]["title"], "Piano");
    assert_eq!(data["people"][0]["id"], json!(ben.grant.user.id));
    assert_eq!(page(&ada, "/shared?kind=todo").await["people"], json!([]));
    let tomorrow = clock_day(1);
    let series = json!({ "title": "Choir", "all_day": true, "start_date": tomorrow, "end_date": clock_day(2),
                         "recurrence_rule": "FREQ=DAILY;COUNT=2" });
    let series = made(&ben, "/v1/schedules", series).await;
    let path = format!("/v1/visibility/schedule/{series}");
    let request = ben.request(Method::PUT, &path).json(&json!({ "level": "friends" }));
    assert_eq!(answer(request).await.0, StatusCode::OK);
    let found = page(&ada, "/shared?kind=schedule").await;
    let schedules = found["people"][0]["schedules"].as_array().unwrap();
    assert_eq!(schedules.len(), 2);
    assert_eq!(
        (&schedules[0]["title"], &schedules[0]["is_all_day"]),
        (&json!("Choir"), &json!(true))
    );
    assert!(schedules[0]["start"].as_i64() < schedules[1]["start"].as_i64());
    assert_eq!(
        page(&ada, "/shared?kind=timer&after=x").await["people"],
        json!([]),
        "active ones are on the first page"
    );
    assert_eq!(page(&eve, "/shared").await["people"], json!([]));

    share(&ben, id, "public").await;
    let person = &page(&eve, "/shared").await["people"][0];
    assert_eq!(
        (&person["id"], &person["name"]),
        (&Value::Null, &Value::Null),
        "a stranger stays nameless"
    );
}
