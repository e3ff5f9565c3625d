//! OidcServer whose addresses an issuer has verified.

use super::{Client, Connect, Provider, SigningKey, TestServer, User, act};
use jsonwebtoken::Algorithm;
use protocol::timers::{Action, Body, Timer};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// A server that knows an issuer, without limits.
pub struct OidcServer {
    /// The server.
    pub server: TestServer,
    provider: Provider,
    key: SigningKey,
}

impl OidcServer {
    /// A server and its issuer.
    pub async fn start() -> Self {
        let key = SigningKey::rsa("a", Algorithm::RS256);
        let provider = Provider::start(&[&key]).await;
        let server = TestServer::with([
            ("RATE_LIMIT_ENABLED", "false"),
            ("WS_RATE_LIMIT_ENABLED", "false"),
            ("OIDC_ENABLED", "true"),
            ("OIDC_ISSUER_URL", &provider.issuer),
            ("OIDC_AUDIENCE", "lockstep-web"),
        ])
        .await;
        Self { server, provider, key }
    }

    /// A user with the verified address `<name>@mail.test`, whose profile is stored.
    pub async fn person(&self, name: &str) -> User {
        self.with(
            name,
            json!({ "email": format!("{name}@mail.test"), "email_verified": true }),
        )
        .await
    }

    /// A user with further claims, whose profile is stored.
    pub async fn with(&self, name: &str, more: Value) -> User {
        let mut claims = self.provider.claims(name);
        claims["name"] = json!(name.to_uppercase());
        for (claim, value) in more.as_object().unwrap() {
            claims[claim] = value.clone();
        }
        let user = self.server.visitor(name, &self.key.sign(&claims));
        assert_eq!(user.get("/v1/users/me").await.0, StatusCode::OK);
        user
    }
}

/// The users of the tests of sharing, by what they are to the owner.
pub struct Relations {
    /// Whose it is.
    pub owner: User,
    /// The readers, and whether they may read: under each of [`Relations::settings`].
    pub readers: [(User, [bool; 5]); 7],
}

impl Relations {
    /// Friends, listed ones, strangers and blocked ones of an owner.
    pub async fn of(oidc: &OidcServer) -> Self {
        let owner = oidc.person("owner").await;
        let (friend, listed) = (oidc.person("friend").await, oidc.person("listed").await);
        let (mailed, stranger) = (oidc.person("mailed").await, oidc.person("stranger").await);
        let unverified = json!({ "email": "mailed@mail.test", "email_verified": false });
        let unverified = oidc.with("unverified", unverified).await;
        let (blocked, blocks) = (oidc.person("blocked").await, oidc.person("blocks").await);
        for user in [&friend, &listed] {
            befriend(&owner, user).await;
        }
        for (user, other) in [(&owner, "blocked"), (&blocks, "owner")] {
            let block = user.request(Method::POST, &format!("/v1/friends/block/{other}"));
            let (status, body) = super::answer(block).await;
            assert_eq!(status, StatusCode::OK, "{body}");
        }
        #[rustfmt::skip]
        let readers = [
            //            private friends selected emails public
            (friend,     [false,  true,   false,   false, true]),
            (listed,     [false,  true,   true,    false, true]),
            (mailed,     [false,  false,  false,   true,  true]),
            (unverified, [false,  false,  false,   false, true]),
            (stranger,   [false,  false,  false,   false, true]),
            (blocked,    [false,  false,  false,   false, false]),
            (blocks,     [false,  false,  false,   false, false]),
        ];
        Self { owner, readers }
    }

    /// The five levels.
    pub fn settings() -> [Value; 5] {
        [
            json!({ "level": "private" }),
            json!({ "level": "friends" }),
            json!({ "level": "selected", "allowed_user_ids": ["listed"] }),
            json!({ "level": "allowed_emails", "allowed_emails": ["Mailed@Mail.test", "blocked@mail.test"],
                    "allowed_domains": ["else.test"] }),
            json!({ "level": "public" }),
        ]
    }
}

/// Makes friends of two, and says by which record.
pub async fn befriend(one: &User, other: &User) -> String {
    let code = other.read("/v1/users/me").await["friend_code"].clone();
    let request = one.made("/v1/friends/requests", json!({ "friend_code": code })).await;
    let id = request["id"].as_str().unwrap().to_owned();
    let (status, record) = other
        .post(&format!("/v1/friends/requests/{id}/accept"), json!({}))
        .await;
    assert_eq!(
        (status, &record["status"]),
        (StatusCode::OK, &json!("accepted")),
        "{record}"
    );
    id
}

/// Sets the visibility of a resource.
pub async fn share(owner: &User, kind: &str, id: &str, setting: Value) {
    let request = owner.request(Method::PUT, &format!("/v1/visibility/{kind}/{id}"));
    let (status, body) = super::answer(request.json(&setting)).await;
    assert_eq!(status, StatusCode::OK, "{body}");
}

/// Waits until the witness, a friend, has received the owner's last change: then all others have received it.
pub async fn settle(witness: &mut Client, owner: &mut Client, timer: &Timer) {
    for action in [Action::Pause, Action::Resume] {
        owner.change(act(action, timer.id)).await;
        loop {
            if let Body::FriendActivity { timer_id, .. } = witness.next().await.body {
                assert_eq!(timer_id, timer.id);
                break;
            }
        }
    }
}

/// A connection that asked for what is shared with its user.
pub fn watching(user: &User) -> Connect {
    user.connect().query("shared=true")
}

/// What a reader gets of something by its path: `own`, `yes` where it is shared, or `403`.
pub async fn got(reader: &User, path: &str) -> &'static str {
    let (status, body) = reader.get(path).await;
    let mine = body["owner_id"] == reader.grant.user.id.as_str();
    match status.as_u16() {
        200 if mine && body["is_shared"] == false => "own",
        200 if body["is_shared"] == true && body["visibility_level"].is_null() => "yes",
        403 if body["error_type"] == "AccessDeniedError" => "403",
        _ => panic!("{status} {body}"),
    }
}

/// As what a reader finds something in a list: `own`, `yes` where it is shared, or `no`. The path is that of the list
/// without its scope.
pub async fn listed(reader: &User, path: &str, id: &str) -> &'static str {
    let find = async |scope: &str| {
        let list = reader.read(&format!("{path}scope={scope}")).await;
        let list = list.as_array().unwrap().clone();
        let mut one = list.into_iter().find(|one| one["id"] == json!(id))?;
        // A running timer's grows between the two reads.
        one.as_object_mut().unwrap().remove("elapsed_time");
        Some(one)
    };
    match (find("shared").await, find("all").await) {
        (None, None) => "no",
        (None, Some(one)) if one["is_shared"] == false => "own",
        (Some(one), Some(same)) if one == same && one["is_shared"] == true => "yes",
        other => panic!("{other:?}"),
    }
}
