use crate::{
    config::{Config, Vars},
    server::Server,
    site,
    state::AppState,
    store::testing::TestDatabase,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};
use tokio_util::sync::CancellationToken;

/// Starts a server that accepts tokens of this issuer; returns its address.
async fn start(issuer: &str, database: &TestDatabase) -> std::net::SocketAddr {
    let vars = Vars::from_pairs([
        ("PORT", "0"),
        ("DATABASE_URL", &database.url),
        ("OIDC_ENABLED", "true"),
        ("OIDC_ISSUER_URL", issuer),
    ]);
    let mut config = Config::from_vars(&vars).unwrap();
    config.websocket.options.authenticate_within = Duration::from_millis(200);
    let site = site::options(&config);
    let server = Server::bind(AppState::open(config, site).await.unwrap()).await.unwrap();
    let address = server.address().unwrap();
    tokio::spawn(server.run(CancellationToken::new()));
    address
}

#[tokio::test]
async fn a_connection_that_is_not_authenticated_in_time_is_closed() {
    // Its kernel accepts connections, but nothing answers on them.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", silent.local_addr().unwrap());
    let database = TestDatabase::create().await;
    let address = start(&issuer, &database).await;
    let part = |json: Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
    let head = part(json!({ "alg": "RS256", "typ": "JWT", "kid": "a" }));
    let claims = part(json!({ "iss": issuer, "sub": "ada", "exp": 4_000_000_000_u32 }));
    let mut request = format!("ws://{address}/v1/ws/timers").into_client_request().unwrap();
    let token = format!("authorization.bearer.{head}.{claims}.{}", "A".repeat(342));
    let headers = request.headers_mut();
    headers.insert("sec-websocket-protocol", token.parse().unwrap());
    let (mut client, _) = connect_async(request).await.unwrap();
    let Some(Ok(Message::Close(Some(frame)))) = client.next().await else {
        panic!("no close frame");
    };
    assert_eq!(
        (u16::from(frame.code), &*frame.reason),
        (1011, "authentication took too long: try again")
    );
}
