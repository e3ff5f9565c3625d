//! Users are pairs of issuer and subject: the same `sub` of another issuer is another user.

use crate::support::{Provider, SigningKey, TestDatabase, TestServer, User, create};
use futures_util::FutureExt;
use jsonwebtoken::Algorithm;
use protocol::timers::Body;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::{Connection, Executor, Row};
use std::sync::Arc;

struct Issuer {
    provider: Provider,
    key: SigningKey,
}

impl Issuer {
    async fn start() -> Self {
        let key = SigningKey::rsa("a", Algorithm::RS256);
        let provider = Provider::start(&[&key]).await;
        Self { provider, key }
    }

    fn vars(&self) -> [(&str, &str); 5] {
        [
            ("RATE_LIMIT_ENABLED", "false"),
            ("WS_RATE_LIMIT_ENABLED", "false"),
            ("OIDC_ENABLED", "true"),
            ("OIDC_ISSUER_URL", &self.provider.issuer),
            ("OIDC_AUDIENCE", "lockstep-web"),
        ]
    }

    /// The user whom the issuer calls `sub`, and their user id.
    async fn user(&self, server: &TestServer, sub: &str) -> (User, String) {
        let mut claims = self.provider.claims(sub);
        claims["name"] = json!("From the issuer");
        let user = server.visitor(sub, &self.key.sign(&claims));
        let id = user.read("/v1/users/me").await["id"].as_str().unwrap().to_owned();
        (user, id)
    }
}

async fn count(user: &User, path: &str) -> usize {
    user.read(path).await.as_array().unwrap().len()
}

#[tokio::test]
async fn subject_of_a_built_in_account_is_another_user_over_rest() {
    let issuer = Issuer::start().await;
    let server = TestServer::with(issuer.vars()).await;
    let victim = server.user("ada").await;
    let group = json!({ "name": "victim's private group", "color": "#fff" });
    let group = victim.made("/v1/tags/groups", group).await;
    let before = victim.read("/v1/users/me").await;
    let timer = victim.connect().live().await.change(create("private")).await;
    let victim_id = victim.grant.user.id.as_str();

    let (other, other_id) = issuer.user(&server, victim_id).await;
    assert_ne!(other_id, victim_id);
    assert_eq!(
        issuer.user(&server, victim_id).await.1,
        other_id,
        "the same user on every request"
    );
    for path in ["/v1/tags/groups", "/v1/tags", "/v1/timers", "/v1/todos", "/v1/friends"] {
        assert_eq!(count(&other, path).await, 0, "{path}");
    }
    assert_eq!(
        other.get(&format!("/v1/timers/{}", timer.id)).await.0,
        StatusCode::FORBIDDEN
    );
    let group_path = format!("/v1/tags/groups/{}", group["id"].as_str().unwrap());
    for (method, path) in [
        (Method::GET, group_path.clone()),
        (Method::PATCH, group_path.clone()),
        (Method::DELETE, group_path),
        (Method::DELETE, format!("/v1/timers/{}", timer.id)),
    ] {
        let request = other.request(method.clone(), &path).json(&json!({ "name": "taken" }));
        assert_eq!(
            request.send().await.unwrap().status(),
            StatusCode::NOT_FOUND,
            "{method} {path}"
        );
    }
    let other_group = other
        .made("/v1/tags/groups", json!({ "name": "mine", "color": "#fff" }))
        .await;
    other
        .patch("/v1/users/me", json!({ "friend_activity": "nothing" }))
        .await;

    let after = victim.read("/v1/users/me").await;
    assert_eq!(after, before, "the profile is unchanged");
    let groups = victim.read("/v1/tags/groups").await;
    assert_eq!(groups.as_array().unwrap().len(), 1);
    assert_eq!(groups[0]["name"], "victim's private group");
    assert_ne!(groups[0]["id"], other_group["id"]);
}

#[tokio::test]
async fn subject_of_a_built_in_account_is_another_user_over_the_socket() {
    let issuer = Issuer::start().await;
    let server = TestServer::with(issuer.vars()).await;
    let victim = server.user("ada").await;
    let mut devices = victim.connect().live().await;
    let timer = devices.change(create("private")).await;
    let victim_id = victim.grant.user.id.clone();

    let token = issuer.key.sign(&issuer.provider.claims(victim_id.as_str()));
    let mut other = server.connect().token(&token).open().await.unwrap();
    match other.next().await.body {
        Body::Connected { user_id, seq, .. } => {
            assert_ne!(user_id, victim_id);
            assert_eq!(seq, 0);
        }
        other => panic!("expected connected, got {other:?}"),
    }
    assert!(matches!(other.next().await.body, Body::Sync { timers, .. } if timers.is_empty()));
    let reply = other
        .ask(crate::support::act(protocol::timers::Action::Stop, timer.id))
        .await;
    assert!(matches!(reply.body, Body::Error(_)), "{reply:?}");
    other.change(create("theirs")).await;
    devices.is_silent().await;

    // The token cannot renew the victim's connection either.
    let renew = protocol::timers::Command::Renew {
        token: protocol::timers::Secret(token),
    };
    devices.send(renew).await;
    assert!(matches!(devices.next().await.body, Body::Error(_)));
    assert_eq!(devices.closed().await.0, 1008);
}

