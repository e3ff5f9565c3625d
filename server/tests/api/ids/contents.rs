//! A user's entities, with a marker of the user in all their texts.

use super::{OidcServer, User, befriend, share, stable};
use crate::support::{act, create};
use protocol::timers::Action;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A user with one entity of each kind.
pub struct Contents {
    pub user: User,
    marker: String,
    /// Ids by the names of members and parameters.
    ids: BTreeMap<&'static str, String>,
}

impl Contents {
    /// A user with a group, a tag, a todo, a recurring schedule, a paused timer, a friend, and a received friend request with
    /// its notification.
    pub async fn of(oidc: &OidcServer, name: &str) -> Self {
        let user = oidc.person(name).await;
        let marker = format!("marker-of-{name}");
        let text = |made: &Value| made["id"].as_str().unwrap().to_owned();
        let group = json!({ "name": marker, "color": "#fff", "description": marker });
        let group = text(&user.made("/v1/tags/groups", group).await);
        let tag = json!({ "name": marker, "color": "#fff", "description": marker, "group_id": group });
        let tag = text(&user.made("/v1/tags", tag).await);
        let todo = json!({ "title": marker, "description": marker, "tag_group_id": group, "tag_ids": [tag] });
        let todo = text(&user.made("/v1/todos", todo).await);
        let schedule = json!({ "title": marker, "description": marker, "tag_group_id": group, "tag_ids": [tag],
                               "start_time": "2026-01-01T10:00:00Z", "end_time": "2026-01-01T11:00:00Z",
                               "recurrence_rule": "FREQ=DAILY;COUNT=3" });
        let schedule = text(&user.made("/v1/schedules", schedule).await);
        let mut device = user.connect().live().await;
        let timer = device.change(create(&marker)).await.id;
        device.change(act(Action::Pause, timer)).await;
        device.leave().await;
        let links = json!({ "description": marker, "schedule_id": schedule, "todo_id": todo, "tag_ids": [tag] });
        assert_eq!(
            user.patch(&format!("/v1/timers/{timer}"), links).await.0,
            StatusCode::OK
        );
        let friendship = befriend(&user, &oidc.person(&format!("friend-of-{name}")).await).await;
        let asker = oidc.person(&format!("asker-of-{name}")).await;
        let code = user.read("/v1/users/me").await["friend_code"].clone();
        let request = text(&asker.made("/v1/friends/requests", json!({ "friend_code": code })).await);
        let notification = text(&user.read("/v1/notifications?unread=true&limit=1").await[0]);
        let ids = BTreeMap::from([
            ("group_id", group),
            ("tag_id", tag),
            ("todo_id", todo),
            ("schedule_id", schedule),
            ("timer_id", timer.to_string()),
            ("friendship_id", friendship),
            ("request_id", request),
            ("notification_id", notification),
            ("user_id", name.to_owned()),
        ]);
        Self { user, marker, ids }
    }

    pub fn marker(&self) -> &str {
        &self.marker
    }

    /// The id for a member or parameter of this name.
    pub fn id(&self, member: &str) -> &str {
        let name = match member {
            "group_ids" | "tag_group_id" => "group_id",
            "tag_ids" => "tag_id",
            "parent_id" | "source_todo_id" => "todo_id",
            other => other,
        };
        let id = self.ids.get(name);
        id.unwrap_or_else(|| panic!("unknown kind of id: let `Contents::of` create one for {member}"))
    }

    /// The ids of all entities.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let entities = self.ids.iter().filter(|(name, _)| **name != "user_id");
        entities.map(|(_, id)| id.as_str())
    }

    /// Entities that have a visibility: kind and id.
    pub fn shareable(&self) -> [(&'static str, &str); 3] {
        [("schedule", "schedule_id"), ("timer", "timer_id"), ("todo", "todo_id")].map(|(kind, id)| (kind, self.id(id)))
    }

    /// Sets the visibility of all entities.
    pub async fn share(&self, setting: Value) {
        for (kind, id) in self.shareable() {
            share(&self.user, kind, id, setting.clone()).await;
        }
    }

    /// Everything that the user can read of their own.
    pub async fn snapshot(&self) -> Vec<(String, Value)> {
        let mut paths: Vec<String> = [
            "/v1/users/me",
            "/v1/tags/groups",
            "/v1/tags",
            "/v1/todos",
            "/v1/todos/stats",
            "/v1/timers?tag_include_mode=timer_only",
            "/v1/schedules?start_date=2020-01-01&end_date=2030-01-01",
            "/v1/friends",
            "/v1/friends/requests/received",
            "/v1/friends/requests/sent",
            "/v1/notifications",
            "/v1/notifications/settings",
        ]
        .map(str::to_owned)
        .to_vec();
        paths.push(format!("/v1/schedules/{}", self.id("schedule_id")));
        paths.extend(self.shareable().map(|(kind, id)| format!("/v1/visibility/{kind}/{id}")));
        let mut all = Vec::new();
        for path in paths {
            let body = stable(&self.user.get(&path).await.1);
            all.push((path, body));
        }
        all
    }
}
