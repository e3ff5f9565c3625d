//! Time spent on todos and by tags: `GET /v1/todos/time` and `/v1/tags/time`.

use crate::support::{PastTimer, TestServer, User, create};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const DAY: &str = "2026-05-01T12:00:00Z";

fn id(made: &Value) -> String {
    made["id"].as_str().unwrap().to_owned()
}

async fn group(user: &User, name: &str, goals: Value) -> String {
    let group = json!({ "name": name, "color": "#fff", "goal_ratios": goals });
    id(&user.made("/v1/tags/groups", group).await)
}

async fn tag(user: &User, group: &str, name: &str) -> String {
    let tag = json!({ "name": name, "color": "#fff", "group_id": group });
    id(&user.made("/v1/tags", tag).await)
}

async fn todo(user: &User, group: &str, title: &str, parent: Option<&str>, tags: &[&str]) -> String {
    let todo = json!({ "title": title, "tag_group_id": group, "parent_id": parent, "tag_ids": tags });
    id(&user.made("/v1/todos", todo).await)
}

/// (own, with children) by todo.
fn times(list: &Value) -> BTreeMap<String, (i64, i64)> {
    let number = |time: &Value, name: &str| time[name].as_i64().unwrap();
    let time = |time: &Value| (number(time, "own_seconds"), number(time, "seconds_with_children"));
    let list = list.as_array().unwrap().iter();
    list.map(|one| (one["todo_id"].as_str().unwrap().to_owned(), time(one)))
        .collect()
}

#[tokio::test]
async fn a_todo_has_the_time_of_its_timers_and_of_those_below_it() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let (work, home) = (
        group(&ada, "Work", Value::Null).await,
        group(&ada, "Home", Value::Null).await,
    );
    let root = todo(&ada, &work, "Book", None, &[]).await;
    let chapter = todo(&ada, &work, "Chapter", Some(&root), &[]).await;
    let page = todo(&ada, &work, "Page", Some(&chapter), &[]).await;
    let other = todo(&ada, &home, "Dishes", None, &[]).await;
    let idle = todo(&ada, &home, "Idle", None, &[]).await;
    for (todo, seconds, status) in [
        (&root, 10, "COMPLETED"),
        (&page, 200, "CANCELLED"),
        (&page, 30, "COMPLETED"),
        (&other, 4, "COMPLETED"),
    ] {
        let timer = PastTimer {
            todo: Some(todo),
            status,
            ..PastTimer::new(DAY, seconds, "x")
        };
        timer.store(&server, &ada).await;
    }
    PastTimer::new(DAY, 999, "without a todo").store(&server, &ada).await;
    let all = times(&ada.read("/v1/todos/time").await);
    let expected = [
        (&root, (10, 240)),
        (&chapter, (0, 230)),
        (&page, (230, 230)),
        (&other, (4, 4)),
    ];
    assert_eq!(all, expected.map(|(id, time)| (id.clone(), time)).into());
    assert!(!all.contains_key(&idle));
    let in_group = times(&ada.read(&format!("/v1/todos/time?group_id={home}")).await);
    assert_eq!(in_group, [(other.clone(), (4, 4))].into());
    assert_eq!(eve.read("/v1/todos/time").await, json!([]));

    // Page by page.
    let mut found = BTreeMap::new();
    let mut path = "/v1/todos/time?limit=3".to_owned();
    let mut pages = 0;
    loop {
        let answer = ada.request(reqwest::Method::GET, &path).send().await.unwrap();
        let link = answer
            .headers()
            .get("link")
            .map(|link| link.to_str().unwrap().to_owned());
        found.extend(times(&answer.json().await.unwrap()));
        pages += 1;
        match link {
            Some(link) => path = link[1..link.find('>').unwrap()].to_owned(),
            None => break,
        }
    }
    assert_eq!((found, pages), (all, 2));
    assert_eq!(ada.get("/v1/todos/time?group_id=x").await.0, 422);
}

