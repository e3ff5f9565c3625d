//! A chat: rooms with members, typing notifications, and messages.
//!
//! `cargo run -p hub --example chat`, then http://127.0.0.1:3000 in two windows. PORT chooses another port.

use axum::{Router, response::Html, routing::get};
use hub::*;
use serde::Deserialize;
use serde_json::{Value, json};

const CHAT: Scope = Scope::new("chat");

/// What a client sends.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Command {
    Join { room: String },
    Leave { room: String },
    Typing { room: String },
    Message { room: String, text: String },
}

/// Announces to the members of a room which user joined or left.
struct Rooms;

impl ScopeHandler for Rooms {
    fn presence_changed(&self, room: &RoomId, diff: &PresenceDiff) -> Option<Message> {
        let kind = if diff.meta.is_some() { "joined" } else { "left" };
        let json = json!({ "type": kind, "room": room.key(), "name": *diff.user });
        diff.user_changed.then(|| json.into())
    }
}

struct Chat;

impl Service for Chat {
    /// The user's name.
    type Auth = String;
    type Protocol = Member;

    async fn authenticate(&self, request: &Request) -> Result<String, CloseFrame> {
        let name = request.query("name").unwrap_or_default().trim().to_owned();
        let refusal = CloseFrame::new(CloseCode::application(4001), "?name= has 1 to 30 characters");
        (1..=30).contains(&name.chars().count()).then_some(name).ok_or(refusal)
    }

    fn open(&self, connection: &mut Connection<String>) -> Member {
        connection.identify(connection.auth().clone());
        Member
    }
}

struct Member;

impl Protocol for Member {
    type Auth = String;

    async fn message(&mut self, connection: &mut Connection<String>, message: Received) {
        let Received::Json(json) = message else { return };
        let done = match serde_json::from_value(json) {
            Ok(command) => run(connection, command).await,
            Err(error) => Err(error.to_string()),
        };
        if let Err(message) = done {
            connection.send(json!({ "type": "error", "message": message }));
        }
    }
}

async fn run(connection: &mut Connection<String>, command: Command) -> Result<(), String> {
    let name = connection.auth().clone();
    let (event, room, include_self) = match command {
        Command::Join { room } => {
            // First the current members, then the events of the room.
            let first = |there: &Snapshot, _: u64, _: &Missed| {
                let names: Vec<&str> = there.users.keys().map(|name| &**name).collect();
                vec![json!({ "type": "members", "room": room, "names": names }).into()]
            };
            let stream = StreamId::new(CHAT, room.as_str());
            let joined = connection.subscribe(&stream, None, Some(Value::Null), first).await;
            return joined.map_err(|error| error.to_string());
        }
        Command::Leave { room } => {
            connection.leave(&RoomId::new(CHAT, room));
            return Ok(());
        }
        Command::Typing { room } => (json!({ "type": "typing", "room": room, "name": name }), room, false),
        Command::Message { room, text } => {
            let event = json!({ "type": "message", "room": room, "name": name, "text": text });
            (event, room, true)
        }
    };
    let room = RoomId::new(CHAT, room);
    if !connection.rooms().contains(&room) {
        return Err("join the room first".to_owned());
    }
    connection.broadcast(Audience::Rooms(&[room]), event, include_self);
    Ok(())
}

pub fn routes() -> Router {
    let hub = Hub::builder(LocalBus).scope(CHAT, Rooms).build();
    let endpoint = Endpoint::new(hub, "/ws", Options::json(), Chat);
    let page = get(async || Html(include_str!("page.html")));
    Router::new()
        .route("/", page)
        .route("/ws", endpoint.into_method_router())
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::var("PORT").unwrap_or("3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    eprintln!("http://{}", listener.local_addr()?);
    axum::serve(listener, routes()).await
}
