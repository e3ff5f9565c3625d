//! A game server: a lobby that lists the games, and a room for each game, whose actions nobody else gets.
//!
//! `cargo run -p hub --example game`, then http://127.0.0.1:3001 in two windows. PORT chooses another port.

use axum::{Router, response::Html, routing::get};
use hub::*;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const LOBBY: Scope = Scope::new("lobby");
const GAME: Scope = Scope::new("game");

/// What a client sends.
#[derive(Debug, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Command {
    Create { name: String },
    Join { game: usize },
    Action { action: Value },
}

#[derive(serde::Serialize)]
struct Game {
    name: String,
    players: Vec<String>,
}

/// The games, by number.
#[derive(Clone, Default)]
struct Games(Arc<Mutex<Vec<Game>>>);

impl Games {
    fn lock(&self) -> MutexGuard<'_, Vec<Game>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn list(&self) -> Value {
        json!({ "type": "games", "games": *self.lock() })
    }
}

impl Service for Games {
    /// The player's name.
    type Auth = String;
    type Protocol = Player;

    async fn authenticate(&self, request: &Request) -> Result<String, CloseFrame> {
        let refusal = CloseFrame::new(CloseCode::application(4001), "?player= is missing");
        request.query("player").filter(|name| !name.is_empty()).ok_or(refusal)
    }

    fn open(&self, _: &mut Connection<String>) -> Player {
        let games = self.clone();
        Player { games, game: None }
    }
}

/// A player, and the game that they are in.
struct Player {
    games: Games,
    game: Option<usize>,
}

impl Protocol for Player {
    type Auth = String;

    async fn connected(&mut self, player: &mut Connection<String>) -> Result<(), CloseFrame> {
        player.join(&RoomId::new(LOBBY, ""))?;
        player.send(self.games.list());
        Ok(())
    }

    async fn message(&mut self, player: &mut Connection<String>, message: Received) {
        let Received::Json(json) = message else { return };
        let command = serde_json::from_value(json).map_err(|error| error.to_string());
        if let Err(message) = command.and_then(|command| self.run(player, command)) {
            player.send(json!({ "type": "error", "message": message }));
        }
    }

    async fn closed(&mut self, player: &mut Connection<String>, _: &CloseOutcome) {
        if let Some(game) = self.game {
            self.games.lock()[game].players.retain(|name| name != player.auth());
            let left = json!({ "type": "left", "player": player.auth() });
            player.broadcast(Audience::Rooms(&[room(game)]), left, false);
            player.broadcast(Audience::Rooms(&[RoomId::new(LOBBY, "")]), self.games.list(), false);
        }
    }
}

impl Player {
    fn run(&mut self, player: &mut Connection<String>, command: Command) -> Result<(), String> {
        let mut games = self.games.lock();
        let game = match (command, self.game) {
            (Command::Action { action }, Some(game)) => {
                let event = json!({ "type": "action", "player": player.auth(), "action": action });
                player.broadcast(Audience::Rooms(&[room(game)]), event, true);
                return Ok(());
            }
            (Command::Join { game }, None) if game < games.len() => game,
            (Command::Create { name }, None) => {
                let players = vec![];
                games.push(Game { name, players });
                games.len() - 1
            }
            (command, game) => return Err(format!("{command:?} is not possible: you are in game {game:?}")),
        };
        games[game].players.push(player.auth().clone());
        drop(games);
        self.game = Some(game);
        player.join(&room(game)).map_err(|error| error.to_string())?;
        player.send(json!({ "type": "joined", "game": game }));
        player.broadcast(Audience::Rooms(&[RoomId::new(LOBBY, "")]), self.games.list(), true);
        Ok(())
    }
}

fn room(game: usize) -> RoomId {
    RoomId::new(GAME, game.to_string())
}

pub fn routes() -> Router {
    let hub = Hub::builder(LocalBus).scope(LOBBY, PlainScope).scope(GAME, PlainScope);
    let endpoint = Endpoint::new(hub.build(), "/ws", Options::json(), Games::default());
    let page = get(async || Html(include_str!("page.html")));
    Router::new()
        .route("/", page)
        .route("/ws", endpoint.into_method_router())
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::var("PORT").unwrap_or("3001".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    eprintln!("http://{}", listener.local_addr()?);
    axum::serve(listener, routes()).await
}