#[tokio::test]
async fn a_running_timer_counts_for_its_todo() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let work = group(&ada, "Work", Value::Null).await;
    let todo = todo(&ada, &work, "Now", None, &[]).await;
    let timer = ada.connect().live().await.change(create("x")).await;
    let start = timer.started_at.millis() - 60_000;
    let sql = format!(
        "UPDATE timers SET started_at = {start}, todo_id = '{todo}' WHERE id = '{}'",
        timer.id
    );
    server.database.run(&sql).await;
    let (own, with_children) = times(&ada.read("/v1/todos/time").await)[&todo];
    assert!(own >= 60 && own == with_children, "{own} {with_children}");
}

#[tokio::test]
async fn tags_have_the_time_of_their_timers_and_progress_towards_goals() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let work = group(
        &ada,
        "Work",
        json!({ "deep": 0.5, "calls": 0.5, "mail": 2, "nothing": 0.1 }),
    )
    .await;
    let home = group(&ada, "Home", Value::Null).await;
    let (deep, calls, mail) = (
        tag(&ada, &work, "deep").await,
        tag(&ada, &work, "calls").await,
        tag(&ada, &work, "mail").await,
    );
    let (rest, _unused) = (tag(&ada, &home, "rest").await, tag(&ada, &home, "unused").await);
    let schedule =
        json!({ "title": "Focus", "start_time": DAY, "end_time": "2026-05-01T13:00:00Z", "tag_ids": [deep, rest] });
    let schedule = id(&ada.made("/v1/schedules", schedule).await);
    let paper = todo(&ada, &work, "Paper", None, &[&calls]).await;
    for timer in [
        // Its own tag is also that of its schedule: it counts once.
        PastTimer {
            tags: &[&deep],
            schedule: Some(&schedule),
            ..PastTimer::new(DAY, 300, "a")
        },
        PastTimer {
            todo: Some(&paper),
            ..PastTimer::new(DAY, 100, "b")
        },
        // The tags of its todo do not count beside those of its schedule.
        PastTimer {
            schedule: Some(&schedule),
            todo: Some(&paper),
            ..PastTimer::new("2026-04-30T15:00:00Z", 1_000, "c")
        },
        PastTimer::new(DAY, 5, "without tags"),
    ] {
        timer.store(&server, &ada).await;
    }
    let seoul = ada
        .read("/v1/tags/time?start_date=2026-05-01&end_date=2026-05-01&timezone=Asia/Seoul")
        .await;
    let tag = |id: &str, seconds: i64, share: f64, goal: Option<f64>, progress: Option<f64>| json!({ "tag_id": id, "seconds": seconds, "share": share, "goal": goal, "progress": progress });
    let expected = json!({ "groups": [
        { "group_id": home, "seconds": 1_300, "tags": [tag(&rest, 1_300, 1.0, None, None)] },
        { "group_id": work, "seconds": 1_400, "tags": [
            tag(&calls, 100, 100.0 / 1_400.0, Some(0.5), Some(100.0 / 1_400.0 / 0.5)),
            tag(&deep, 1_300, 1_300.0 / 1_400.0, Some(0.5), Some(1_300.0 / 1_400.0 / 0.5)),
        ] },
    ] });
    assert_eq!(seoul, expected);
    let _ = mail;
    let utc = ada
        .read("/v1/tags/time?start_date=2026-05-01&end_date=2026-05-01")
        .await;
    assert_eq!(utc["groups"][1]["tags"][1]["seconds"], 300);
    // The time of a tag is that of the timers that its filter finds.
    for (tag, seconds) in [(&deep, 1_300), (&calls, 100), (&rest, 1_300)] {
        let path = format!("/v1/timers/totals?start_date=2026-01-01&end_date=2026-12-31&tag_ids={tag}");
        assert_eq!(ada.read(&path).await["seconds"], seconds);
    }
    let nobody = eve
        .read("/v1/tags/time?start_date=2026-05-01&end_date=2026-05-01")
        .await;
    assert_eq!(nobody, json!({ "groups": [] }));
    assert_eq!(ada.get("/v1/tags/time?start_date=2026-05-01").await.0, 422);
}
