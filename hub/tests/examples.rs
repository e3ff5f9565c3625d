//! Drives the examples as a browser does.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code)]
#[path = "../examples/chat/main.rs"]
mod chat;
#[allow(dead_code)]
#[path = "../examples/game/main.rs"]
mod game;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// Never reached unless a test fails.
const TIMEOUT: Duration = Duration::from_secs(20);

struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    async fn connect(server: SocketAddr, query: &str) -> Self {
        Self(connect_async(format!("ws://{server}/ws?{query}")).await.unwrap().0)
    }

    async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn next(&mut self) -> Value {
        let next = timeout(TIMEOUT, self.0.next()).await.expect("a message in time");
        serde_json::from_str(next.unwrap().unwrap().to_text().unwrap()).unwrap()
    }

    /// Asserts that this is the next message.
    async fn expect(&mut self, expected: Value) {
        assert_eq!(self.next().await, expected);
    }
}

async fn serve(routes: axum::Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, routes).into_future());
    address
}

#[tokio::test]
async fn chat_room_shows_members_typing_messages_and_leaving() {
    let server = serve(chat::routes()).await;
    let mut ada = Client::connect(server, "name=Ada").await;
    let mut eve = Client::connect(server, "name=Eve").await;
    let join = json!({ "type": "join", "room": "lobby" });
    ada.send(join.clone()).await;
    ada.expect(json!({ "type": "members", "room": "lobby", "names": [] }))
        .await;
    eve.send(join).await;
    eve.expect(json!({ "type": "members", "room": "lobby", "names": ["Ada"] }))
        .await;
    ada.expect(json!({ "type": "joined", "room": "lobby", "name": "Eve" }))
        .await;

    eve.send(json!({ "type": "typing", "room": "lobby" })).await;
    let hello = json!({ "type": "message", "room": "lobby", "text": "Hello" });
    eve.send(hello).await;
    ada.expect(json!({ "type": "typing", "room": "lobby", "name": "Eve" }))
        .await;
    let message = json!({ "type": "message", "room": "lobby", "name": "Eve", "text": "Hello" });
    ada.expect(message.clone()).await;
    eve.expect(message).await;

    eve.send(json!({ "type": "message", "room": "elsewhere", "text": "?" }))
        .await;
    assert_eq!(eve.next().await["type"], "error");
    eve.send(json!({ "type": "leave", "room": "lobby" })).await;
    ada.expect(json!({ "type": "left", "room": "lobby", "name": "Eve" }))
        .await;
    eve.send(json!({ "type": "join", "room": "lobby" })).await;
    ada.expect(json!({ "type": "joined", "room": "lobby", "name": "Eve" }))
        .await;
    drop(eve);
    ada.expect(json!({ "type": "left", "room": "lobby", "name": "Eve" }))
        .await;
}

#[tokio::test]
async fn chat_closes_a_client_without_a_name_with_4001() {
    let server = serve(chat::routes()).await;
    let mut client = Client::connect(server, "").await;
    let Some(Ok(Message::Close(Some(frame)))) = client.0.next().await else {
        panic!("no Close frame");
    };
    assert_eq!(
        (u16::from(frame.code), frame.reason.as_str()),
        (4001, "?name= has 1 to 30 characters")
    );
}

#[tokio::test]
async fn game_lobby_lists_games_and_actions_reach_only_the_players() {
    let server = serve(game::routes()).await;
    let games = |games: Value| json!({ "type": "games", "games": games });
    let mut ada = Client::connect(server, "player=Ada").await;
    let mut eve = Client::connect(server, "player=Eve").await;
    let mut ida = Client::connect(server, "player=Ida").await;
    for client in [&mut ada, &mut eve, &mut ida] {
        client.expect(games(json!([]))).await;
    }
    ada.send(json!({ "type": "create", "name": "Chess" })).await;
    ada.expect(json!({ "type": "joined", "game": 0 })).await;
    let listed = games(json!([["Chess", ["Ada"]]]));
    for client in [&mut ada, &mut eve, &mut ida] {
        client.expect(listed.clone()).await;
    }
    eve.send(json!({ "type": "join", "game": 0 })).await;
    eve.expect(json!({ "type": "joined", "game": 0 })).await;
    let listed = games(json!([["Chess", ["Ada", "Eve"]]]));
    for client in [&mut ada, &mut eve, &mut ida] {
        client.expect(listed.clone()).await;
    }
    eve.send(json!({ "type": "action", "action": "e4" })).await;
    let action = json!({ "type": "action", "player": "Eve", "action": "e4" });
    ada.expect(action.clone()).await;
    eve.expect(action).await;
    ida.send(json!({ "type": "action", "action": "d4" })).await;
    assert_eq!(ida.next().await["type"], "error", "no message of the game came before");

    drop(eve);
    ada.expect(json!({ "type": "left", "player": "Eve" })).await;
    ida.expect(games(json!([["Chess", ["Ada"]]]))).await;
}
