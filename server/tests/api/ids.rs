//! Ids of somebody else in every place that takes one: paths, bodies, filters and commands. The places are read from
//! the API's own documents, so that a new one is tested without being added here.

mod bodies;
mod commands;
mod contents;
mod paths;
mod schema;

use crate::support::{
    User, answer,
    people::{People, befriend, share},
};
use contents::Contents;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// An id that nothing has.
const UNKNOWN: &str = "019a0000-0000-7000-8000-000000000000";

/// A user who may not know anything of the victim's.
struct Stranger {
    /// What they are to the victim, for messages.
    what: &'static str,
    /// Their own things.
    contents: Contents,
}

/// A victim whose things have a visibility, and users who may not see them all the same.
struct Case {
    /// Keeps the server alive.
    _people: People,
    victim: Contents,
    strangers: Vec<Stranger>,
    openapi: Value,
    asyncapi: Value,
}

async fn block(user: &User, other: &User) {
    let path = format!("/v1/friends/block/{}", other.grant.user.id);
    assert_eq!(answer(user.request(Method::POST, &path)).await.0, StatusCode::OK);
}

impl Case {
    /// All relations that do not allow a user to see something: never shared, no longer shared, no longer friends, and a
    /// block in each direction and in both.
    async fn all() -> Vec<Self> {
        vec![Self::withdrawn().await, Self::for_friends().await, Self::public().await]
    }

    /// Was public and for selected friends, and is private again.
    async fn withdrawn() -> Self {
        let people = People::start().await;
        let victim = Contents::of(&people, "victim").await;
        let (never, friend) = (
            Contents::of(&people, "never").await,
            Contents::of(&people, "friend").await,
        );
        befriend(&victim.user, &friend.user).await;
        for setting in [
            json!({ "level": "public" }),
            json!({ "level": "selected", "allowed_user_ids": ["friend"] }),
        ] {
            victim.share(setting).await;
        }
        for (kind, id) in victim.shareable() {
            let path = format!("/v1/visibility/{kind}/{id}");
            assert_eq!(victim.user.delete(&path).await.0, StatusCode::OK);
        }
        Self::new(
            people,
            victim,
            vec![("never a friend", never), ("a friend it was shared with", friend)],
        )
        .await
    }

    /// For friends.
    async fn for_friends() -> Self {
        let people = People::start().await;
        let victim = Contents::of(&people, "victim").await;
        let (former, asked) = (
            Contents::of(&people, "former").await,
            Contents::of(&people, "asked").await,
        );
        let friendship = befriend(&victim.user, &former.user).await;
        victim.share(json!({ "level": "friends" })).await;
        let friend = former.user.get(&format!("/v1/timers/{}", victim.id("timer_id"))).await;
        assert_eq!(friend.0, StatusCode::OK, "while they are friends");
        let ended = victim.user.delete(&format!("/v1/friends/{friendship}")).await;
        assert_eq!(ended.0, StatusCode::OK);
        let code = victim.user.read("/v1/users/me").await["friend_code"].clone();
        asked
            .user
            .made("/v1/friends/requests", json!({ "friend_code": code }))
            .await;
        Self::new(
            people,
            victim,
            vec![
                ("a former friend", former),
                ("somebody who asked to be a friend", asked),
            ],
        )
        .await
    }

    /// For all but those with a block.
    async fn public() -> Self {
        let people = People::start().await;
        let victim = Contents::of(&people, "victim").await;
        let mut strangers = Vec::new();
        for (what, name) in [
            ("blocked", "blocked"),
            ("a blocker", "blocks"),
            ("blocked and a blocker", "mutual"),
        ] {
            strangers.push((what, Contents::of(&people, name).await));
        }
        victim.share(json!({ "level": "public" })).await;
        let [blocked, blocks, mutual] = [0, 1, 2].map(|place: usize| &strangers[place].1.user);
        block(&victim.user, blocked).await;
        block(blocks, &victim.user).await;
        block(mutual, &victim.user).await;
        block(&victim.user, mutual).await;
        Self::new(people, victim, strangers).await
    }

    async fn new(people: People, victim: Contents, strangers: Vec<(&'static str, Contents)>) -> Self {
        let openapi = victim.user.read("/openapi.json").await;
        let asyncapi = victim.user.read("/asyncapi.json").await;
        let strangers = strangers
            .into_iter()
            .map(|(what, contents)| Stranger { what, contents });
        Self {
            _people: people,
            strangers: strangers.collect(),
            victim,
            openapi,
            asyncapi,
        }
    }
}

/// Where a user is asked about things of somebody else, what is found out with a foreign id, and with an unknown one.
struct Probe {
    /// The user and the request, for messages.
    place: String,
    foreign: (u16, Value),
    unknown: (u16, Value),
}

impl Probe {
    /// The answer to the foreign id has nothing of the victim's but the ids that were sent.
    fn tells_nothing_of(&self, victim: &Contents) {
        let body = self.foreign.1.to_string();
        assert!(!body.contains(victim.word()), "{}: {body}", self.place);
        for id in victim.ids() {
            assert!(!body.contains(id) || self.place.contains(id), "{}: {body}", self.place);
        }
    }

    /// The two answers differ in the id alone.
    fn is_the_same_for_unknown_ids(&self, id: &str) {
        let (status, body) = &self.foreign;
        let foreign = (*status, stable(body).to_string().replace(id, UNKNOWN));
        let (status, body) = &self.unknown;
        assert_eq!(foreign, (*status, stable(body).to_string()), "{}", self.place);
    }
}

/// Without what is new in every answer.
fn stable(body: &Value) -> Value {
    match body {
        Value::Array(items) => items.iter().map(stable).collect(),
        Value::Object(members) => {
            // Occurrences have another id at every read.
            let is_occurrence = members.get("parent_id").is_some_and(Value::is_string) && members.contains_key("state");
            let fresh = |name: &str| match name {
                "error_id" | "timestamp" | "reply_to" => true,
                "id" => is_occurrence,
                _ => false,
            };
            let stays = members.iter().filter(|(name, _)| !fresh(name));
            stays.map(|(name, member)| (name.clone(), stable(member))).collect()
        }
        other => other.clone(),
    }
}

#[tokio::test]
async fn foreign_ids_in_paths_read_and_change_nothing() {
    for case in Case::all().await {
        case.probe_paths().await;
    }
}

#[tokio::test]
async fn foreign_ids_in_bodies_and_filters_are_as_unknown_ones() {
    for case in Case::all().await {
        case.probe_bodies().await;
        case.probe_filters().await;
    }
}

#[tokio::test]
async fn foreign_ids_in_commands_are_as_unknown_ones() {
    for case in Case::all().await {
        case.probe_commands().await;
    }
}
