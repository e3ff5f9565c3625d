//! An endpoint on plain hyper: authentication, refusals, and what a connection knows about its request.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use futures_util::{SinkExt, StreamExt};
use hub::*;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{convert::Infallible, net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message as Wire, client::IntoClientRequest},
};

const GAME: Scope = Scope::new("game");
/// Never reached unless a test fails.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Requires a key, and answers with the connection's properties.
struct Game;

impl Service for Game {
    type Auth = String;
    type Protocol = Properties;

    fn subprotocol(&self, request: &Request) -> Option<String> {
        request
            .subprotocols()
            .find(|name| *name == "game.v1")
            .map(str::to_owned)
    }

    async fn authenticate(&self, request: &Request) -> Result<String, CloseFrame> {
        let key = request.headers().get("x-key").and_then(|key| key.to_str().ok());
        if key == Some("slow") {
            std::future::pending::<()>().await;
        }
        let refusal = CloseFrame::new(CloseCode::application(4403), "a key is needed");
        key.map(str::to_owned).ok_or(refusal)
    }

    fn open(&self, _: &mut Connection<String>) -> Properties {
        Properties
    }
}

struct Properties;

impl Protocol for Properties {
    type Auth = String;

    async fn message(&mut self, connection: &mut Connection<String>, _: Received) {
        let request = connection.request().unwrap();
        let text = format!(
            "{} {} {} {:?} {} {}",
            connection.auth(),
            request.method(),
            request.parameter("id").unwrap(),
            request.query("team"),
            request.path(),
            connection.remote_address().unwrap(),
        );
        connection.send(Message::text(text));
        connection.close(CloseCode::NORMAL, "done");
    }
}

async fn serve(options: Options) -> (Hub, SocketAddr) {
    let hub = Hub::builder(LocalBus).scope(GAME, PlainScope).build();
    let endpoint = Endpoint::new(hub.clone(), "/ws/game/{id}", options, Game);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, peer) = listener.accept().await.unwrap();
            let endpoint = endpoint.clone();
            let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
                request.extensions_mut().insert(RemoteAddress(peer.ip()));
                std::future::ready(Ok::<_, Infallible>(endpoint.handle(request)))
            });
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(connection.with_upgrades());
        }
    });
    (hub, address)
}

type Client = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

async fn connect(address: SocketAddr, path: &str, key: Option<&str>) -> tungstenite::Result<(Client, Option<String>)> {
    let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
    let headers = request.headers_mut();
    headers.insert("sec-websocket-protocol", "other, game.v1".parse().unwrap());
    if let Some(key) = key {
        headers.insert("x-key", key.parse().unwrap());
    }
    let (client, response) = connect_async(request).await?;
    let subprotocol = response.headers().get("sec-websocket-protocol");
    Ok((client, subprotocol.map(|name| name.to_str().unwrap().to_owned())))
}

async fn next(client: &mut Client) -> Wire {
    timeout(TIMEOUT, client.next())
        .await
        .expect("a message in time")
        .unwrap()
        .unwrap()
}

async fn closed(client: &mut Client) -> (u16, String) {
    match next(client).await {
        Wire::Close(Some(frame)) => (frame.code.into(), frame.reason.to_string()),
        other => panic!("not a Close frame: {other:?}"),
    }
}

#[tokio::test]
async fn connection_has_its_request_address_and_authentication() {
    let (hub, address) = serve(Options::default()).await;
    let (mut client, subprotocol) = connect(address, "/ws/game/a%2Fb?team=blue%20one", Some("ada"))
        .await
        .unwrap();
    assert_eq!(subprotocol.as_deref(), Some("game.v1"));
    client.send(Wire::text("?")).await.unwrap();
    let properties = next(&mut client).await;
    assert_eq!(
        properties,
        Wire::text(r#"ada GET a/b Some("blue one") /ws/game/a%2Fb 127.0.0.1"#)
    );
    assert_eq!(
        closed(&mut client).await,
        (1000, "done".to_owned()),
        "the close follows the messages sent before"
    );
    drop(client);
    while hub.connections() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn refused_client_is_closed_with_the_applications_code_and_reason() {
    let (hub, address) = serve(Options::default()).await;
    let (mut client, _) = connect(address, "/ws/game/1", None).await.unwrap();
    assert_eq!(closed(&mut client).await, (4403, "a key is needed".to_owned()));
    assert_eq!(hub.connections(), 0, "a refused client is not registered");
}

#[tokio::test]
async fn authentication_timeout_is_closed_with_1011() {
    let options = Options {
        authenticate_within: Duration::from_millis(50),
        ..Options::default()
    };
    let (_hub, address) = serve(options).await;
    let (mut client, _) = connect(address, "/ws/game/1", Some("slow")).await.unwrap();
    assert_eq!(closed(&mut client).await.0, 1011);
}

#[tokio::test]
async fn unknown_path_is_answered_with_404() {
    let (_hub, address) = serve(Options::default()).await;
    let refused = connect(address, "/ws/chat", Some("ada")).await;
    let Err(tungstenite::Error::Http(response)) = refused.map(drop) else {
        panic!("not refused");
    };
    assert_eq!(response.status(), 404);
}
