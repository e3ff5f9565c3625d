//! People whose addresses an issuer has verified.

use super::{Provider, SigningKey, TestServer, User};
use jsonwebtoken::Algorithm;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// A server that knows an issuer, without limits.
pub struct People {
    /// The server.
    pub server: TestServer,
    provider: Provider,
    key: SigningKey,
}

impl People {
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

    /// Somebody with the verified address `<name>@mail.test`, who has called once.
    pub async fn person(&self, name: &str) -> User {
        self.with(
            name,
            json!({ "email": format!("{name}@mail.test"), "email_verified": true }),
        )
        .await
    }

    /// Somebody with more claims, who has called once.
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

/// Sets who may see something.
pub async fn share(owner: &User, kind: &str, id: &str, setting: Value) {
    let request = owner.request(Method::PUT, &format!("/v1/visibility/{kind}/{id}"));
    let (status, body) = super::answer(request.json(&setting)).await;
    assert_eq!(status, StatusCode::OK, "{body}");
}
