//! Foreign ids (of another user's entities) wherever an id is accepted: paths, bodies, filters and commands. These are
//! read from the API's own documents, so that new ones are tested without a change here.

mod bodies;
mod commands;
mod contents;
mod paths;
mod schema;

use crate::support::{
    User, answer,
    oidc_users::{OidcServer, befriend, share},
};
use contents::Contents;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// An id of no entity.
const UNKNOWN: &str = "019a0000-0000-7000-8000-000000000000";

/// A user who must not see anything of the victim.
struct Stranger {
    /// Their relation to the victim, for messages.
    relation: &'static str,
    /// Their own entities.
    contents: Contents,
}

/// A victim whose entities have a visibility, and users who must not see them.
struct Case {
    /// Keeps the server alive.
    _oidc: OidcServer,
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
    /// All relations that deny access: never shared, no longer shared, no longer friends, and a block in each direction
    /// and in both.
    async fn all() -> Vec<Self> {
        vec![Self::unshared().await, Self::for_friends().await, Self::public().await]
    }

    /// The entities were public and shared with selected friends, and are private again.
    async fn unshared() -> Self {
        let oidc = OidcServer::start().await;
        let victim = Contents::of(&oidc, "victim").await;
        let (never, friend) = (Contents::of(&oidc, "never").await, Contents::of(&oidc, "friend").await);
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
            oidc,
            victim,
            vec![("never a friend", never), ("a friend it was shared with", friend)],
        )
        .await
    }

    /// The entities are shared with friends.
    async fn for_friends() -> Self {
        let oidc = OidcServer::start().await;
        let victim = Contents::of(&oidc, "victim").await;
        let (former, asked) = (Contents::of(&oidc, "former").await, Contents::of(&oidc, "asked").await);
        let friendship = befriend(&victim.user, &former.user).await;
        victim.share(json!({ "level": "friends" })).await;
        let friend = former.user.get(&format!("/v1/timers/{}", victim.id("timer_id"))).await;
        assert_eq!(friend.0, StatusCode::OK, "readable while they are friends");
        let ended = victim.user.delete(&format!("/v1/friends/{friendship}")).await;
        assert_eq!(ended.0, StatusCode::OK);
        let code = victim.user.read("/v1/users/me").await["friend_code"].clone();
        asked
            .user
            .made("/v1/friends/requests", json!({ "friend_code": code }))
            .await;
        Self::new(
            oidc,
            victim,
            vec![
                ("a former friend", former),
                ("a user with a pending friend request", asked),
            ],
        )
        .await
    }

    /// The entities are public; the strangers are blocked or have blocked the victim.
    async fn public() -> Self {
        let oidc = OidcServer::start().await;
        let victim = Contents::of(&oidc, "victim").await;
        let mut strangers = Vec::new();
        for (relation, name) in [
            ("blocked", "blocked"),
            ("a blocker", "blocks"),
            ("blocked and a blocker", "mutual"),
        ] {
            strangers.push((relation, Contents::of(&oidc, name).await));
        }
        victim.share(json!({ "level": "public" })).await;
        let [blocked, blocks, mutual] = [0, 1, 2].map(|index: usize| &strangers[index].1.user);
        block(&victim.user, blocked).await;
        block(blocks, &victim.user).await;
        block(mutual, &victim.user).await;
        block(&victim.user, mutual).await;
        Self::new(oidc, victim, strangers).await
    }

    async fn new(oidc: OidcServer, victim: Contents, strangers: Vec<(&'static str, Contents)>) -> Self {
        let openapi = victim.user.read("/openapi.json").await;
        let asyncapi = victim.user.read("/asyncapi.json").await;
        let strangers = strangers
            .into_iter()
            .map(|(relation, contents)| Stranger { relation, contents });
        Self {
            _oidc: oidc,
            strangers: strangers.collect(),
            victim,
            openapi,
            asyncapi,
        }
    }
}

/// One request of a stranger, with its answer to a foreign id and to an unknown one.
struct Probe {
    /// The user and the request, for messages.
    description: String,
    foreign: (u16, Value),
    unknown: (u16, Value),
}

impl Probe {
    /// Asserts that the answer to the foreign id contains nothing of the victim's except the ids that were sent.
    fn assert_reveals_nothing_of(&self, victim: &Contents) {
        let body = self.foreign.1.to_string();
        assert!(!body.contains(victim.marker()), "{}: {body}", self.description);
        for id in victim.ids() {
            assert!(
                !body.contains(id) || self.description.contains(id),
                "{}: {body}",
                self.description
            );
        }
    }

    /// Asserts that the two answers differ in the id alone.
    fn assert_same_for_unknown_id(&self, id: &str) {
        let (status, body) = &self.foreign;
        let foreign = (*status, stable(body).to_string().replace(id, UNKNOWN));
        let (status, body) = &self.unknown;
        assert_eq!(foreign, (*status, stable(body).to_string()), "{}", self.description);
    }
}

/// Removes members that differ in every answer.
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
async fn foreign_ids_in_paths_neither_read_nor_change_anything() {
    for case in Case::all().await {
        case.probe_paths().await;
    }
}

#[tokio::test]
async fn foreign_ids_in_bodies_and_filters_are_treated_as_unknown() {
    for case in Case::all().await {
        case.probe_bodies().await;
        case.probe_filters().await;
    }
}

#[tokio::test]
async fn foreign_ids_in_commands_are_treated_as_unknown() {
    for case in Case::all().await {
        case.probe_commands().await;
    }
}
