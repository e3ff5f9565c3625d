//! The examples, driven as a browser would.

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

/// Far longer than anything takes.
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
        let next = timeout(TIMEOUT, self.0.next()).await.expect("nothing came");
        serde_json::from_str(next.unwrap().unwrap().to_text().unwrap()).unwrap()
    }

    /// The next message must be this one.
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
async fn chat_tells_a_room_who_is_there_who_types_what_is_said_and_who_left() {
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
    let said = json!({ "type": "message", "room": "lobby", "name": "Eve", "text": "Hello" });
    ada.expect(said.clone()).await;
    eve.expect(said).await;

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
async fn chat_refuses_a_client_without_a_name_by_a_close_code() {
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
async fn game_lists_games_in_the_lobby_and_tells_actions_to_the_players_alone() {
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
    assert_eq!(ida.next().await["type"], "error", "nothing of the game came before it");

    drop(eve);
    ada.expect(json!({ "type": "left", "player": "Eve" })).await;
    ida.expect(games(json!([["Chess", ["Ada"]]]))).await;
}