#[tokio::test]
async fn same_subject_of_another_issuer_is_another_user() {
    let [first, second] = [Issuer::start().await, Issuer::start().await];
    let server = TestServer::with(first.vars()).await;
    let (ada, id) = first.user(&server, "ada").await;
    assert_eq!(id, "ada", "for the first issuer, the id is the subject");
    ada.made("/v1/tags/groups", json!({ "name": "of the first", "color": "#fff" }))
        .await;

    let server = server.restart(second.vars()).await;
    let (other, other_id) = second.user(&server, "ada").await;
    assert_ne!(other_id, "ada");
    assert_eq!(count(&other, "/v1/tags/groups").await, 0);
    let (status, _) = server
        .visitor("ada", &first.key.sign(&first.provider.claims("ada")))
        .get("/v1/timers")
        .await;
    assert_eq!(
        status,
        StatusCode::UNAUTHORIZED,
        "the first issuer is not accepted any more"
    );
    // A subject that equals the generated id of the second issuer's user is yet another user.
    let (_, third_id) = second.user(&server, &other_id).await;
    assert_ne!(third_id, other_id);

    let server = server.restart(first.vars()).await;
    let (ada, id) = first.user(&server, "ada").await;
    assert_eq!((id.as_str(), count(&ada, "/v1/tags/groups").await), ("ada", 1));
}

#[tokio::test]
async fn concurrent_first_requests_create_one_user() {
    let [first, second] = [Issuer::start().await, Issuer::start().await];
    let server = TestServer::with(first.vars()).await;
    first.user(&server, "ada").await;
    let server = server.restart(second.vars()).await;
    let calls = (0..20).map(|_| second.user(&server, "ada").map(|(_, id)| id));
    let mut ids = futures_util::future::join_all(calls).await;
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
}

/// A database of a version without issuers, with a built-in account and a user of an issuer.
async fn database_without_issuers() -> (Arc<TestDatabase>, &'static str) {
    let database = TestDatabase::create().await;
    let mut conn = database.connect().await;
    let mut migrator = sqlx::migrate!();
    migrator.migrations = migrator
        .migrations
        .iter()
        .filter(|migration| migration.version < 7)
        .cloned()
        .collect();
    migrator.run(&mut conn).await.unwrap();
    let built_in = "019ac000-0000-7000-8000-000000000001";
    let sql = [
        format!(
            "INSERT INTO users (id, friend_code, created_at) VALUES ('{built_in}', 'code-1', 1), ('ada', 'code-2', 2)"
        ),
        format!(
            "INSERT INTO credentials (email, user_id, password_hash) VALUES ('b@example.com', '{built_in}', 'hash')"
        ),
        format!(
            "INSERT INTO tag_groups (id, owner_id, name, color, created_at, updated_at)
             VALUES ('019ac000-0000-7000-8000-00000000000a', '{built_in}', 'of the account', '#FFF', 1, 1),
                    ('019ac000-0000-7000-8000-00000000000b', 'ada', 'of the issuer', '#FFF', 1, 1)"
        ),
    ];
    for sql in sql {
        conn.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    }
    conn.close().await.unwrap();
    (Arc::new(database), built_in)
}

async fn issuers(database: &TestDatabase) -> Value {
    let mut conn = database.connect().await;
    let rows = conn
        .fetch_all("SELECT id, issuer, subject FROM users ORDER BY created_at, id")
        .await
        .unwrap();
    let row = |row: &sqlx::any::AnyRow| {
        json!([
            row.get::<String, _>(0),
            row.get::<Option<String>, _>(1),
            row.get::<String, _>(2)
        ])
    };
    rows.iter().map(row).collect()
}

#[tokio::test]
async fn users_without_an_issuer_are_assigned_to_the_first_configured_issuer() {
    let (database, built_in) = database_without_issuers().await;
    let server = TestServer::on(database.clone(), []).await;
    let unassigned = json!([[built_in, "lockstep", built_in], ["ada", null, "ada"]]);
    assert_eq!(issuers(&database).await, unassigned, "no issuer is configured yet");
    server.stop().await;

    let [first, second] = [Issuer::start().await, Issuer::start().await];
    let server = TestServer::on(database.clone(), first.vars()).await;
    let assigned = json!([[built_in, "lockstep", built_in], ["ada", first.provider.issuer, "ada"]]);
    assert_eq!(issuers(&database).await, assigned);
    let (ada, id) = first.user(&server, "ada").await;
    assert_eq!(id, "ada");
    assert_eq!(ada.read("/v1/tags/groups").await[0]["name"], "of the issuer");
    let (other, id) = first.user(&server, built_in).await;
    assert_ne!(id, built_in, "an issuer cannot claim a built-in account's id");
    assert_eq!(count(&other, "/v1/tags/groups").await, 0);

    let server = server.restart(second.vars()).await;
    let (other, id) = second.user(&server, "ada").await;
    assert_ne!(id, "ada", "the next issuer with that subject is another user");
    assert_eq!(count(&other, "/v1/tags/groups").await, 0);
}
