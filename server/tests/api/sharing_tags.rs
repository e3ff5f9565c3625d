//! Tags of shared entities: friends see all members, strangers see only name and colour of those of public entities.

use crate::support::{
    User, act, create,
    oidc_users::{OidcServer, befriend, share, watching},
};
use protocol::timers::Action;
use reqwest::StatusCode;
use serde_json::{Value, json};

const SECRET: &str = "only friends may read this";

/// A timer, a schedule and a todo with a tag, linked to each other and public.
struct Tagged {
    tag: Value,
    timer: String,
    schedule: String,
    todo: String,
}

impl Tagged {
    async fn of(owner: &User) -> Self {
        let text = |made: &Value| made["id"].as_str().unwrap().to_owned();
        let group = owner
            .made(
                "/v1/tags/groups",
                json!({ "name": "G", "color": "#fff", "description": SECRET }),
            )
            .await;
        let tag = json!({ "name": "deep", "color": "#2E7D32", "description": SECRET, "group_id": group["id"] });
        let tag = owner.made("/v1/tags", tag).await;
        let todo = json!({ "title": "T", "tag_group_id": group["id"], "tag_ids": [tag["id"]] });
        let todo = text(&owner.made("/v1/todos", todo).await);
        let schedule = json!({ "title": "S", "start_time": "2026-01-01T10:00:00Z", "end_time": "2026-01-01T11:00:00Z",
                               "source_todo_id": todo, "tag_ids": [tag["id"]] });
        let schedule = text(&owner.made("/v1/schedules", schedule).await);
        let timer = owner
            .connect()
            .live()
            .await
            .change(create("Write"))
            .await
            .id
            .to_string();
        let links = json!({ "schedule_id": schedule, "todo_id": todo, "tag_ids": [tag["id"]] });
        assert_eq!(
            owner.patch(&format!("/v1/timers/{timer}"), links).await.0,
            StatusCode::OK
        );
        let tagged = Self {
            tag,
            timer,
            schedule,
            todo,
        };
        tagged.set(owner, json!({ "level": "public" })).await;
        tagged
    }

    async fn set(&self, owner: &User, setting: Value) {
        for (kind, id) in [
            ("timer", &self.timer),
            ("schedule", &self.schedule),
            ("todo", &self.todo),
        ] {
            share(owner, kind, id, setting.clone()).await;
        }
    }

    /// All routes by which another user can read the tag.
    fn paths(&self) -> Vec<String> {
        let Self {
            timer,
            schedule,
            todo,
            tag,
        } = self;
        let (tag, group) = (tag["id"].as_str().unwrap(), tag["group_id"].as_str().unwrap());
        let window = "start_date=2026-01-01&end_date=2026-01-02";
        let mut paths = vec![
            format!("/v1/schedules/{schedule}"),
            format!("/v1/schedules?scope=shared&{window}"),
            format!("/v1/schedules?scope=all&{window}&tag_ids={tag}&group_ids={group}"),
            format!("/v1/todos/{todo}"),
            format!("/v1/todos?scope=shared&tag_ids={tag}&group_ids={group}"),
            format!("/v1/timers/{timer}?include_schedule=true&include_todo=true"),
        ];
        for mode in ["timer_only", "inherit_from_schedule"] {
            paths.push(format!("/v1/timers/{timer}?tag_include_mode={mode}"));
            paths.push(format!("/v1/timers?scope=shared&tag_include_mode={mode}"));
        }
        paths
    }
}

/// All tags in a body, at any depth.
fn tags(body: &Value, found: &mut Vec<Value>) {
    match body {
        Value::Array(items) => items.iter().for_each(|item| tags(item, found)),
        Value::Object(members) => {
            for (name, member) in members {
                match name.as_str() {
                    "tags" => found.extend(member.as_array().unwrap().iter().cloned()),
                    _ => tags(member, found),
                }
            }
        }
        _ => {}
    }
}

async fn tags_at(reader: &User, path: &str) -> Vec<Value> {
    let (mut found, body) = (Vec::new(), reader.read(path).await);
    tags(&body, &mut found);
    assert!(!found.is_empty(), "{path}: {body}");
    found
}

#[tokio::test]
async fn strangers_see_only_name_and_colour_of_tags_of_public_entities() {
    let oidc = OidcServer::start().await;
    let (ada, eve, friend) = (
        oidc.person("ada").await,
        oidc.person("eve").await,
        oidc.person("friend").await,
    );
    befriend(&ada, &friend).await;
    let tagged = Tagged::of(&ada).await;
    let whole = &tagged.tag;
    let for_strangers = json!({ "id": whole["id"], "name": "deep", "color": "#2E7D32", "description": null,
                                "group_id": "00000000-0000-0000-0000-000000000000",
                                "created_at": "1970-01-01T00:00:00+0000", "updated_at": "1970-01-01T00:00:00+0000" });
    for path in tagged.paths() {
        for (reader, expected) in [(&eve, &for_strangers), (&friend, whole)] {
            let found = tags_at(reader, &path).await;
            assert!(found.iter().all(|tag| tag == expected), "{path}: {found:#?}");
        }
        let body = eve.read(&path).await.to_string();
        assert!(!body.contains(SECRET), "{path}: {body}");
    }
    // A user on the list of addresses is not a stranger.
    tagged
        .set(
            &ada,
            json!({ "level": "allowed_emails", "allowed_emails": ["eve@mail.test"] }),
        )
        .await;
    for path in tagged.paths() {
        assert!(tags_at(&eve, &path).await.iter().all(|tag| tag == whole), "{path}");
    }
    // Each linked entity has its own level: the schedule is public, so its tag is reduced.
    let without = json!({ "tag_ids": [] });
    assert_eq!(
        ada.patch(&format!("/v1/timers/{}", tagged.timer), without).await.0,
        StatusCode::OK
    );
    share(&ada, "schedule", &tagged.schedule, json!({ "level": "public" })).await;
    let inherited = format!("/v1/timers/{}?tag_include_mode=inherit_from_schedule", tagged.timer);
    assert_eq!(tags_at(&eve, &inherited).await, [for_strangers]);
}

#[tokio::test]
async fn live_events_of_a_public_timer_reveal_no_more_of_its_tags_to_strangers() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let tagged = Tagged::of(&ada).await;
    let (mut device, mut watching) = (ada.connect().live().await, watching(&eve).live().await);
    let id = tagged.timer.parse().unwrap();
    for action in [Action::Pause, Action::Resume, Action::Stop] {
        device.change(act(action, id)).await;
        let received = watching.next_text().await;
        assert!(
            received.contains(&tagged.timer) && !received.contains(SECRET),
            "{received}"
        );
        let group = tagged.tag["group_id"].as_str().unwrap();
        assert!(!received.contains(group), "{received}");
    }
}
