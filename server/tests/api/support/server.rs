//! The server in the test's own process.

use super::{TestDatabase, client::Connect};
use protocol::rest::account::{AccessGrant, Account};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use server::{
    config::{Config, Vars},
    server::Server,
    site,
    state::AppState,
};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// A server that stops with the test.
pub struct TestServer {
    /// `127.0.0.1:<port>`
    pub address: String,
    http: reqwest::Client,
    stop: CancellationToken,
    stopped: Option<tokio::task::JoinHandle<anyhow::Result<()>>>,
    /// Its database.
    pub database: Arc<TestDatabase>,
}

/// A user with an account or a token.
pub struct User {
    /// Their access token and account.
    pub grant: AccessGrant,
    address: String,
    http: reqwest::Client,
}

impl TestServer {
    /// With the defaults.
    pub async fn start() -> Self {
        Self::with([]).await
    }

    /// Without limits on how much one user may do: for tests that do a lot.
    pub async fn unlimited() -> Self {
        Self::with([("RATE_LIMIT_ENABLED", "false"), ("WS_RATE_LIMIT_ENABLED", "false")]).await
    }

    /// With one more variable or several.
    pub async fn with<const N: usize>(extra: [(&str, &str); N]) -> Self {
        Self::on(Arc::new(TestDatabase::create().await), extra).await
    }

    /// Several nodes of one database, without limits, joined by a NATS server; `None` if the tests run on SQLite,
    /// which one node alone can use.
    pub async fn nodes<const N: usize>(nats: &str) -> Option<[Self; N]> {
        Self::nodes_each([nats; N]).await
    }

    /// The same, each with its own NATS server, or without one if the URL is empty.
    pub async fn nodes_each<const N: usize>(nats: [&str; N]) -> Option<[Self; N]> {
        let database = Arc::new(TestDatabase::create().await);
        if database.url.starts_with("sqlite") {
            eprintln!("nothing to be seen: several nodes need LOCKSTEP_TEST_POSTGRES");
            return None;
        }
        let mut nodes = Vec::new();
        for nats in nats {
            let vars = [
                ("RATE_LIMIT_ENABLED", "false"),
                ("WS_RATE_LIMIT_ENABLED", "false"),
                ("NATS_URL", nats),
                // A client may send many commands before it reads.
                ("WS_OUTBOX_MESSAGES", "4096"),
            ];
            nodes.push(Self::on(database.clone(), vars).await);
        }
        nodes.try_into().ok()
    }

    /// Stops it, and starts another over the same database with these variables.
    pub async fn restart<const N: usize>(self, extra: [(&str, &str); N]) -> Self {
        let database = self.database.clone();
        self.stop().await;
        Self::on(database, extra).await
    }

    /// A server over a database that may have been used before.
    pub async fn on<const N: usize>(database: Arc<TestDatabase>, extra: [(&str, &str); N]) -> Self {
        let mut vars = Vars::from_pairs([
            ("PORT", "0"),
            ("DATABASE_URL", &database.url),
            // A test signs up more people in an hour than an address should.
            ("SIGNUPS_PER_HOUR", "0"),
        ]);
        vars.extend(extra);
        let config = Config::from_vars(&vars).unwrap();
        let site = site::options(&config);
        let server = Server::bind(AppState::open(config, site).await.unwrap()).await.unwrap();
        let address = server.address().unwrap().to_string();
        let stop = CancellationToken::new();
        let stopped = Some(tokio::spawn(server.run(stop.clone())));
        Self {
            address,
            http: reqwest::Client::new(),
            stop,
            stopped,
            database,
        }
    }

    /// Asks it to drain and waits until it has.
    pub async fn stop(mut self) {
        self.stop.cancel();
        self.stopped.take().unwrap().await.unwrap().unwrap();
    }

    /// A request without a token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("http://{}{path}", self.address))
    }

    /// Makes an account.
    pub async fn user(&self, name: &str) -> User {
        sign_up(&self.address, name).await
    }

    /// A user with a token of an issuer.
    pub fn visitor(&self, id: &str, token: &str) -> User {
        let account = Account {
            id: id.into(),
            email: String::new(),
            display_name: None,
        };
        User {
            grant: AccessGrant {
                access_token: token.to_owned(),
                token_type: "Bearer".to_owned(),
                expires_in: 300,
                user: account,
            },
            address: self.address.clone(),
            http: self.http.clone(),
        }
    }

    /// A WebSocket to be opened, without a token.
    pub fn connect(&self) -> Connect {
        Connect::to(&self.address)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Makes an account on any server.
pub async fn sign_up(address: &str, name: &str) -> User {
    let body = json!({ "email": format!("{name}@example.com"), "password": "correct horse" });
    sign_up_as(address, &body).await
}

/// Signs in on any server.
pub async fn sign_in(address: &str, email: &str, password: &str) -> User {
    let body = json!({ "email": email, "password": password });
    let http = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let url = format!("http://{address}/v1/auth/sign-in");
    let response = http.post(url).json(&body).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    User {
        grant: response.json().await.unwrap(),
        address: address.to_owned(),
        http,
    }
}

/// Makes an account from the body of a sign-up.
pub async fn sign_up_as(address: &str, body: &Value) -> User {
    let http = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let response = http
        .post(format!("http://{address}/v1/auth/sign-up"))
        .json(body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    User {
        grant: response.json().await.unwrap(),
        address: address.to_owned(),
        http,
    }
}

impl User {
    /// The same person at another node.
    pub fn at(&self, node: &TestServer) -> Self {
        Self {
            grant: self.grant.clone(),
            address: node.address.clone(),
            http: self.http.clone(),
        }
    }

    /// A WebSocket to be opened with their token.
    pub fn connect(&self) -> Connect {
        Connect::to(&self.address).token(&self.grant.access_token)
    }

    /// A request with their token and cookies.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("http://{}{path}", self.address))
            .bearer_auth(&self.grant.access_token)
    }

    /// The status and the body of a GET.
    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        answer(self.request(Method::GET, path)).await
    }

    /// The status and the body of a POST.
    pub async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        answer(self.request(Method::POST, path).json(&body)).await
    }

    /// The body of a POST that makes something.
    pub async fn made(&self, path: &str, body: Value) -> Value {
        let (status, made) = self.post(path, body).await;
        assert_eq!(status, StatusCode::CREATED, "{path}: {made}");
        made
    }

    /// The body of a GET that is answered with 200.
    pub async fn read(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// The status and the body of a PATCH.
    pub async fn patch(&self, path: &str, changes: Value) -> (StatusCode, Value) {
        answer(self.request(Method::PATCH, path).json(&changes)).await
    }

    /// The status and the body of a DELETE.
    pub async fn delete(&self, path: &str) -> (StatusCode, Value) {
        answer(self.request(Method::DELETE, path)).await
    }
}

/// The status and the JSON body.
pub async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}
