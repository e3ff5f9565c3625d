//! Visibility of schedules and todos over real connections: every level, every reader, every way of access.

use crate::support::{
    User, create,
    oidc_users::{OidcServer, Relations, got, listed, share},
};
use protocol::timers::{Body, Command, Reason, TimerCommand};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// A schedule or a todo, and a public timer that is linked to it.
struct Plan {
    kind: &'static str,
    id: String,
    timer: String,
    /// The path of the list that contains it.
    list: &'static str,
    /// The error for users who must not learn that it exists.
    missing: &'static str,
}

impl Plan {
    /// The results of all ways of access of a reader: GET, lists, a timer's include, PATCH and DELETE, and linking a timer
    /// of the reader's own to it.
    async fn access_of(&self, reader: &User) -> String {
        let Self { kind, id, timer, .. } = self;
        let path = format!("/v1/{kind}s/{id}");
        let get = got(reader, &path).await;
        let mine = get == "own";
        let list = listed(reader, self.list, id).await;
        let path_of_timer = format!("/v1/timers/{timer}?include_{kind}=true");
        let (status, of_timer) = reader.get(&path_of_timer).await;
        let include = match (status.as_u16(), &of_timer[kind]) {
            (403, _) => "403",
            (200, Value::Null) => "no",
            (200, included) if included["id"] == json!(id) => "yes",
            other => panic!("{other:?}"),
        };
        if mine {
            return format!("{get} {list} {include}");
        }
        for (status, body) in [
            reader.patch(&path, json!({ "title": "X" })).await,
            reader.delete(&path).await,
        ] {
            assert_eq!(
                (status, &body["error_type"]),
                (StatusCode::NOT_FOUND, &json!(self.missing))
            );
        }
        format!("{get} {list} {include} {}", self.link_own_timer(reader).await)
    }

    /// Asserts that a reader can neither link a timer of their own to it nor learn that it exists.
    async fn link_own_timer(&self, reader: &User) -> &'static str {
        let mut device = reader.connect().live().await;
        let Command::Timer {
            command: TimerCommand::Create { mut new, tag_ids },
            ..
        } = create("Mine")
        else {
            unreachable!()
        };
        match self.kind {
            "schedule" => new.schedule_id = Some(self.id.parse().unwrap()),
            _ => new.todo_id = Some(self.id.parse().unwrap()),
        }
        let answer = device.ask(TimerCommand::Create { new, tag_ids }.into()).await;
        let reason = match answer.body {
            Body::Error(error) => error.reason,
            other => panic!("{other:?}"),
        };
        let (status, body) = reader
            .patch(
                &self.own_timer(&mut device).await,
                json!({ format!("{}_id", self.kind): self.id }),
            )
            .await;
        assert_eq!(
            (status, &body["error_type"]),
            (StatusCode::NOT_FOUND, &json!(self.missing))
        );
        device.leave().await;
        match reason {
            Reason::ScheduleNotFound | Reason::TodoNotFound => "404",
            other => panic!("{other:?}"),
        }
    }

    async fn own_timer(&self, device: &mut crate::support::Client) -> String {
        format!("/v1/timers/{}", device.change(create("Mine")).await.id)
    }
}

async fn assert_access_of_all_readers(owner: &User, readers: &[(User, [bool; 5])], plan: &Plan) {
    share(owner, "timer", &plan.timer, json!({ "level": "public" })).await;
    for (level, setting) in Relations::settings().into_iter().enumerate() {
        share(owner, plan.kind, &plan.id, setting.clone()).await;
        assert_eq!(plan.access_of(owner).await, "own own yes", "{setting}");
        for (reader, allowed) in readers {
            // With a block between the users, not even the timer is visible.
            let blocked = !allowed[4];
            let expected = match (allowed[level], blocked) {
                (true, _) => "yes yes yes 404",
                (false, false) => "403 no no 404",
                (false, true) => "403 no 403 404",
            };
            let id = &reader.grant.user.id;
            assert_eq!(plan.access_of(reader).await, expected, "{} {id} {setting}", plan.kind);
        }
    }
}

#[tokio::test]
async fn schedules_and_todos_are_accessible_as_far_as_they_are_shared() {
    let oidc = OidcServer::start().await;
    let Relations { owner, readers } = Relations::of(&oidc).await;
    let group = json!({ "name": "G", "color": "#fff" });
    let group = owner.made("/v1/tags/groups", group).await["id"].clone();
    let times = json!({ "title": "S", "start_time": "2026-01-01T10:00:00Z", "end_time": "2026-01-01T11:00:00Z" });
    let schedule = owner.made("/v1/schedules", times).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let todo = json!({ "title": "T", "tag_group_id": group });
    let todo = owner.made("/v1/todos", todo).await["id"].as_str().unwrap().to_owned();
    for (kind, id, list, missing) in [
        (
            "schedule",
            schedule,
            "/v1/schedules?start_date=2026-01-01&end_date=2026-01-02&",
            "ScheduleNotFoundError",
        ),
        ("todo", todo, "/v1/todos?", "TodoNotFoundError"),
    ] {
        let timer = owner
            .connect()
            .live()
            .await
            .change(create("Linked"))
            .await
            .id
            .to_string();
        let link = json!({ format!("{kind}_id"): id });
        assert_eq!(
            owner.patch(&format!("/v1/timers/{timer}"), link).await.0,
            StatusCode::OK
        );
        let plan = Plan {
            kind,
            id,
            timer,
            list,
            missing,
        };
        assert_access_of_all_readers(&owner, &readers, &plan).await;
    }
}
